/**
 * The training step as WebAssembly SIMD, written out for one problem: two runs advance in the lanes of every instruction
 * (64-bit floats), or four (32-bit). W_p, W_r and M are constants in the code, zeros among them cost nothing. One call advances
 * a range of groups by many steps, so weights stay in the nearest cache.
 *
 * Memory: group g of runs at base + g * stride, in it weight j of its lanes at 16 j (encoder rows, then decoder columns; for
 * Adam both moments behind, for momentum the velocity). Parameters of `step`: base, groups, steps (both >= 1), first run, first step, seed, rate, and
 * the factor by which the rate changes each step.
 */
import { Assembler, type Local, type Type } from './assembler.ts';
import { type TinyProblem, weightCount } from './problem.ts';
import { MIX } from './random.ts';
import type { Settings } from './settings.ts';

export type Precision = 'f64' | 'f32';
export const lanesOf = (precision: Precision): number => (precision === 'f64' ? 2 : 4);

/** Numbers behind the SIMD prefix. */
const OPS = {
  f64: { lt: 0x49, gt: 0x4a, eq: 0x47, ge: 0x4c, sqrt: 0xef, add: 0xf0, sub: 0xf1, mul: 0xf2, div: 0xf3 },
  f32: { lt: 0x43, gt: 0x44, eq: 0x41, ge: 0x46, sqrt: 0xe3, add: 0xe4, sub: 0xe5, mul: 0xe6, div: 0xe7 },
} as const;

const PARAMETERS: readonly Type[] = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f64', 'f64'];
const [BASE, GROUPS, STEPS, RUN, FIRST, SEED, RATE, FACTOR] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Adam's constants (Kingma and Ba 2015). Its bias correction, which concerns the first steps only, is left out. */
export const ADAM = { first: 0.9, second: 0.999, epsilon: 1e-8 } as const;

const MOMENTUM = 0.99;

export interface StepOptions extends Pick<Settings, 'batch' | 'anchors'> {
  /** `momentum`: full batches with a heavy ball (Polyak 1964), for runs that are continued. */
  readonly optimizer: Settings['optimizer'] | 'momentum';
  readonly precision: Precision;
  /** An error planted on purpose, for the tests that must notice it. */
  readonly planted?: 'decoder-sign';
}

/** Bytes from one group of runs to the next. */
export const strideOf = (p: TinyProblem, optimizer: StepOptions['optimizer']): number =>
  16 * weightCount(p) * (optimizer === 'adam' ? 3 : optimizer === 'momentum' ? 2 : 1);

export function stepModule(p: TinyProblem, options: StepOptions): Uint8Array<ArrayBuffer> {
  return new StepWriter(p, options).write();
}

class StepWriter {
  readonly #a: Assembler = new Assembler(PARAMETERS);
  readonly #p: TinyProblem;
  readonly #o: StepOptions;
  readonly #ops: (typeof OPS)[Precision];
  readonly #lanes: number;
  /** Address of the group. */
  readonly #at: Local;

  constructor(p: TinyProblem, options: StepOptions) {
    this.#p = p;
    this.#o = options;
    this.#ops = OPS[options.precision];
    this.#lanes = lanesOf(options.precision);
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
      if (this.#o.optimizer === 'sgd') this.#seedRuns(group, runs);
      a.repeat(STEPS, step, () => {
        this.#advance(this.#broadcast(rate), this.#o.optimizer === 'sgd' ? this.#samples(runs, step) : undefined);
        a.get(rate).get(FACTOR).scalar('f64Mul').set(rate);
      });
      a.get(this.#at).i32(strideOf(this.#p, this.#o.optimizer)).scalar('i32Add').set(this.#at);
    });
    return a.module();
  }

