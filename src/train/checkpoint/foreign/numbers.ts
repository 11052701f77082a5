/** The numbers of a model as its file has them: no rounding, no folding. */
import type { Floats, Rows } from '../../backend/backend.ts';
import { TrainProblem } from '../../backend/problem.ts';
import type { Method } from '../../methods/method.ts';
import type { ModelWeights, Shape } from '../../model/weights.ts';
import { type Tensors, transposedTensor } from './layout.ts';

export function shapeOf(named: Tensors, file: string): Shape {
  const [we, wd] = [named.get('W_enc'), named.get('W_dec')];
  if (!we || !wd) {
    const found = [...named.keys()].slice(0, 8).join(', ') || 'none';
    throw new TrainProblem('missing-tensor', 'tensors', 'W_enc and W_dec, or encoder.weight and W_dec', found, file);
  }
  const [np = 0, nq = 0] = we.shape;
  const [decoders = 0, nr = 0] = wd.shape;
  if (we.shape.length !== 2 || wd.shape.length !== 2 || decoders !== nq || np * nq * nr === 0) {
    const found = `W_enc ${we.shape.join(' x ')}, W_dec ${wd.shape.join(' x ')}`;
    throw new TrainProblem('wrong-tensor', 'tensors', 'W_enc d_in x d_sae and W_dec d_sae x d_out', found, file);
  }
  return { np, nr, nq };
}

/** Under SAELens' names and axes. The biases b_enc and b_dec may be left out, they are 0 then; what a kind needs beside may not. */
export function numbersOf(named: Tensors, kind: Method['kind'], { np, nr, nq }: Shape, file: string): ModelWeights {
  const vector = (name: string, length: number): Floats | undefined => {
    const shape = named.get(name)?.shape;
    if (shape === undefined) return undefined;
    if (shape.length === 1 && shape[0] === length) return floatsOf(named, name, file);
    throw new TrainProblem('wrong-tensor', name, `${length}`, shape.join(' x ') || 'a number', file);
  };
  const needed = (name: string): Floats => {
    const found = vector(name, nq);
    if (found) return found;
    throw new TrainProblem('missing-tensor', name, `the tensor ${name} of a ${kind} model`, 'none', file);
  };
  const rows = (data: Floats, count: number, columns: number): Rows => ({
    rows: count,
    columns,
    stride: columns,
    data,
  });
  const encoder = named.get('W_enc');
  const turned = new Map(encoder ? [['W_enc', transposedTensor(encoder)]] : []);
  return {
    we: rows(floatsOf(turned, 'W_enc', file), nq, np),
    wd: rows(floatsOf(named, 'W_dec', file), nq, nr),
    be: kind === 'gated' ? needed('b_gate') : (vector('b_enc', nq) ?? new Float32Array(nq)),
    bd: vector('b_dec', nr) ?? new Float32Array(nr),
    ...(kind === 'jumprelu' && { theta: clamped(needed('threshold')) }),
    ...(kind === 'gated' && { magnitude: needed('r_mag'), magnitudeBias: needed('b_mag') }),
  };
}

function floatsOf(named: Tensors, name: string, file: string): Floats {
  const values = named.get(name)?.values;
  if (values === undefined || values instanceof Int32Array) {
    throw new TrainProblem('wrong-tensor', name, 'floats: F64, F32, F16 or BF16', 'integers', file);
  }
  if (values.every(Number.isFinite)) return values;
  throw new TrainProblem('wrong-tensor', name, 'finite weights', 'NaN or Infinity', file);
}

/** Theirs are activations ReLU(z) where z > theta: the same as with ReLU(theta). */
const clamped = (theta: Floats): Floats => theta.map((value) => Math.max(0, value));
