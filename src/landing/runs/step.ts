/**
 * The training step as WebAssembly SIMD, written out for one problem: two runs advance in the lanes of every instruction
 * (64-bit floats), or four (32-bit). W_p, W_r and M are constants in the code, zeros among them cost nothing. One call advances
 * a range of groups by many steps, so weights stay in the nearest cache.
 *
 * Memory: group g of runs at base + g * stride, in it weight j of its lanes at 16 j (encoder rows, then decoder columns; for
 * Adam both moments behind, for momentum the velocity). Parameters of `step`: base, groups, steps (both >= 1), first run, first step, seed, rate, and
 * the factor by which the rate changes each step.
 */
import type { Local, Type } from '../../train/wasm/assembler.ts';
import { Lanes, type Precision } from '../../train/wasm/lanes.ts';
import { type SdlProblem, weightCount } from './problem.ts';
import { samples, seedRuns } from './sampling.ts';
import type { Settings } from './settings.ts';

const PARAMETERS: readonly Type[] = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f64', 'f64'];
const [BASE, GROUPS, STEPS, RUN, FIRST, SEED, RATE, FACTOR] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Adam's constants (Kingma and Ba 2015). Its bias correction, which concerns the first steps only, is left out. */
export const ADAM = { first: 0.9, second: 0.999, epsilon: 1e-8 } as const;

const MOMENTUM = 0.99;

export interface StepOptions extends Pick<Settings, 'batch' | 'anchors'> {
  /** `momentum`: full batches with a heavy ball (Polyak 1964), for runs that are continued. */
  readonly optimizer: Settings['optimizer'] | 'momentum';
  readonly precision: Precision;
}

/** Bytes from one group of runs to the next. */
export const strideOf = (p: SdlProblem, optimizer: StepOptions['optimizer']): number =>
  16 * weightCount(p) * (optimizer === 'adam' ? 3 : optimizer === 'momentum' ? 2 : 1);

export function stepModule(p: SdlProblem, options: StepOptions): Uint8Array<ArrayBuffer> {
  return new StepWriter(p, options).write();
}

class StepWriter {
  readonly #a: Lanes;
  readonly #p: SdlProblem;
  readonly #o: StepOptions;
  /** Address of the group. */
  readonly #at: Local;

  constructor(p: SdlProblem, options: StepOptions) {
    this.#p = p;
    this.#o = options;
    this.#a = new Lanes(PARAMETERS, options.precision);
    this.#at = this.#a.local('i32');
  }

  write(): Uint8Array<ArrayBuffer> {
    const a = this.#a;
    const [group, step] = [a.local('i32'), a.local('i32')];
    const rate = a.local('f64');
    const runs = a.local('v128');
    a.get(BASE).set(this.#at);
    a.repeat(GROUPS, group, () => {
      a.get(RATE).set(rate);
      const sampled = this.#o.optimizer === 'sgd';
      if (sampled) seedRuns(a, { group, first: RUN, seed: SEED }, runs);
      a.repeat(STEPS, step, () => {
        const local = a.broadcast(rate);
        this.#advance(local, sampled ? samples(a, this.#p, this.#o.batch, { runs, step, first: FIRST }) : undefined);
        a.get(rate).get(FACTOR).scalar('f64Mul').set(rate);
      });
      a.get(this.#at).i32(strideOf(this.#p, this.#o.optimizer)).scalar('i32Add').set(this.#at);
    });
    return a.module();
  }

  #encoder(i: number, k: number): number {
    return 16 * (i * this.#p.np + k);
  }
  #decoder(i: number, k: number): number {
    return 16 * (this.#p.nq * this.#p.np + i * this.#p.nr + k);
  }

  /** total += value * factor, the value pushed by `push`; a first term starts the total. */
  #accumulate(total: Local, first: boolean, factor: number, push: () => void): void {
    if (!first) this.#a.get(total);
    push();
    if (Math.abs(factor) !== 1) {
      this.#a.all(Math.abs(factor));
      this.#a.op('mul');
    }
    if (first) {
      if (factor < 0) this.#a.negate();
    } else this.#a.op(factor < 0 ? 'sub' : 'add');
    this.#a.set(total);
  }

  /** z_{i,d} for one feature: a local per neuron, passed or 0. */
  #activations(d: number): Local[] {
    const { np, nq, wp, activation } = this.#p;
    const z = Array.from({ length: nq }, (_, i) => {
      const local = this.#a.local('v128');
      let first = true;
      for (let k = 0; k < np; k++) {
        const w = wp[d * np + k] as number;
        if (w === 0) continue;
        this.#accumulate(local, first, w, () => this.#a.get(this.#at).load(this.#encoder(i, k)));
        first = false;
      }
      return local;
    });
    if (activation.kind === 'identity') return z;
    const masks = z.map((local, i) => this.#mask(z, local, i));
    z.forEach((local, i) => {
      this.#a
        .get(local)
        .get(masks[i] as Local)
        .vector('and')
        .set(local);
    });
    return z;
  }

  /** All bits set in the lanes where neuron i passes. */
  #mask(z: readonly Local[], local: Local, i: number): Local {
    const { activation } = this.#p;
    const mask = this.#a.local('v128');
    this.#a.get(local);
    this.#a.all(activation.kind === 'jumprelu' ? activation.theta : 0);
    this.#a.op('gt').set(mask);
    if (activation.kind !== 'topk' || activation.k >= z.length) return mask;
    const rivals = this.#a.local('v128');
    this.#a.all(0);
    this.#a.set(rivals);
    z.forEach((other, j) => {
      if (j === i) return;
      this.#a.get(rivals).get(other).get(local);
      this.#a.op(j < i ? 'ge' : 'gt');
      this.#a.all(1);
      this.#a.vector('and');
      this.#a.op('add').set(rivals);
    });
    this.#a.get(mask).get(rivals);
    this.#a.all(activation.k);
    this.#a.op('lt');
    this.#a.vector('and').set(mask);
    return mask;
  }

