/**
 * One batch on its way through a model, and the operations all methods are made of. The squared errors are means over the batch:
 * (1/B) sum_b |r_b - r^_b|^2, r^ = b_d + W_D a. Gradients are written out by hand; the active sets count as constant.
 */
import { type Backend, type Latents, type Slot, type Table, tableOf } from '../backend/backend.ts';
import type { Shape, Weights } from './weights.ts';

export interface Work {
  readonly backend: Backend;
  readonly shape: Shape;
  readonly weights: Weights;
  readonly gradient: Weights;
  /** B, how many inputs a batch has. */
  readonly inputs: number;
  /** Inputs x_p, B x n_p, and targets x_r, B x n_r. */
  readonly x: Table;
  readonly r: Table;
  /** What the encoder reads, B x n_p: `x` itself, or x_p - b_d where the decoder bias is subtracted first. */
  readonly read: Table;
  /** Pre-activations of what is read, with b_e, B x n_q. */
  readonly z: Table;
  /** 1 for each latent that has not been active for a while: what TopK's auxiliary loss works on. */
  readonly dead: Int32Array;
}

export interface BatchLoss {
  /** What is minimized. */
  readonly total: number;
  /** (1/B) sum_b |r_b - r^_b|^2 */
  readonly error: number;
}

/** A method's loss and gradient on the batch that lies in `Work`. */
export interface Objective {
  /** Encodes, selects, reconstructs; leaves in `sums` what the loss is made of. */
  forward(): void;
  /** After `forward`: adds the gradients. */
  backward(): void;
  readonly sums: Float64Array;
  /** Of the last batch, once `sums` has been fetched. */
  loss(): BatchLoss;
  /** Active latents of the last batch; together they make the reconstruction. */
  readonly active: readonly Latents[];
  /** r - r^ of the last batch, B x n_r. */
  readonly residual: Table;
}

/** The loss of the last batch. */
export async function lossOf({ backend }: Work, objective: Objective): Promise<BatchLoss> {
  await backend.fetch(objective.sums);
  return objective.loss();
}

/** `subtracts`: b_d is subtracted from what the encoder reads, n_r = n_p. */
export function workOf(
  backend: Backend,
  shape: Shape,
  inputs: number,
  weights: Weights,
  gradient: Weights,
  subtracts = false,
): Work {
  const x = tableOf(backend, inputs, shape.np);
  return {
    backend,
    shape,
    weights,
    gradient,
    inputs,
    x,
    read: subtracts ? tableOf(backend, inputs, shape.np) : x,
    r: tableOf(backend, inputs, shape.nr),
    z: tableOf(backend, inputs, shape.nq),
    dead: backend.integers(shape.nq),
  };
}

function readInputs({ backend, x, read, weights }: Work): void {
  if (read !== x) backend.shift(x, weights.bd, read);
}

export function encode(w: Work): void {
  readInputs(w);
  w.backend.encode(w.read, w.weights.we, w.weights.be, w.z);
}

/** Encodes, and selects as `Selection` says. */
export function encodeAbove(
  w: Work,
  threshold: Float32Array,
  into: Latents,
  near?: { readonly width: number; readonly into: Latents },
): void {
  readInputs(w);
  w.backend.encodeAbove({ x: w.read, we: w.weights.we, bias: w.weights.be, z: w.z }, threshold, into, near);
}

/** Active latents with one coefficient each, for gradients on the way back. */
export interface Pass {
  readonly latents: Latents;
  /** d loss / d value_t, once pulled. */
  readonly pulled: Float32Array;
}

/** With room for `most` latents, or for all. */
export function passOf({ backend, inputs, shape }: Work, most?: number): Pass {
  const latents = backend.latents(inputs, shape.nq, most);
  return { latents, pulled: backend.coefficients(latents) };
}

export const residualOf = ({ backend, inputs, shape }: Work): Table => tableOf(backend, inputs, shape.nr);

/** residual = r - b_d. */
export function startResidual({ backend, weights, r }: Work, residual: Table): void {
  backend.shift(r, weights.bd, residual);
}

/** residual -= W_D a, for these latents; the scalar: sum_b |residual_b|^2. */
export function subtractDecoded({ backend, weights }: Work, { latents }: Pass, residual: Table, to: Slot): void {
  backend.decode(latents, -1, weights.wd, residual);
  backend.squares(residual, to);
}

/** pulled_t = d/d value_t of weight (1/B) sum |residual|^2 = -(2 weight/B) <residual_b, u_i>, plus `plus`. */
export function pullBack(
  { backend, inputs, weights }: Work,
  pass: Pass,
  residual: Table,
  weight: number,
  plus: number,
): void {
  backend.pull(pass.latents, residual, weights.wd, (-2 * weight) / inputs, plus, pass.pulled);
}

/** Adds the decoder's gradient of weight (1/B) sum |residual|^2: -(2 weight/B) value_t residual_b to row i. */
export function decoderGradient(
  { backend, inputs, gradient }: Work,
  { latents }: Pass,
  residual: Table,
  weight: number,
): void {
  backend.scatter(latents, (-2 * weight) / inputs, latents.value, residual, gradient.wd);
}

/** Adds the decoder bias' gradient of weight (1/B) sum |residual|^2. */
export function biasGradient({ backend, inputs, gradient }: Work, residual: Table, weight: number): void {
  backend.columns(residual, (-2 * weight) / inputs, gradient.bd);
}

/** Adds the encoder's gradient where d loss / d z_t is `pulled`. */
export function encoderGradient({ backend, read, gradient }: Work, { latents, pulled }: Pass): void {
  backend.scatter(latents, 1, pulled, read, gradient.we);
  backend.tally(latents, pulled, { plus: 0, divisor: 1 }, gradient.be);
}

/**
 * Where b_d is subtracted first, its gradient by way of the pre-activations: - sum_i slope_i e_i with the sums slope_i of d loss / d z_i over
 * the batch. Those of the encoder bias are such, once all of its gradient of this batch, and nothing else, is there.
 */
export function shiftGradient({ backend, x, read, weights, gradient }: Work, slopes: Float32Array = gradient.be): void {
  if (read !== x) backend.columns(weights.we, -1, gradient.bd, slopes);
}

/** All of weight (1/B) sum |residual|^2 + plus sum a, where the latents of the pass are what it comes from. */
export function backThrough(w: Work, pass: Pass, residual: Table, weight: number, plus = 0): void {
  pullBack(w, pass, residual, weight, plus);
  decoderGradient(w, pass, residual, weight);
  encoderGradient(w, pass);
}
