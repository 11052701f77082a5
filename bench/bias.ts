/**
 * Realizability with a bias against another solver, and counts against known numbers, at sizes that tests leave out:
 * `npx tsx bench/bias.ts [--sets 500]`. The other solver is glpk.js, in floats; where its margin is not clear it is not asked. Cover 1965; OEIS A000609, A114146.
 */
import { parseArgs } from 'node:util';
import GLPK, { type LP } from 'glpk.js/node';
import { instanceFrom } from '../src/library/instance.ts';
import { realize } from '../src/library/realize.ts';
import { countWithoutListing } from '../src/solve/patterns/countProof.ts';
import { generator } from '../test/solve/support.ts';

const { values } = parseArgs({ options: { sets: { type: 'string', default: '500' } } });
const glpk = await GLPK();

const given = (points: readonly (readonly number[])[]) =>
  ({
    format: 'dictum/instance@2',
    name: 'points',
    subject: 'inputs',
    encoderBias: 'free',
    features: points.map((wp, d) => ({ label: `${d + 1}`, wp })),
    activation: { kind: 'relu' },
    neurons: 1,
  }) as const;

/** The largest t with e.w + b >= t for `on` and <= -t for the others, entries of e within [-1, 1]. */
function margin(points: readonly number[][], on: readonly boolean[]): number {
  const names = [...(points[0] ?? []).map((_, k) => `e${k}`), 'b'];
  const lp: LP = {
    name: 'margin',
    objective: { direction: glpk.GLP_MAX, name: 't', vars: [{ name: 't', coef: 1 }] },
    subjectTo: points.map((w, d) => ({
      name: `p${d}`,
      vars: [...[...w, 1].map((x, k) => ({ name: names[k] as string, coef: on[d] ? x : -x })), { name: 't', coef: -1 }],
      bnds: { type: glpk.GLP_LO, lb: 0, ub: 0 },
    })),
    bounds: [
      ...names.map((name) => ({ name, type: name === 'b' ? glpk.GLP_FR : glpk.GLP_DB, lb: -1, ub: 1 })),
      { name: 't', type: glpk.GLP_DB, lb: -1, ub: 1 },
    ],
  };
  return glpk.solve(lp, { msglev: glpk.GLP_MSG_OFF, presol: false }).result.z;
}

const random = generator(7);
const integer = (): number => Math.floor(random() * 19) - 9;
console.log('points  dimension  sets  realizable  not  unclear  differ  ours s  glpk s');
for (const [n, p] of [
  [20, 3],
  [50, 10],
  [100, 20],
  [200, 60],
] as const) {
  let [yes, no, unclear, differ, ours, theirs] = [0, 0, 0, 0, 0, 0];
  const sets = Math.ceil(Number(values.sets) / 4);
  for (let k = 0; k < sets; k++) {
    const found = new Map<string, number[]>();
    while (found.size < n) {
      const w = Array.from({ length: p }, integer);
      found.set(`${w}`, w);
    }
    const points = [...found.values()];
    const e = Array.from({ length: p }, integer);
    const b = 5 * integer();
    // Half of the sets some row and bias show, but for a point or none.
    const on = points.map((w) => w.reduce((z, x, i) => z + x * (e[i] ?? 0), b) > 0);
    if (k % 2 === 1) for (const d of [0, 1, 2]) on[d] = !on[d];
    const start = performance.now();
    const t = margin(points, on);
    const middle = performance.now();
    const answer = realize(given(points), { pattern: [on.flatMap((is, d) => (is ? [d + 1] : []))] });
    theirs += middle - start;
    ours += performance.now() - middle;
    const is = answer.verdict === 'realizable';
    if (is) yes++;
    else no++;
    if (t > 1e-9 && t < 1e-6) unclear++;
    else if (t >= 1e-6 !== is) differ++;
  }
  console.log(
    `${n}  ${p}  ${sets}  ${yes}  ${no}  ${unclear}  ${differ}  ${(ours / 1000).toFixed(1)}  ${(theirs / 1000).toFixed(1)}`,
  );
}

/** 2 sum_{k <= p} C(n - 1, k). */
function cover(n: number, p: number): bigint {
  let [sum, term] = [0n, 1n];
  for (let k = 0; k <= p; k++) {
    sum += term;
    term = (term * BigInt(n - 1 - k)) / BigInt(k + 1);
  }
  return 2n * sum;
}
const cube = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, x) => Array.from({ length: n }, (_, k) => (x >> k) & 1));
const grid = (n: number): number[][] => Array.from({ length: n * n }, (_, x) => [x % n, Math.floor(x / n)]);
const curve = (n: number, p: number): number[][] =>
  Array.from({ length: n }, (_, x) => Array.from({ length: p }, (_, k) => (x + 1) ** (k + 1)));

const KNOWN: readonly (readonly [string, number[][], bigint])[] = [
  ['threshold functions of 5 variables', cube(5), 94572n],
  ['of 6 variables', cube(6), 15028134n],
  ['grid 8 x 8', grid(8), 2566n],
  ['grid 10 x 10', grid(10), 6214n],
  ...(
    [
      [40, 3],
      [30, 6],
      [100, 2],
    ] as const
  ).map(([n, p]) => [`${n} points in general position in dimension ${p}`, curve(n, p), cover(n, p)] as const),
];
console.log('count  found  known  s');
for (const [name, points, known] of KNOWN) {
  const start = performance.now();
  const { found } = countWithoutListing(instanceFrom(given(points)), 'sets');
  console.log(
    `${name}  ${found}  ${known}${found === known ? '' : '  DIFFERS'}  ${((performance.now() - start) / 1000).toFixed(1)}`,
  );
}
