/**
 * T6-critical, T6-minimum and T6-saddle on random pencils of one neuron: how many are decided, each certificate replayed.
 * `npx tsx bench/pencils.ts [plane] [space] [seed]` prints one JSON line for each pencil, which `test/tools/pencil_scan.py` compares with a scan.
 */
import { sha256 } from '../src/cli/digest.ts';
import { Checked, check } from '../src/kernel/certificate.ts';
import { certify } from '../src/solve/certify.ts';
import { instanceOf, pencils } from '../test/solve/landscape/pencils.ts';
import { CLAIMS } from '../theorems/statements.ts';

const [plane = 300, space = 100, seed = 1] = process.argv.slice(2).map(Number);
const QUESTIONS = ['T6-critical', 'T6-minimum', 'T6-saddle'];
const counts = new Map<string, number>();
const started = performance.now();
for (const dimension of [2, 3]) {
  for (const pencil of pencils(dimension, dimension === 2 ? plane : space, seed)) {
    const m = instanceOf(pencil);
    const at = performance.now();
    const answers = QUESTIONS.map((id) => {
      const claim = CLAIMS.get(id);
      if (!claim) throw new Error(id);
      const outcome = certify({ claim, reading: 'repaired', instance: m, proposals: {} }, sha256);
      if (outcome.verdict === 'undecided') return { verdict: `undecided: ${outcome.why}` };
      if (!(check(outcome.certificate, CLAIMS, sha256) instanceof Checked)) throw new Error('refused');
      return { verdict: outcome.verdict, certificate: outcome.certificate };
    });
    const ms = Math.round(performance.now() - at);
    answers.forEach(({ verdict }, k) => {
      const key = `${dimension}-D ${QUESTIONS[k]} ${verdict.split(':')[0]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
    console.log(JSON.stringify({ dimension, ...pencil, ms, answers }));
  }
}
console.error(
  [...counts]
    .sort()
    .map(([key, n]) => `${key}: ${n}`)
    .join('\n'),
);
console.error(`${Math.round(performance.now() - started)} ms`);
