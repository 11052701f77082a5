/**
 * One neuron, and every question about its pattern is decided: on random pencils T6-critical, T6-minimum and T6-saddle never stay open. Both checkers
 * replay the certificates, and none of their mutants is a false accept: what an accepted one says, the solvers say afresh. Where there is a Python with
 * NumPy and SciPy (as for ./float.test.ts), the answers agree with a scan of the loss there (test/tools/pencil_scan.py).
 * `bench/pencils.ts` does the same at full size.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Checked, check } from '../../../src/kernel/certificate.ts';
import { parseJson } from '../../../src/kernel/document/json.ts';
import { Node } from '../../../src/kernel/document/node.ts';
import { readInstance } from '../../../src/kernel/model/instance.ts';
import { certify } from '../../../src/solve/decide/certify.ts';
import { randomNumbers } from '../../../src/solve/landscape/partitionPatterns.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { type Mutant, mutants } from '../../theorems/mutate.ts';
import { amount } from '../../thorough.ts';
import { instanceOf, type Pencil, pencils } from './pencils.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SCAN = join(ROOT, 'test/tools/pencil_scan.py');
const SECOND = join(ROOT, 'verify/dictum_check.py');
const QUESTIONS = ['T6-critical', 'T6-minimum', 'T6-saddle'];
const WORDS = [[...CLAIMS.keys()]];

const runs = (name: string, code: string): boolean => spawnSync(name, ['-c', code]).status === 0;
const numpy = [process.env.DICTUM_PYTHON ?? '', 'python3'].find(
  (name) => name !== '' && runs(name, 'import numpy, scipy'),
);
if (!numpy && process.env.DICTUM_REQUIRE_PYTHON === '1') throw new Error('no Python with numpy and scipy');
const second = runs('python3', 'import sys; sys.exit(sys.version_info < (3, 11))');

const kink = [
  [1, 1],
  [1, -1],
  [0, 1],
  [0, 1],
];
const ones = [1, 1, 1, 1];
/** Two features at one kink that are dear together; kinks that cost nothing to first order. */
const PLANTED: readonly Pencil[] = [
  { wp: kink, wr: [[4], [2], [-4], [1]], weights: ones, set: [0, 1] },
  { wp: [[1, 0], ...kink.slice(2), [0, -1]], wr: [[0], [1], [1], [1]], weights: ones, set: [0] },
];

const drawn = [...PLANTED, ...pencils(2, 30, 11), ...pencils(3, 12, 11)];
const decisions = drawn.map((pencil) =>
  QUESTIONS.map((id) =>
    certify({ claim: CLAIMS.get(id)!, reading: 'repaired', instance: instanceOf(pencil), proposals: {} }, sha256),
  ),
);
const certificates = decisions.flat().flatMap((outcome) => ('certificate' in outcome ? [outcome.certificate] : []));

/** Which of these texts the second checker accepts. */
function acceptedBySecond(texts: readonly string[]): boolean[] {
  const folder = mkdtempSync(join(tmpdir(), 'pencils-'));
  try {
    texts.forEach((text, k) => void writeFileSync(join(folder, `${k}.json`), text));
    const { stdout } = spawnSync('python3', [SECOND, folder, '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const { results } = JSON.parse(stdout) as { results: { file: string; accepted: boolean }[] };
    const accepted = new Map(results.map((r) => [Number(/(\d+)\.json$/.exec(r.file)?.[1]), r.accepted]));
    return texts.map((_, k) => accepted.get(k) ?? false);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('all are decided, each way often', () => {
  const counts = new Map<string, number>();
  decisions.forEach((three, k) => {
    three.forEach(({ verdict }, j) => {
      expect(verdict, JSON.stringify(drawn[k])).toMatch(/^(holds|refuted)$/);
      const key = `${QUESTIONS[j]} ${verdict}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
  });
  expect(counts.size).toBe(6);
  for (const [key, count] of counts) expect(count, key).toBeGreaterThan(2);
  for (const rule of ['no-minimum', 'no-saddle', 'no-critical-point', 'minimum', 'saddle']) {
    expect(
      certificates.some((text) => text.includes(`"rule":"${rule}"`)),
      rule,
    ).toBe(true);
  }
});

test.skipIf(!second)('the second checker accepts every certificate', { timeout: 120_000 }, () => {
  expect(acceptedBySecond(certificates)).toEqual(certificates.map(() => true));
});

test.skipIf(!numpy)('a scan of the loss says the same, away from ties', { timeout: 300_000 }, () => {
  const ran = spawnSync(numpy as string, [SCAN], {
    input: drawn.map((pencil) => JSON.stringify(pencil)).join('\n'),
    encoding: 'utf8',
  });
  expect(ran.stderr).toBe('');
  const scans = ran.stdout.trim().split('\n');
  expect(scans.length).toBe(drawn.length);
  let compared = 0;
  scans.forEach((line, k) => {
    const { margin, ...found } = JSON.parse(line) as { margin: number; [kind: string]: unknown };
    if (margin === 0) return;
    compared++;
    const [critical, minimum, saddle] = decisions[k]!.map(({ verdict }) => verdict === 'holds');
    expect({ critical, minimum, saddle }, JSON.stringify(drawn[k])).toEqual(found);
  });
  expect(compared).toBeGreaterThan(35);
});

test('no mutant of a proof about all critical points, of joint kinks or of a bend is a false accept', {
  timeout: 300_000,
}, () => {
  const random = randomNumbers(5);
  const count = { mutants: 0, accepted: 0 };
  const seen: { text: string; accepted: boolean }[] = [];
  for (const name of ['"rule":"no-minimum"', '"rule":"no-saddle"', '"joint":[', '"way":"bend"']) {
    const sources = certificates.filter((text) => text.includes(name)).slice(0, 3);
    expect(sources.length, name).toBeGreaterThan(0);
    for (const text of sources) {
      const share = Math.min(1, amount(60, 150) / [...mutants(text, WORDS)].length);
      for (const mutant of mutants(text, WORDS)) {
        if (random() > share) continue;
        count.mutants++;
        const accepted = check(mutant.text, CLAIMS, sha256) instanceof Checked;
        seen.push({ text: mutant.text, accepted });
        if (!accepted) continue;
        count.accepted++;
        expect(afresh(mutant), `${mutant.path.join('.')}: ${mutant.what}`).toBe('the same');
      }
    }
  }
  expect(count.mutants).toBeGreaterThan(amount(200, 500));
  console.info(`${count.mutants} mutants, ${count.accepted} accepted and true`);
  if (second) expect(acceptedBySecond(seen.map(({ text }) => text))).toEqual(seen.map(({ accepted }) => accepted));
});

/** What the solvers say of the question of an accepted mutant. */
function afresh({ text }: Mutant): string {
  const document = JSON.parse(text) as { claim: string; reading: 'repaired'; verdict: string; instance: unknown };
  const instance = readInstance(new Node(parseJson(JSON.stringify(document.instance))));
  const question = { claim: CLAIMS.get(document.claim)!, reading: document.reading, instance, proposals: {} };
  const { verdict } = certify(question, sha256);
  return verdict === document.verdict ? 'the same' : `${document.verdict}, and afresh ${verdict}`;
}
