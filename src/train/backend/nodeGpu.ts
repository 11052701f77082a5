/**
 * CUDA through TensorFlow's own bindings, `@tensorflow/tfjs-node-gpu`: an optional peer, as its installation downloads libtensorflow.
 * Where many latents of a batch are active the products run there, as dense ones; where few are, touching these alone on the host is
 * less work than the way to the device and back. All else is the host's.
 */

import type { Backend, Latents, Table } from './backend.ts';
import { hostBackend } from './host.ts';
import type { HostKernels } from './hostKernels.ts';
import { TrainProblem } from './problem.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu';
const VERSION = '4.22.0';
/** Of all latents; above it products are dense. */
const MANY = 1 / 8;

type Values = Float32Array | Int32Array | Uint8Array;

interface Tensor {
  dataSync(): Values;
}

/** What is used of TensorFlow.js, whichever of its backends runs it. */
export interface TensorFlow<T extends Tensor> {
  tensor2d(values: Float32Array, shape: [number, number]): T;
  matMul(a: T, b: T, transposeA?: boolean, transposeB?: boolean): T;
  tidy<R extends Values>(work: () => R): R;
}

/** Products by `tf`; memory and the rest by `base`. */
export function tensorFlowKernels<T extends Tensor>(tf: TensorFlow<T>, base: HostKernels): HostKernels {
  // A copy: the memory of `base` is shared among threads, which native code need not expect.
  const tensor = ({ data, stride }: Table, rows: number): T =>
    tf.tensor2d(data.slice(0, rows * stride), [rows, stride]);
  const dense = (l: Latents): boolean => (l.start[l.inputs] as number) > MANY * l.inputs * l.neurons;
  const each = (l: Latents, at: (t: number, place: number) => void): void => {
    for (let b = 0; b < l.inputs; b++) {
      for (let t = l.start[b] as number; t < (l.start[b + 1] as number); t++) {
        at(t, b * l.neurons + (l.index[t] as number));
      }
    }
  };
  /** Coefficients as an inputs x neurons matrix. */
  const matrix = (l: Latents, coefficient: Float32Array): T => {
    const values = new Float32Array(l.inputs * l.neurons);
    each(l, (t, place) => {
      values[place] = coefficient[t] as number;
    });
    return tf.tensor2d(values, [l.inputs, l.neurons]);
  };
  const add = (from: Values, into: Table): void => {
    for (let k = 0; k < from.length; k++) into.data[k] = (into.data[k] as number) + (from[k] as number);
  };
  return {
    ...base,
    name: 'node-gpu',
    encode(inputs, x, we, bias, z) {
      const product = tf.tidy(() => tf.matMul(tensor(x, inputs), tensor(we, we.rows), false, true).dataSync());
      for (let b = 0; b < inputs; b++) {
        for (let i = 0; i < we.rows; i++) {
          z.data[b * z.stride + i] = (product[b * we.rows + i] as number) + (bias[i] as number);
        }
      }
    },
    decode(l, coefficient, rows, out) {
      if (!dense(l)) return base.decode(l, coefficient, rows, out);
      add(
        tf.tidy(() => tf.matMul(matrix(l, coefficient), tensor(rows, l.neurons)).dataSync()),
        out,
      );
    },
    pull(l, g, rows, out) {
      if (!dense(l)) return base.pull(l, g, rows, out);
      const all = tf.tidy(() => tf.matMul(tensor(g, l.inputs), tensor(rows, l.neurons), false, true).dataSync());
      each(l, (t, place) => {
        out[t] = all[place] as number;
      });
    },
    scatter(l, coefficient, v, into) {
      if (!dense(l)) return base.scatter(l, coefficient, v, into);
      add(
        tf.tidy(() => tf.matMul(matrix(l, coefficient), tensor(v, l.inputs), true).dataSync()),
        into,
      );
    },
  };
}

interface NodeGpu extends TensorFlow<Tensor> {
  backend(): { readonly isUsingGpuDevice?: boolean };
}

/** Refuses where the package is missing or has no device: it would compute on the CPU, and not say so. */
export async function nodeGpuBackend(base: HostKernels): Promise<Backend> {
  // Otherwise products keep 10 bits of the fraction from the Ampere generation on, and gradients fewer than parity asks for.
  process.env.NVIDIA_TF32_OVERRIDE ??= '0';
  // A name the compiler does not look up: nobody has to have it.
  const name: string = PACKAGE;
  const loaded = await import(name).catch((thrown: unknown): never => {
    const needs = `the package ${PACKAGE} ${VERSION} (npm install ${PACKAGE}@${VERSION}), on Node 20 or 22, with CUDA 11 and cuDNN 8`;
    throw new TrainProblem('no-adapter', '$.backend', needs, `${thrown instanceof Error ? thrown.message : thrown}`);
  });
  const tf = ((loaded as { default?: unknown }).default ?? loaded) as NodeGpu;
  if (tf.backend().isUsingGpuDevice !== true) {
    throw new TrainProblem('no-adapter', '$.backend', 'a CUDA device', `${PACKAGE} without one`);
  }
  return { ...hostBackend(tensorFlowKernels(tf, base)), device: 'CUDA, through TensorFlow' };
}
