/** Which axis of W_enc and W_dec is which. */
import { TrainProblem } from '../../backend/problem.ts';
import { type Tensors, transposedTensor } from './layout.ts';

/** W_enc d_in x d_sae and W_dec d_sae x d_out, or both the other way round, as the weights of two linear layers are. */
export type Axes = 'saelens' | 'linear';

/** The tensors as SAELens has them. Where neither a library nor the user says how they lie, the shapes must. */
export function orientationOf(named: Tensors, axes: Axes | undefined, file: string): Tensors {
  if (axes === 'saelens' || !named.has('W_enc') || !named.has('W_dec')) return named;
  const other = turned(named);
  if (axes === 'linear') return other;
  if (!fits(other)) return named;
  const we = `W_enc ${named.get('W_enc')?.shape.join(' x ')}`;
  const expected = fits(named)
    ? 'cfg.json beside the file, or --layout saelens (d_in x d_sae) or linear (d_sae x d_in)'
    : 'd_in x d_sae, or --layout linear, which reads d_sae x d_in';
  throw new TrainProblem('unsettled', 'W_enc', expected, fits(named) ? `${we}, which fits either way` : we, file);
}

function turned(named: Tensors): Tensors {
  return new Map(
    [...named].map(([name, tensor]) => [
      name,
      name === 'W_enc' || name === 'W_dec' ? transposedTensor(tensor) : tensor,
    ]),
  );
}

/** Do the shapes go together, W_enc being d_in x d_sae? */
function fits(named: Tensors): boolean {
  const [np, nq] = named.get('W_enc')?.shape ?? [];
  const [decoders, nr] = named.get('W_dec')?.shape ?? [];
  const agrees = (name: string, length: number | undefined): boolean => {
    const shape = named.get(name)?.shape;
    return shape === undefined || (shape.length === 1 && shape[0] === length);
  };
  const perNeuron = ['b_enc', 'threshold', 'b_gate', 'r_mag', 'b_mag'].every((name) => agrees(name, nq));
  return np !== undefined && decoders === nq && perNeuron && agrees('b_dec', nr);
}