  #op(name: keyof (typeof OPS)['f64']): Assembler {
    return this.#a.simd(this.#ops[name]);
  }

  /** Pushes x in all lanes. */
  #constant(x: number): void {
    const lanes = this.#lanes === 2 ? new Float64Array([x, x]) : new Float32Array([x, x, x, x]);
    this.#a.constant(new Uint8Array(lanes.buffer));
  }

  #broadcast(rate: Local): Local {
    const local = this.#a.local('v128');
    this.#a.get(rate);
    if (this.#lanes === 4) this.#a.scalar('f32Demote');
    this.#a.vector(this.#lanes === 4 ? 'f32Splat' : 'f64Splat').set(local);
    return local;
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
      this.#constant(Math.abs(factor));
      this.#op('mul');
    }
    if (first) {
      if (factor < 0) this.#negate();
    } else this.#op(factor < 0 ? 'sub' : 'add');
    this.#a.set(total);
  }

  #negate(): void {
    this.#a.simd(this.#lanes === 4 ? 0xe1 : 0xed);
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
    this.#constant(activation.kind === 'jumprelu' ? activation.theta : 0);
    this.#op('gt').set(mask);
    if (activation.kind !== 'topk' || activation.k >= z.length) return mask;
    const rivals = this.#a.local('v128');
    this.#constant(0);
    this.#a.set(rivals);
    z.forEach((other, j) => {
      if (j === i) return;
      this.#a.get(rivals).get(other).get(local);
      this.#op(j < i ? 'ge' : 'gt');
      this.#constant(1);
      this.#a.vector('and');
      this.#op('add').set(rivals);
    });
    this.#a.get(mask).get(rivals);
    this.#constant(activation.k);
    this.#op('lt');
    this.#a.vector('and').set(mask);
    return mask;
  }

  /** One step of all weights; `samples`, if given, has M_d in the lanes that sampled feature d, per feature. */
  #advance(rate: Local, samples: readonly Local[] | undefined): void {
    const { n, np, nr, nq, weight } = this.#p;
    const gradient = Array.from({ length: nq * (np + nr) }, () => this.#a.local('v128'));
    for (const local of gradient) {
      this.#constant(0);
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
      this.#constant(wr[d * nr + k] as number);
      this.#a.set(local);
      for (let i = 0; i < nq; i++) {
        this.#a
          .get(local)
          .get(z[i] as Local)
          .get(this.#at)
          .load(this.#decoder(i, k));
        this.#op('mul');
        this.#op('sub').set(local);
      }
      if (sample !== undefined) {
        this.#a.get(local).get(sample);
        this.#op('mul').set(local);
      } else if (weight[d] !== 1) {
        this.#a.get(local);
        this.#constant(weight[d] as number);
        this.#op('mul').set(local);
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
        this.#op('mul');
        this.#op(this.#o.planted === 'decoder-sign' ? 'sub' : 'add').set(g);
        if (k > 0) this.#a.get(along);
        this.#a
          .get(rho[k] as Local)
          .get(this.#at)
          .load(this.#decoder(i, k));
        this.#op('mul');
        if (k > 0) this.#op('add');
        this.#a.set(along);
      }
      if (this.#p.activation.kind !== 'identity') {
        // A neuron that passes has z != 0, so this is its mask.
        this.#a.get(along).get(z[i] as Local);
        this.#constant(0);
        this.#op('eq');
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
    this.#op('add').set(g);
    if (this.#o.optimizer === 'adam') {
      const moment = (offset: number, keep: number, push: () => void): void => {
        a.get(this.#at).get(this.#at).load(offset);
        this.#constant(keep);
        this.#op('mul');
        push();
        this.#constant(1 - keep);
        this.#op('mul');
        this.#op('add');
        a.store(offset);
      };
      moment(size + 16 * j, ADAM.first, () => a.get(g));
      moment(2 * size + 16 * j, ADAM.second, () => {
        a.get(g).get(g);
        this.#op('mul');
      });
      a.get(this.#at)
        .load(size + 16 * j)
        .get(this.#at)
        .load(2 * size + 16 * j);
      this.#op('sqrt');
      this.#constant(ADAM.epsilon);
      this.#op('add');
      this.#op('div').set(g);
    }
    if (this.#o.optimizer === 'momentum') {
      a.get(this.#at).load(size + 16 * j);
      this.#constant(MOMENTUM);
      this.#op('mul').get(g);
      this.#op('add').set(g);
      a.get(this.#at)
        .get(g)
        .store(size + 16 * j);
    }
    a.get(this.#at)
      .get(this.#at)
      .load(16 * j)
      .get(g)
      .get(rate);
    this.#op('mul');
    this.#op('add');
    a.store(16 * j);
  }

  #hash(x: Local): void {
    const a = this.#a;
    const multiply = (factor: number): void => {
      a.i32(factor).vector('i32Splat').vector('i32Mul').set(x);
    };
    a.get(x).get(x).shift('right', 16).vector('xor');
    multiply(MIX.first);
    a.get(x).get(x).shift('right', 15).vector('xor');
    multiply(MIX.second);
    a.get(x).get(x).shift('right', 16).vector('xor').set(x);
  }

  /** runs = mix(run * MIX.run + seed) in the first lanes, as random.ts does. */
  #seedRuns(group: Local, runs: Local): void {
    const a = this.#a;
    a.get(group).i32(this.#lanes).scalar('i32Mul').get(RUN).scalar('i32Add').vector('i32Splat');
    a.constant(new Uint8Array(new Int32Array([0, 1, 2, 3]).buffer)).vector('i32Add');
    a.i32(MIX.run).vector('i32Splat').vector('i32Mul').get(SEED).vector('i32Splat').vector('i32Add').set(runs);
    this.#hash(runs);
  }

  /** For each feature, in each lane, sum M / batch for every time the lane's batch drew it. */
  #samples(runs: Local, step: Local): Local[] {
    const { n, weight } = this.#p;
    const a = this.#a;
    const total = weight.reduce((t, x) => t + x, 0);
    const counts = Array.from({ length: n }, () => a.local('v128'));
    for (const count of counts) {
      this.#constant(0);
      a.set(count);
    }
    const [x, u] = [a.local('v128'), a.local('v128')];
    for (let b = 0; b < this.#o.batch; b++) {
      a.get(step).get(FIRST).scalar('i32Add').i32(this.#o.batch).scalar('i32Mul').i32(b).scalar('i32Add');
      a.i32(MIX.counter).scalar('i32Mul').vector('i32Splat').get(runs).vector('xor').set(x);
      this.#hash(x);
      a.get(x)
        .shift('right', 8)
        .vector(this.#lanes === 4 ? 'f32FromI32' : 'f64FromI32');
      this.#constant(2 ** -24);
      this.#op('mul').set(u);
      let below = 0;
      counts.forEach((count, d) => {
        const from = below;
        below += weight[d] as number;
        a.get(count).get(u);
        this.#constant(from / total);
        this.#op('ge').get(u);
        this.#constant(d === n - 1 ? 2 : below / total);
        this.#op('lt').vector('and');
        this.#constant(total / this.#o.batch);
        a.vector('and');
        this.#op('add').set(count);
      });
    }
    return counts;
  }
}
