/** One set as a linear program that other tools read: w_d e >= 1 on it and w_d e <= 0 off it, with integer coefficients. */
import type { Instance } from '../src/kernel/model/instance.ts';

/** CPLEX LP format; the objective is constant, the unknowns are free. Rows are scaled to integers, which changes no answer. */
export function lpFile(m: Instance, set: readonly number[]): string {
  const inside = new Set(set);
  const rows = m.features.map(({ wp }, d) => {
    const terms = wp.num.flatMap((x, k) => (x === 0n ? [] : [`${x < 0n ? '-' : '+'} ${x < 0n ? -x : x} e${k}`]));
    return ` r${d}: ${terms.join(' ')} ${inside.has(d) ? `>= ${wp.den}` : '<= 0'}`;
  });
  const free = Array.from({ length: m.np }, (_, k) => ` e${k} free`);
  return ['Minimize', ' obj: 0 e0', 'Subject To', ...rows, 'Bounds', ...free, 'End', ''].join('\n');
}

/** SMT-LIB 2, linear real arithmetic. */
export function smtFile(m: Instance, set: readonly number[]): string {
  const inside = new Set(set);
  const integer = (x: bigint): string => (x < 0n ? `(- ${-x})` : `${x}`);
  const names = Array.from({ length: m.np }, (_, k) => `(declare-const e${k} Real)`);
  const rows = m.features.map(({ wp }, d) => {
    const sum = wp.num.flatMap((x, k) => (x === 0n ? [] : [`(* ${integer(x)} e${k})`])).join(' ');
    return `(assert (${inside.has(d) ? '>' : '<='} (+ 0 ${sum}) 0))`;
  });
  return ['(set-logic QF_LRA)', ...names, ...rows, '(check-sat)', ''].join('\n');
}

/** cddlib: b - A x >= 0 rows, lines "b -A"; a constant objective. */
export function cddFile(m: Instance, set: readonly number[]): string {
  const inside = new Set(set);
  const rows = m.features.map(({ wp }, d) => {
    const on = inside.has(d);
    return ` ${on ? `-${wp.den}` : '0'} ${wp.num.map((x) => (on ? x : -x)).join(' ')}`;
  });
  const objective = ['maximize', ` 0 ${new Array<number>(m.np).fill(0).join(' ')}`];
  return ['H-representation', 'begin', ` ${rows.length} ${m.np + 1} integer`, ...rows, 'end', ...objective, ''].join(
    '\n',
  );
}
