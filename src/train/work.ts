/**
 * One batch on its way through a model, and the operations all methods are made of. The squared errors are means over the batch:
 * (1/B) sum_b |r_b - r^_b|^2, r^ = b_d + W_D a. Gradients are written out by hand; the active sets count as constant.
 */
import { type Backend, type Latents, latentsOf, type Table, tableOf } from './backend/backend.ts';
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
  /** Pre-activations W_E x_p + b_e, B x n_q. */
  readonly z: Table;
  /** 1 for each latent that has not been active for a while: what TopK's auxiliary loss works on. */
  readonly dead: Uint8Array;
}

export interface BatchLoss {
  /** What is minimized. */
  readonly total: number;
  /** (1/B) sum_b |r_b - r^_b|^2 */
  readonly error: number;
}

/** A method's loss and gradient on the batch that lies in `Work`. */
export interface Objective {
  /** Encodes, selects, reconstructs; adds the gradients. */
  run(): BatchLoss;
  /** Encodes, selects and reconstructs only. */
  forward(): BatchLoss;
  /** Active latents of the last batch; together they make the reconstruction. */
  readonly active: readonly Latents[];
  /** r - r^ of the last batch, B x n_r. */
  readonly residual: Table;
}

export function workOf(backend: Backend, shape: Shape, inputs: number, weights: Weights, gradient: Weights): Work {
  return {
    backend,
    shape,
    weights,
    gradient,
    inputs,
    x: tableOf(backend, inputs, shape.np),
    r: tableOf(backend, inputs, shape.nr),
    z: tableOf(backend, inputs, shape.nq),
    dead: new Uint8Array(shape.nq),
  };
}

export function encode({ backend, inputs, x, z, weights }: Work): void {
  backend.encode(inputs, x, weights.we, weights.be, z);
}

/** Active latents with one coefficient each, for gradients on the way back. */
export interface Pass {
  readonly latents: Latents;
  /** d loss / d value_t, once pulled. */
  readonly pulled: Float32Array;
  readonly scaled: Float32Array;
}

export function passOf({ backend, inputs }: Work, capacity: number): Pass {
  const room = Math.max(8, capacity);
  return { latents: latentsOf(backend, inputs, capacity), pulled: backend.floats(room), scaled: backend.floats(room) };
}

/** residual = target - b_d. */
export function startResidual({ weights }: Work, target: Table, residual: Table): void {
  for (let b = 0; b < target.rows; b++) {
    const row = b * target.stride;
    for (let k = 0; k < target.columns; k++) {
      residual.data[row + k] = (target.data[row + k] as number) - (weights.bd[k] as number);
    }
  }
}

/** residual -= W_D a, for these latents; returns (1/B) sum_b |residual_b|^2. */
export function subtractDecoded({ backend, inputs, weights }: Work, pass: Pass, residual: Table): number {
  const count = countOf(pass);
  for (let t = 0; t < count; t++) pass.scaled[t] = -(pass.latents.value[t] as number);
  backend.decode(pass.latents, pass.scaled, weights.wd, residual);
  return meanSquare(residual, inputs);
}

export function meanSquare({ data, stride }: Table, inputs: number): number {
  let sum = 0;
  for (let k = 0; k < inputs * stride; k++) sum += (data[k] as number) ** 2;
  return sum / inputs;
}

export const countOf = ({ latents }: Pass): number => latents.start[latents.inputs] as number;

/** pulled_t = d/d value_t of weight (1/B) sum |residual|^2 = -(2 weight/B) <residual_b, u_i>. */
export function pullBack({ backend, inputs, weights }: Work, pass: Pass, residual: Table, weight: number): void {
  backend.pull(pass.latents, residual, weights.wd, pass.pulled);
  const [factor, count] = [(-2 * weight) / inputs, countOf(pass)];
  for (let t = 0; t < count; t++) pass.pulled[t] = factor * (pass.pulled[t] as number);
}

/** Adds the decoder's gradient of weight (1/B) sum |residual|^2: -(2 weight/B) value_t residual_b to row i. */
export function decoderGradient(
  { backend, inputs, gradient }: Work,
  pass: Pass,
  residual: Table,
  weight: number,
): void {
  const [factor, count] = [(-2 * weight) / inputs, countOf(pass)];
  for (let t = 0; t < count; t++) pass.scaled[t] = factor * (pass.latents.value[t] as number);
  backend.scatter(pass.latents, pass.scaled, residual, gradient.wd);
}

/** Adds the decoder bias' gradient of weight (1/B) sum |residual|^2. */
export function biasGradient({ inputs, gradient }: Work, residual: Table, weight: number): void {
  const factor = (-2 * weight) / inputs;
  for (let b = 0; b < inputs; b++) {
    for (let k = 0; k < residual.columns; k++) {
      gradient.bd[k] = (gradient.bd[k] as number) + factor * (residual.data[b * residual.stride + k] as number);
    }
  }
}

/** Adds the encoder's gradient where d loss / d z_t is `pulled`. */
export function encoderGradient({ backend, x, gradient }: Work, pass: Pass): void {
  backend.scatter(pass.latents, pass.pulled, x, gradient.we);
  const count = countOf(pass);
  for (let t = 0; t < count; t++) {
    const i = pass.latents.index[t] as number;
    gradient.be[i] = (gradient.be[i] as number) + (pass.pulled[t] as number);
  }
}

/** The sum of the activations, divided by B. */
export function meanActivation(pass: Pass): number {
  let sum = 0;
  const count = countOf(pass);
  for (let t = 0; t < count; t++) sum += pass.latents.value[t] as number;
  return sum / pass.latents.inputs;
}
