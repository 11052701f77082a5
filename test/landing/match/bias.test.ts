/** Models with biases, thresholds for each neuron, and inputs: runs start and end as what the kernel reads them as, and certificates are about that. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../../src/kernel/model/model.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import { beyond } from '../../../src/kernel/proof/outside.ts';
import { checkLanding, type Landed } from '../../../src/landing/check/landing.ts';
import { configurationOfRun } from '../../../src/landing/propose/dyadic.ts';
import { evaluate, tape } from '../../../src/landing/runs/loss.ts';
import { toNumber, weightCount } from '../../../src/landing/runs/problem.ts';
import { resample } from '../../../src/landing/runs/resample.ts';
import { DEFAULTS } from '../../../src/landing/runs/settings.ts';
import { train } from '../../../src/landing/runs/train.ts';
import { InputError } from '../../../src/library/error.ts';
import { instanceFrom } from '../../../src/library/instance.ts';
import { land } from '../../../src/library/land.ts';
import { landingDocument, landingText } from '../../../src/words/landing.ts';
import { resealed, type Value } from '../../theorems/mutate.ts';
import { problemOf, sha256 } from '../../train/support.ts';

type Document = { [key: string]: Value };

const text = (name: string): string =>
  readFileSync(new URL(`../../../regress/instances/${name}.json`, import.meta.url), 'utf8');
const NAMES = ['bias-5x2-3', 'thresholds-4x2-4', 'inputs-3x2-2'] as const;
const BEYOND = {
  'bias-5x2-3': ['encoder-bias'],
  'thresholds-4x2-4': ['decoder-bias', 'thresholds'],
  'inputs-3x2-2': ['inputs'],
};

async function certificatesOf(name: string): Promise<string[]> {
  const { ends } = await land(text(name), { runs: 24, threads: 1, certificates: true });
  return ends.flatMap(({ certificate }) => certificate ?? []);
}

function accepted(certificate: string): Landed {
  const landed = checkLanding(certificate, sha256);
  if (landed instanceof Rejection) throw new Error(`${landed}`);
  return landed;
}

describe.each(NAMES)('%s', async (name) => {
  const certificates = await certificatesOf(name);

  test('landings replay, and begin with what the instance has', () => {
    expect(certificates.length).toBeGreaterThan(0);
    for (const certificate of certificates) {
      const landed = accepted(certificate);
      expect(beyond(landed.instance)).toEqual(BEYOND[name]);
      expect(landingDocument(landed).with).toEqual(BEYOND[name]);
      expect(landingText(landed)).toMatch(/^(with |on 5 inputs, as 3 features: their loss is L~ \+ 1\/4: )/);
    }
  });

  test('of another model the same point proves nothing', () => {
    // Where all neurons are dead they may be so there as well.
    const alive = certificates.filter((certificate) => accepted(certificate).components.length > 0);
    expect(alive.length).toBeGreaterThan(0);
    for (const certificate of alive) {
      const document = JSON.parse(certificate) as Document;
      const instance = document.instance as Document;
      const changes: ((of: Document) => void)[] = [
        (of) => delete of.encoderBias,
        (of) => delete of.decoderBias,
        (of) => delete of.subject,
        (of) => ((of.activation as Document).theta = '1/4'),
        (of) => (of.format = 'dictum/instance@1'),
        (of) => (of.inputBias = ['1/8', '0']),
      ];
      for (const change of changes) {
        const other = structuredClone(instance);
        change(other);
        if (JSON.stringify(other) === JSON.stringify(instance)) continue;
        const found = checkLanding(resealed({ ...document, instance: other }), sha256);
        expect(found).toBeInstanceOf(Rejection);
      }
    }
  });
});

describe('runs with a bias', () => {
  const m = instanceFrom(text('bias-5x2-3'));
  const plain = instanceFrom({ ...(JSON.parse(text('bias-5x2-3')) as object), encoderBias: 'none' } as never);
  const [p, without] = [problemOf(m), problemOf(plain)];
  const still = { ...DEFAULTS, steps: 0, rounds: 0, finishAfter: 0 };

  test('start where those without a bias do, biases at 0', async () => {
    const [a, b] = [await train(p, still, 3, { threads: 1 }), await train(without, still, 3, { threads: 1 })];
    for (let run = 0; run < 3; run++) {
      const x = [...a.weights.slice(run * weightCount(p), (run + 1) * weightCount(p))];
      expect([2, 5, 8].map((j) => x[j])).toEqual([0, 0, 0]);
      const rest = x.filter((_, j) => ![2, 5, 8].includes(j));
      expect(rest).toEqual([...b.weights.slice(run * weightCount(without), (run + 1) * weightCount(without))]);
    }
  });

  test('L~ of the trainer is that of the kernel, and of <e, w> + b by hand', () => {
    const x = Float64Array.of(1, 0.5, -0.25, -1, 2, 0.5, 0, -0.5, 0.125, 1, 0, 0.5, -1, 2, 0.25);
    const loss = evaluate(p, x, 0, tape(p));
    expect(loss).toBeCloseTo(toNumber(approximateLoss(m, configurationOfRun(p, x))), 12);
    const byHand = (of: Instance): number =>
      of.features.reduce((total, { wp, wr }) => {
        const [a, b] = wp.entries().map(toNumber) as [number, number];
        const out = [0, 0];
        for (let i = 0; i < 3; i++) {
          const z = Math.max(0, (x[3 * i] as number) * a + (x[3 * i + 1] as number) * b + (x[3 * i + 2] as number));
          for (const k of [0, 1]) out[k] = (out[k] as number) + z * (x[9 + 2 * i + k] as number);
        }
        return total + wr.entries().reduce((sum, r, k) => sum + (toNumber(r) - (out[k] as number)) ** 2, 0);
      }, 0);
    expect(loss).toBeCloseTo(byHand(plain), 12);
  });

  test('a dead neuron starts anew along a direction, its bias 0; along the input 0 by its bias alone', () => {
    const x = new Float64Array(weightCount(p));
    resample(p, { anchors: [] }, x, 1);
    const halves = m.features.map((_, d) => [...without.wp.slice(2 * d, 2 * d + 2)].map((w) => w / 2).concat(0));
    expect(halves).toContainEqual([...x.slice(0, 3)]);
    const zero = { ...p, wp: p.wp.slice(), wr: Float64Array.of(9, 0, ...p.wr.slice(2)) };
    zero.wp.set([0, 0, 1]);
    const y = new Float64Array(weightCount(p));
    resample(zero, { anchors: [] }, y, 1);
    expect([...y.slice(0, 3)]).toEqual([0, 0, 0.5]);
  });

  test('bias free is the same question as encoderBias free', async () => {
    const document = { ...(JSON.parse(text('bias-5x2-3')) as object), encoderBias: 'none' } as never;
    const options = { runs: 12, threads: 1 } as const;
    expect(await land(document, { ...options, bias: 'free' })).toEqual(await land(text('bias-5x2-3'), options));
  });
});

test('end weights in a document with thresholds are those of the model, not the scaled ones', async () => {
  const [certificate = ''] = await certificatesOf('thresholds-4x2-4');
  const { instance } = JSON.parse(certificate) as { instance: { we: string[][]; activation: { theta: string[] } } };
  const read = accepted(certificate).instance;
  instance.we.forEach((row, i) => {
    const theta = Rational.parse(instance.activation.theta[i] ?? '') as Rational;
    const scaled = row.map((x) => `${(Rational.parse(x) as Rational).over(theta)}`);
    expect(scaled).toEqual(read.configuration?.we[i]?.entries().map(String));
  });
});

test('anchors are for models without biases, thresholds and inputs', async () => {
  for (const name of NAMES) {
    await expect(land(text(name), { runs: 2, anchors: 1 })).rejects.toThrow(InputError);
  }
});
