/** The numbers of a model as its file has them: no rounding, no folding. */
import type { Floats, Rows } from '../../backend/backend.ts';
import { TrainProblem } from '../../backend/problem.ts';
import type { Method } from '../../methods/method.ts';
import type { ModelWeights, Shape } from '../../model/weights.ts';
import { type Tensors, transposedTensor } from './layout.ts';

/** The tensors as the file has them, and the file's name for one of SAELens': for messages. */
export interface InFile {
  readonly tensors: Tensors;
  readonly name: (name: string) => string;
}

/** As the library that has the name has them. */
const AXES: ReadonlyMap<string, string> = new Map([
  ['W_enc', 'd_in x d_sae'],
  ['W_dec', 'd_sae x d_out'],
  ['w_enc', 'd_in x d_sae'],
  ['w_dec', 'd_sae x d_out'],
  ['encoder.weight', 'd_sae x d_in'],
  ['decoder.weight', 'd_out x d_sae'],
]);

const ownNames = (tensors: Tensors): InFile => ({ tensors, name: (name) => name });

export function shapeOf(named: Tensors, file: string, inFile: InFile = ownNames(named)): Shape {
  const [we, wd] = [named.get('W_enc'), named.get('W_dec')];
  if (!we || !wd) {
    const found = [...named.keys()].slice(0, 8).join(', ') || 'none';
    throw new TrainProblem('missing-tensor', 'tensors', 'W_enc and W_dec, or encoder.weight and W_dec', found, file);
  }
  const [np = 0, nq = 0] = we.shape;
  const [decoders = 0, nr = 0] = wd.shape;
  if (we.shape.length !== 2 || wd.shape.length !== 2 || decoders !== nq || np * nq * nr === 0) {
    const names = ['W_enc', 'W_dec'].map(inFile.name);
    const found = names.map((name) => `${name} ${inFile.tensors.get(name)?.shape.join(' x ')}`).join(', ');
    const expected = names.map((name) => `${name} ${AXES.get(name)}`).join(' and ');
    throw new TrainProblem('wrong-tensor', 'tensors', expected, found, file);
  }
  return { np, nr, nq };
}

/** Under SAELens' names and axes. The biases b_enc and b_dec may be left out, they are 0 then; what a kind needs beside may not. */
export function numbersOf(
  named: Tensors,
  kind: Method['kind'],
  { np, nr, nq }: Shape,
  file: string,
  inFile: InFile = ownNames(named),
): ModelWeights {
  const floats = (from: Tensors, name: string): Floats => floatsOf(from, name, file, inFile.name(name));
  const vector = (name: string, length: number): Floats | undefined => {
    const shape = named.get(name)?.shape;
    if (shape === undefined) return undefined;
    if (shape.length === 1 && shape[0] === length) return floats(named, name);
    throw new TrainProblem('wrong-tensor', inFile.name(name), `${length}`, shape.join(' x ') || 'a number', file);
  };
  const needed = (name: string): Floats => {
    const found = vector(name, nq);
    if (found) return found;
    throw new TrainProblem('missing-tensor', inFile.name(name), `the tensor ${name} of a ${kind} model`, 'none', file);
  };
  const rows = (data: Floats, count: number, columns: number): Rows => ({
    rows: count,
    columns,
    stride: columns,
    data,
  });
  const skip = (): Floats => {
    const shape = named.get('W_skip')?.shape ?? [];
    if (shape.length === 2 && shape[0] === nr && shape[1] === np) return floats(named, 'W_skip');
    throw new TrainProblem(
      'wrong-tensor',
      inFile.name('W_skip'),
      `${nr} x ${np}`,
      shape.join(' x ') || 'a number',
      file,
    );
  };
  const encoder = named.get('W_enc');
  const turned = new Map(encoder ? [['W_enc', transposedTensor(encoder)]] : []);
  return {
    we: rows(floats(turned, 'W_enc'), nq, np),
    wd: rows(floats(named, 'W_dec'), nq, nr),
    be: kind === 'gated' ? needed('b_gate') : (vector('b_enc', nq) ?? new Float32Array(nq)),
    bd: vector('b_dec', nr) ?? new Float32Array(nr),
    ...(kind === 'jumprelu' && { theta: clamped(needed('threshold')) }),
    ...(kind === 'gated' && { magnitude: needed('r_mag'), magnitudeBias: needed('b_mag') }),
    ...(named.has('W_skip') && { skip: rows(skip(), nr, np) }),
  };
}

function floatsOf(named: Tensors, name: string, file: string, inFile: string): Floats {
  const values = named.get(name)?.values;
  if (values === undefined || values instanceof Int32Array) {
    throw new TrainProblem('wrong-tensor', inFile, 'floats: F64, F32, F16 or BF16', 'integers', file);
  }
  if (values.every(Number.isFinite)) return values;
  throw new TrainProblem('wrong-tensor', inFile, 'finite weights', 'NaN or Infinity', file);
}

/** Theirs are activations ReLU(z) where z > theta: the same as with ReLU(theta). */
const clamped = (theta: Floats): Floats => theta.map((value) => Math.max(0, value));
