/**
 * Every claim in every reading, with every hypothesis dropped in turn and with none, under every activation: what comes out is a verdict,
 * "undecided" with a reason, or a refusal that names what the instance lacks; never an exception.
 */
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../../src/kernel/model/instance.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import { READINGS } from '../../src/kernel/proof/claim.ts';
import { certify } from '../../src/solve/decide/certify.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { proposalsFor } from '../../theorems/witnesses.ts';
import { amount } from '../thorough.ts';

const ACTIVATIONS = [
  { kind: 'relu' },
  { kind: 'identity' },
  { kind: 'gated' },
  { kind: 'jumprelu', theta: '1/2' },
  { kind: 'jumprelu', theta: '0' },
  { kind: 'topk', k: 1 },
  { kind: 'topk-pure', k: 1 },
  { kind: 'batchtopk', k: 1 },
];

const EXTRAS = ['bare', 'pattern', 'whole', 'short'] as const;
type Extra = (typeof EXTRAS)[number];

function instance(activation: object, extra: Extra): Instance {
  const wp = [
    ['1', '0'],
    ['0', '1'],
    ['-1', '-1'],
  ];
  const gates = {
    gate: [
      ['1', '0'],
      ['0', '1'],
    ],
    bias: ['0', '1'],
  };
  const configuration = {
    we: [
      ['1', '0'],
      ['1', '2'],
    ],
    wd: [
      ['1', '0'],
      ['1/2', '1'],
    ],
    ...('kind' in activation && activation.kind === 'gated' && gates),
  };
  const features = wp.map((w, d) => ({ label: `${d}`, wp: w }));
  return readInstance(
    new Node(
      parseJson(
        JSON.stringify({
          format: 'dictum/instance@1',
          name: extra,
          features: extra === 'short' ? features.slice(0, 1) : features,
          activation,
          neurons: extra === 'short' ? 1 : 2,
          ...(extra === 'short' && { pattern: [[1]], we: [['1', '0']], wd: [['1'], ['0']] }),
          ...(extra === 'short' &&
            'kind' in activation &&
            activation.kind === 'gated' && { gate: [['1', '0']], bias: ['0'] }),
          ...(extra !== 'bare' && extra !== 'short' && { pattern: [[1, 2], [3]] }),
          ...(extra === 'whole' && {
            ...configuration,
            anchors: [1],
            hierarchy: [{ parent: 'p', children: ['0', '1'] }],
            distribution: {
              joint: [
                { probability: '1/3', x: ['1', '0', '0'] },
                { probability: '1/3', x: ['1', '2', '0'] },
              ],
            },
          }),
        }),
      ),
    ),
  );
}

const questions = [...CLAIMS.values()].flatMap((claim) =>
  READINGS.flatMap((reading) => (claim.readings[reading] ? [{ claim, reading, name: `${claim.id} ${reading}` }] : [])),
);

describe.each(questions.map((question, k) => ({ ...question, k })))('$name', ({ claim, reading, k }) => {
  test('ends in a verdict, a reason or a refusal', () => {
    const dropped = [undefined, ...(claim.readings[reading]?.hypotheses.map(({ name }) => name) ?? [])];
    const outcomes = new Map<string, number>();
    // Usually one in three of the instances, others for each question.
    const instances = ACTIVATIONS.flatMap((activation) => EXTRAS.map((extra) => ({ activation, extra }))).filter(
      (_, j) => (j + k) % amount(3, 1) === 0,
    );
    for (const { activation, extra } of instances) {
      for (const drop of dropped) {
        const question = {
          claim,
          reading,
          ...(drop !== undefined && { dropped: drop }),
          instance: instance(activation, extra),
          proposals: proposalsFor(claim.id),
        };
        let ended: string;
        try {
          const outcome = certify(question, sha256);
          if (outcome.verdict === 'undecided') expect(outcome.why.length).toBeGreaterThan(10);
          ended = outcome.verdict;
        } catch (thrown) {
          if (!(thrown instanceof Rejection))
            throw new Error(`${JSON.stringify(activation)} ${extra}, without ${drop}: ${thrown}`);
          expect(['missing-data', 'tie']).toContain(thrown.code);
          ended = thrown.code;
        }
        outcomes.set(ended, (outcomes.get(ended) ?? 0) + 1);
      }
    }
    const total = [...outcomes.values()].reduce((a, b) => a + b, 0);
    expect(total).toBe(instances.length * dropped.length);
  });
});