  /** One step of all weights; `samples`, if given, has M_d in the lanes that sampled feature d, per feature. */
  #advance(rate: Local, samples: readonly Local[] | undefined): void {
    const { n, np, nr, nq, weight } = this.#p;
    const gradient = Array.from({ length: nq * (np + nr) }, () => this.#a.local('v128'));
    for (const local of gradient) {
      this.#a.all(0);
      this.#a.set(local);
    }
    for (let d = 0; d < n; d++) {
      if (weight[d] === 0) continue;
      this.#feature(d, gradient, samples?.[d]);
    }
    const held = this.#o.anchors.length;
    for (let j = held * np; j < nq * np; j++) this.#update(j, gradient[j] as Local, rate);
    for (let j = nq * np + held * nr; j < nq * (np + nr); j++) this.#update(j, gradient[j] as Local, rate);
  }

  /** Adds -1/2 of what feature d contributes to the gradients. */
  #feature(d: number, gradient: readonly Local[], sample: Local | undefined): void {
    const { np, nr, nq, wp, wr, weight } = this.#p;
    const z = this.#activations(d);
    const rho = Array.from({ length: nr }, (_, k) => {
      const local = this.#a.local('v128');
      this.#a.all(wr[d * nr + k] as number);
      this.#a.set(local);
      for (let i = 0; i < nq; i++) {
        this.#a
          .get(local)
          .get(z[i] as Local)
          .get(this.#at)
          .load(this.#decoder(i, k));
        this.#a.op('mul');
        this.#a.op('sub').set(local);
      }
      if (sample !== undefined) {
        this.#a.get(local).get(sample);
        this.#a.op('mul').set(local);
      } else if (weight[d] !== 1) {
        this.#a.get(local);
        this.#a.all(weight[d] as number);
        this.#a.op('mul').set(local);
      }
      return local;
    });
    for (let i = 0; i < nq; i++) {
      const along = this.#a.local('v128');
      for (let k = 0; k < nr; k++) {
        const g = gradient[nq * np + i * nr + k] as Local;
        this.#a
          .get(g)
          .get(z[i] as Local)
          .get(rho[k] as Local);
        this.#a.op('mul');
        this.#a.op('add').set(g);
        if (k > 0) this.#a.get(along);
        this.#a
          .get(rho[k] as Local)
          .get(this.#at)
          .load(this.#decoder(i, k));
        this.#a.op('mul');
        if (k > 0) this.#a.op('add');
        this.#a.set(along);
      }
      if (this.#p.activation.kind !== 'identity') {
        // A neuron that passes has z != 0, so this is its mask.
        this.#a.get(along).get(z[i] as Local);
        this.#a.all(0);
        this.#a.op('eq');
        this.#a.vector('andnot').set(along);
      }
      for (let k = 0; k < np; k++) {
        const w = wp[d * np + k] as number;
        if (w !== 0) this.#accumulate(gradient[i * np + k] as Local, false, w, () => this.#a.get(along));
      }
    }
  }

  /** x += 2 rate g, g being -1/2 of the gradient; Adam keeps both moments of -gradient behind the weights. */
  #update(j: number, g: Local, rate: Local): void {
    const a = this.#a;
    const size = 16 * weightCount(this.#p);
    a.get(g).get(g);
    this.#a.op('add').set(g);
    if (this.#o.optimizer === 'adam') {
      const moment = (offset: number, keep: number, push: () => void): void => {
        a.get(this.#at).get(this.#at).load(offset);
        this.#a.all(keep);
        this.#a.op('mul');
        push();
        this.#a.all(1 - keep);
        this.#a.op('mul');
        this.#a.op('add');
        a.store(offset);
      };
      moment(size + 16 * j, ADAM.first, () => a.get(g));
      moment(2 * size + 16 * j, ADAM.second, () => {
        a.get(g).get(g);
        this.#a.op('mul');
      });
      a.get(this.#at)
        .load(size + 16 * j)
        .get(this.#at)
        .load(2 * size + 16 * j);
      this.#a.op('sqrt');
      this.#a.all(ADAM.epsilon);
      this.#a.op('add');
      this.#a.op('div').set(g);
    }
    if (this.#o.optimizer === 'momentum') {
      a.get(this.#at).load(size + 16 * j);
      this.#a.all(MOMENTUM);
      this.#a.op('mul').get(g);
      this.#a.op('add').set(g);
      a.get(this.#at)
        .get(g)
        .store(size + 16 * j);
    }
    a.get(this.#at)
      .get(this.#at)
      .load(16 * j)
      .get(g)
      .get(rate);
    this.#a.op('mul');
    this.#a.op('add');
    a.store(16 * j);
  }
}
