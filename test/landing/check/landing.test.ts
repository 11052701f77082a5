/** Planted end points: for each class one that lands and one that does not; certificates replay, and changes of them do not. */
import { describe, expect, test } from 'vitest';
import { documentId } from '../../../src/kernel/document/canonical.ts';
import { parseJson } from '../../../src/kernel/document/json.ts';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import { checkLanding, type Landed } from '../../../src/landing/check/landing.ts';
import { type Certified, certifyRun } from '../../../src/landing/propose/certify.ts';
import { configurationOfRun } from '../../../src/landing/propose/dyadic.ts';
import { stateOf } from '../../../src/landing/propose/pattern.ts';
import { isRefused, type Refusal, reasonOf } from '../../../src/landing/propose/refusal.ts';
import { wilson } from '../../../src/landing/propose/wilson.ts';
import { instance } from '../../kernel/read.ts';
import { problemOf, sha256, suiteInstance } from '../../train/support.ts';

const name = { seed: 1, index: 0, steps: 0, settings: {} };
const RADIUS = 1e-3;

/** Encoder rows and decoder columns, neuron by neuron. */
function landAt(
  m: Instance,
  e: readonly number[][],
  u: readonly number[][],
  width = 1e-6,
  near: 'off' | 'kink' = 'off',
): Certified | Refusal {
  const p = problemOf(m);
  const weights = Float32Array.from([...e.flat(), ...u.flat()]);
  return certifyRun(
    { m, p, end: configurationOfRun(p, weights), name },
    stateOf(p, weights, { width, near }),
    RADIUS,
    sha256,
  );
}

function landed(found: Certified | Refusal): Landed {
  if (isRefused(found)) throw new Error(reasonOf(found));
  return found.landed;
}

const acute = suiteInstance('acute-pair');
/** Orthonormal directions, weights 1 and 4. */
const axes = (neurons: number): Instance =>
  instance({
    wp: [
      [1, 0],
      [0, 1],
    ],
    weights: [1, 4],
    neurons,
  });
const dead = [-1, -1];

