/**
 * The losses of the methods a second time, in exact rational arithmetic and forward only: dual numbers v + d t carry one directional
 * derivative along. Shares no code with src/train: no hand-written gradient, no selection, no batch layout.
 */
import { ONE, Rational, ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Method } from '../../src/train/methods/method.ts';

/** v + d t, t^2 = 0. */
interface Dual {
  readonly v: Rational;
  readonly d: Rational;
}

const constant = (v: Rational): Dual => ({ v, d: ZERO });
const none = constant(ZERO);
const plus = (a: Dual, b: Dual): Dual => ({ v: a.v.plus(b.v), d: a.d.plus(b.d) });
const minus = (a: Dual, b: Dual): Dual => ({ v: a.v.minus(b.v), d: a.d.minus(b.d) });
const times = (a: Dual, b: Dual): Dual => ({ v: a.v.times(b.v), d: a.v.times(b.d).plus(a.d.times(b.v)) });
const total = (terms: readonly Dual[]): Dual => terms.reduce(plus, none);
const frozen = (a: Dual): Dual => constant(a.v);

/** Every f64 and f32 is a dyadic rational. */
export function exactly(x: number): Rational {
  let [num, den] = [x, 1n];
  while (!Number.isInteger(num)) {
    num *= 2;
    den *= 2n;
  }
  return Rational.of(BigInt(num), den);
}

export type Numbers = Record<string, readonly (readonly number[])[]>;

/** Weight matrices by name (we: n_q x n_p, wd: n_q x n_r; vectors have one row), and the direction of the derivative. */
export interface At {
  readonly weights: Numbers;
  readonly along?: { readonly name: string; readonly row: number; readonly column: number };
}

/** `subtracts`: the encoder reads x - b_d. */
export function exactLoss(
  method: Method,
  at: At,
  x: number[][],
  r: number[][],
  dead: readonly boolean[],
  subtracts = false,
): Dual {
  const weightsOf = (name: string): Dual[][] =>
    (at.weights[name] ?? []).map((row, i) =>
      row.map((value, k) => {
        const moves = at.along?.name === name && at.along.row === i && at.along.column === k;
        return { v: exactly(value), d: moves ? ONE : ZERO };
      }),
    );
  const [we, wd] = [weightsOf('we'), weightsOf('wd')];
  const [be, bd] = [weightsOf('be')[0]!, weightsOf('bd')[0]!];
  const share = constant(Rational.of(1n, BigInt(x.length)));
  const read = x.map((input) =>
    input.map((value, k) => (subtracts ? minus(constant(exactly(value)), bd[k]!) : constant(exactly(value)))),
  );
  const linear = read.map((input) => we.map((row) => total(row.map((e, k) => times(e, input[k]!)))));
  const z = linear.map((row) => row.map((value, i) => plus(value, be[i]!)));
  const square = (target: Dual[], a: Dual[], columns: Dual[][], bias: Dual[]): [Dual, Dual[]] => {
    const rho = target.map((value, k) =>
      minus(minus(value, bias[k]!), total(a.map((s, i) => times(s, columns[i]![k]!)))),
    );
    return [total(rho.map((value) => times(value, value))), rho];
  };
  const targets = r.map((row) => row.map((value) => constant(exactly(value))));
  const mean = (each: (b: number) => Dual): Dual => times(share, total(x.map((_, b) => each(b))));
  const error = (a: Dual[][]): Dual => mean((b) => square(targets[b]!, a[b]!, wd, bd)[0]);
  const keep = (test: (value: Dual, b: number, i: number) => boolean): Dual[][] =>
    z.map((row, b) => row.map((value, i) => (test(value, b, i) ? value : none)));
  const number = (value: number): Dual => constant(exactly(value));
  const positive = (value: Dual): boolean => value.v.sign() > 0;
  const rank = (value: Dual, rivals: Dual[]): number => rivals.filter((other) => other.v.compare(value.v) > 0).length;

  switch (method.kind) {
    case 'relu': {
      const a = keep(positive);
      return plus(
        error(a),
        times(
          number(method.l1),
          mean((b) => total(a[b]!)),
        ),
      );
    }
    case 'jumprelu': {
      const theta = weightsOf('theta')[0]!;
      const width = exactly(method.bandwidth);
      const inBand = (value: Dual, i: number): boolean => {
        const twice = value.v.minus(theta[i]!.v).times(Rational.of(2n));
        return twice.compare(width) < 0 && twice.negated().compare(width) < 0;
      };
      const slope = (value: Dual, i: number): Rational => (inBand(value, i) ? theta[i]!.d.over(width).negated() : ZERO);
      const on = (value: Dual, i: number): boolean => value.v.compare(theta[i]!.v) > 0;
      const a = z.map((row) =>
        row.map((value, i) => plus(on(value, i) ? value : none, { v: ZERO, d: theta[i]!.v.times(slope(value, i)) })),
      );
      const step = z.map((row) => row.map((value, i) => ({ v: on(value, i) ? ONE : ZERO, d: slope(value, i) })));
      return plus(
        error(a),
        times(
          number(method.l0),
          mean((b) => total(step[b]!)),
        ),
      );
    }
    case 'topk': {
      const a = keep((value, b) => positive(value) && rank(value, z[b]!) < method.k);
      const main = error(a);
      const { auxiliary } = method;
      if (!auxiliary) return main;
      const among = (b: number): Dual[] => z[b]!.filter((_, i) => dead[i]);
      const extra = keep((value, b, i) => dead[i]! && positive(value) && rank(value, among(b)) < auxiliary.k);
      const left = mean((b) => {
        const rho = square(targets[b]!, a[b]!, wd, bd)[1].map(frozen);
        return square(
          rho,
          extra[b]!,
          wd,
          rho.map(() => none),
        )[0];
      });
      return plus(main, times(number(auxiliary.weight), left));
    }
    case 'batchtopk':
    case 'matryoshka': {
      const a = keep((value) => positive(value) && rank(value, z.flat()) < method.k * x.length);
      const prefixes = method.kind === 'matryoshka' ? method.prefixes : [we.length];
      const below = (bound: number): Dual[][] => a.map((row) => row.map((value, i) => (i < bound ? value : none)));
      const each = constant(Rational.of(1n, BigInt(prefixes.length)));
      return times(each, total(prefixes.map((bound) => error(below(bound)))));
    }
    case 'gated': {
      // exp(s) at s = 0 is 1 + t.
      const scale = weightsOf('magnitude')[0]!.map(({ v, d }) => {
        if (v.sign() !== 0) throw new Error('exactly only at 0');
        return { v: ONE, d };
      });
      const shift = weightsOf('magnitudeBias')[0]!;
      const magnitudes = linear.map((row) => row.map((value, i) => plus(times(scale[i]!, value), shift[i]!)));
      const a = keep(positive).map((row, b) =>
        row.map((_, i) => (positive(z[b]![i]!) && positive(magnitudes[b]![i]!) ? magnitudes[b]![i]! : none)),
      );
      const gate = keep(positive);
      const auxiliary = mean(
        (b) =>
          square(
            targets[b]!,
            gate[b]!,
            wd.map((u) => u.map(frozen)),
            bd.map(frozen),
          )[0],
      );
      return plus(
        plus(error(a), auxiliary),
        times(
          number(method.l1),
          mean((b) => total(gate[b]!)),
        ),
      );
    }
  }
}