type Planted = readonly [what: string, m: Instance, e: number[][], u: number[][], word: string];
// The bracketed pair (e, u) is critical up to rounding of 32-bit floats.
const planted: readonly Planted[] = [
  [
    'the largest eigenvalue, neuron 2 strictly dead',
    acute,
    [
      [2, 1],
      [-1, -1],
    ],
    [
      [0.4, 0.2],
      [1, 1],
    ],
    'local-minimum',
  ],
  [
    'the same, scaled',
    acute,
    [
      [6, 3],
      [-1, -1],
    ],
    [
      [0.4 / 3, 0.2 / 3],
      [1, 1],
    ],
    'local-minimum',
  ],
  [
    'zero loss',
    suiteInstance('e5-relu'),
    [
      [1, -0.5],
      [-0.5, 1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
    'zero-loss',
  ],
  [
    'all dead: every feature uncovered',
    acute,
    [dead, [-1, -2]],
    [
      [1, 0],
      [0, 1],
    ],
    'local-minimum',
  ],
  [
    'a whole eigenspace',
    suiteInstance('e5-relu'),
    [
      [0.6, 0.8],
      [-1, -1],
    ],
    [
      [0.6, 0.8],
      [1, 0],
    ],
    'local-minimum',
  ],
  ['a minimum on a face', suiteInstance('face'), [[0, 1]], [[5 / 9, 10 / 9]], 'face-minimum'],
  ['an uncovered feature', axes(2), [[1, -0.5], dead], [[1, 0], dead], 'local-minimum'],
];
const missed: readonly Planted[] = [
  [
    'the decoder is off by 1%',
    acute,
    [[2, 1], dead],
    [
      [0.404, 0.202],
      [1, 1],
    ],
    '',
  ],
  [
    'the row is turned by 0.01',
    acute,
    [[2.01, 1], dead],
    [
      [0.4, 0.2],
      [1, 1],
    ],
    '',
  ],
  [
    'zero loss, but for one hundredth',
    suiteInstance('e5-relu'),
    [
      [1, -0.5],
      [-0.5, 1],
    ],
    [
      [1.01, 0],
      [0, 1],
    ],
    '',
  ],
  [
    'not dead: it wakes on a feature',
    acute,
    [dead, [0.1, -2]],
    [
      [1, 0],
      [0, 1],
    ],
    '',
  ],
  [
    'another decoder than that of the row',
    suiteInstance('e5-relu'),
    [[0.6, 0.8], dead],
    [
      [0.8, 0.6],
      [1, 0],
    ],
    '',
  ],
  ['off the face', suiteInstance('face'), [[0.01, 1]], [[5 / 9, 10 / 9]], ''],
  ['the uncovered feature is seen a little', axes(2), [[1, 0.01], dead], [[1, 0], dead], ''],
];

describe('planted end points', () => {
  test.each(planted)('%s', (_, m, e, u, word) => {
    expect(landed(landAt(m, e, u)).class).toBe(word);
  });
  test.each(missed)('not matched: %s', (_, m, e, u) => {
    expect(landAt(m, e, u)).toHaveProperty('refused');
  });

  test('a dead neuron at the kink: where waking costs it matches, where waking gains it does not', () => {
    const e = [
      [1, -0.5],
      [0, 0],
    ];
    const atKink = (u: number[]): Certified | Refusal => landAt(axes(2), e, [[1, 0], u], 1e-6, 'kink');
    expect(landed(atKink([-1, -1])).class).toBe('local-minimum');
    expect(atKink([-1, 1])).toMatchObject({ refused: 'by-check', code: 'at-a-kink' });
  });

  test('a strict saddle: the eigenvector in the cone is that of the smaller eigenvalue', () => {
    // A = [[1, -3/5], [-3/5, 1]], B = I: lambda = 2/5 at (1, 1), 8/5 at (1, -1).
    const m = instance({
      wp: [
        [1, 0],
        [0, 1],
      ],
      wr: [
        [1, 0],
        ['-3/5', '4/5'],
      ],
      neurons: 1,
    });
    expect(landed(landAt(m, [[1, 1]], [[0.2, 0.4]])).class).toBe('saddle');
    expect(landAt(m, [[1, 1.02]], [[0.2, 0.4]])).toHaveProperty('refused');
  });
});

test('end weights with a tie under Top-1: a reason, not an exception', () => {
  const m = suiteInstance('top-1-4x2-4');
  const rows = [
    [0, 1],
    [0, 1],
    [0, -1],
    [1, 0],
  ];
  const found = landAt(m, rows, rows);
  expect(found).toHaveProperty('refused', 'tie');
  expect(isRefused(found) && reasonOf(found)).toMatch(/^a tie of neuron 1 on feature 2 and neuron 2/);
});

describe('certificates', () => {
  const found = landAt(
    acute,
    [[2, 1], dead],
    [
      [0.4, 0.2],
      [1, 1],
    ],
  );
  const text = isRefused(found) ? '' : found.text;
  const face = landAt(suiteInstance('face'), [[0, 1]], [[5 / 9, 10 / 9]]);
  const faceText = isRefused(face) ? '' : face.text;
  type Json = { [key: string]: Json } & Json[] & string;
  /** The certificate changed, with hashes made anew: what is refused then is refused for what it says. */
  function changed(from: string, change: (document: Json) => void): Landed | Rejection {
    const document = JSON.parse(from) as Json;
    change(document);
    const { we, wd } = document.instance as Json;
    const hash = (value: object): string => documentId(parseJson(JSON.stringify(value)), sha256);
    (document.run as Json).weights = hash({ wd, we }) as Json;
    document.id = hash(document) as Json;
    return checkLanding(JSON.stringify(document), sha256);
  }
  const codeOf = (outcome: Landed | Rejection): string => (outcome instanceof Rejection ? outcome.code : 'accepted');

  test('a small text for a large group is refused before its second derivatives are, which took minutes', () => {
    const neurons = 4000;
    const of = <T>(value: T): T[] => Array.from({ length: neurons }, () => value);
    const at = { we: of(['1']), wd: [of('1/8000')] };
    const proof = {
      rule: 'newton',
      radius: '1/1024',
      slice: [],
      inverse: [],
      gauge: [],
      span: [],
      duals: [],
      root: [],
    };
    const slow = changed(text, (document) => {
      const instance = Object.assign({}, document.instance, { features: [{ label: 'a', wp: ['1'] }], neurons, ...at });
      const group = { neurons: Array.from(at.we, (_, i) => i + 1), features: [1], class: 'local-minimum', proof };
      // Of 1/2 the prediction, M = 1: the slopes are -1 for each u and -1/8000 for each e.
      const gradient = '64000001/16000';
      Object.assign(document, {
        instance,
        ...at,
        gradient,
        distance: '1',
        components: [group],
        class: 'local-minimum',
      });
    });
    expect(slow).toMatchObject({ code: 'wrong-size', path: '$.components[0].proof.span' });
  });

  test('replays', () => {
    expect(codeOf(checkLanding(text, sha256))).toBe('accepted');
    expect(codeOf(changed(text, () => undefined))).toBe('accepted');
    expect(codeOf(changed(faceText, () => undefined))).toBe('accepted');
  });

  // biome-ignore format: a table, one case a line
  const cases: readonly (readonly [string, string, (d: Json) => void])[] = [
    ['an end weight that the gradient is not of', 'does-not-hold', (d) => { d.instance!.we![0]![0] = '2.1' as Json; }],
    ['a class that is not shown', 'unknown-word', (d) => { d.components![0]!.class = 'saddle' as Json; }],
    ['a class of the whole that is not shown', 'unknown-word', (d) => { d.class = 'zero-loss' as Json; }],
    ['a neuron left out', 'wrong-size', (d) => { d.components![0]!.neurons = [] as unknown as Json; }],
    ['a feature left out', 'wrong-pattern', (d) => { d.components![0]!.features = [1] as unknown as Json; }],
    ['a component left out', 'wrong-pattern', (d) => { d.components = [] as unknown as Json; }],
    ['a gradient that is not that of the end', 'does-not-hold', (d) => { d.gradient = '0' as Json; }],
    ['a distance too small', 'too-far', (d) => { d.distance = '0' as Json; }],
    ['a dead neuron that is alive', 'wrong-size', (d) => { d.we![1] = ['1', '1'] as unknown as Json; }],
  ];
  test.each(cases)('refused: %s', (_, code, change) => {
    expect(codeOf(changed(text, change))).toBe(code);
  });

  test('an end weight moved beyond the distance is refused for the distance', () => {
    const outcome = changed(text, (d) => {
      d.instance!.wd![0]![0] = '1/2' as Json;
      d.gradient = gradientFor(d);
    });
    expect(codeOf(outcome)).toBe('too-far');
  });

  function gradientFor(d: Json): Json {
    const probe = JSON.parse(JSON.stringify(d)) as Json;
    probe.gradient = '-1' as Json;
    const outcome = changed(JSON.stringify(probe), () => undefined);
    return (outcome instanceof Rejection ? outcome.expected : '') as Json;
  }

  test('every quantity of a Newton proof moved by one: refused, or still a proof of the same class', () => {
    let [refused, kept] = [0, 0];
    const proof = (JSON.parse(faceText) as Json).components![0]!.proof as Json;
    for (const key of ['slice', 'inverse', 'span', 'root', 'duals', 'gauge', 'radius'] as const) {
      const paths = leaves(proof[key], [key]);
      for (const path of paths) {
        const outcome = changed(faceText, (d) => {
          let node: Json = d.components![0]!.proof as Json;
          for (const step of path.slice(0, -1)) node = node[step as never] as Json;
          const last = path.at(-1) as never;
          const value = node[last] as unknown;
          const large = ['inverse', 'span', 'root'].includes(key);
          node[last] = (
            typeof value === 'number'
              ? value + 1
              : large
                ? `${BigInt(value as string) + UNITS}`
                : fraction(value as string)
          ) as never;
        });
        if (outcome instanceof Rejection) refused++;
        else {
          expect(outcome.class).toBe('face-minimum');
          kept++;
        }
      }
    }
    // Kept: entries of inverse, left inverse and factor have room; directions, gauge and multipliers have none.
    expect({ refused, kept }).toMatchInlineSnapshot(`
      {
        "kept": 4,
        "refused": 25,
      }
    `);
  });
});

/** 2, in the units of 2^-32 that matrices of integers have. */
const UNITS = 2n ** 33n;

function leaves(value: unknown, path: (string | number)[]): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((item, k) => leaves(item, [...path, k]));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([k, item]) => leaves(item, [...path, k]));
  return typeof value === 'number' || /^-?[0-9/]+$/.test(`${value}`) ? [path] : [];
}

/** x + 1 */
function fraction(text: string): string {
  const [num, den = '1'] = text.split('/');
  return `${BigInt(num as string) + BigInt(den)}/${den}`;
}

test('Wilson: 10 of 100 (tables of Newcombe 1998)', () => {
  const { lower, upper } = wilson(10, 100);
  expect([lower, upper]).toEqual([expect.closeTo(0.0552, 4), expect.closeTo(0.1744, 4)]);
  expect(wilson(0, 0)).toEqual({ lower: 0, upper: 1 });
});
