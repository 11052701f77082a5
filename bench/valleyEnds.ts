/**
 * Where training ends, is there a way on? Each instance of the committed suite under ReLU or JumpReLU is trained, as `dictum land` does it; the end weights of each run
 * that converged, as the exact dyadic numbers they are, are asked T6-valley and T6-exit, and every certificate is replayed by the kernel, one in `--each`
 * by the second checker too. `npx tsx bench/valleyEnds.ts [runs of each] [--each N] [instance ...]`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { configurationOfRun } from '../src/landing/propose/dyadic.ts';
import { sdlProblem, weightCount } from '../src/landing/runs/problem.ts';
import { train } from '../src/landing/runs/train.ts';
import { certify } from '../src/solve/decide/certify.ts';
import { sha256 } from '../src/terminal/digest.ts';
import { CLAIMS } from '../theorems/statements.ts';
import { byRows } from './suite.ts';

const { values, positionals } = parseArgs({
  options: { each: { type: 'string', default: '10' } },
  allowPositionals: true,
});
const [runs = '400', ...only] = positionals;
/** A loss above this is one that training was left with. */
const STUCK = 1e-6;
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const total = { ends: 0, stuck: 0, valley: 0, exit: 0, neither: 0, replayed: 0, refused: 0 };
let seconds = 0;
console.log(
  '| instance | n | n_q | ends | of loss > 1e-6 | of these a path to 0 | a path to less | neither certified |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const { name, m, settings } of byRows(only)) {
  const p = sdlProblem(m);
  if (!p) continue;
  const trained = await train(p, settings, Number(runs), { threads: 1 });
  const row = { ends: 0, stuck: 0, valley: 0, exit: 0, neither: 0 };
  const texts: string[] = [];
  for (let run = 0; run < trained.runs; run++) {
    if (trained.converged[run] !== 1) continue;
    row.ends++;
    const stuck = (trained.loss[run] as number) > STUCK;
    row.stuck += stuck ? 1 : 0;
    const size = weightCount(p);
    const configuration = configurationOfRun(p, trained.weights.subarray(run * size, (run + 1) * size));
    const start = process.cpuUsage();
    const holds = ['T6-valley', 'T6-exit'].map((id) => {
      const claim = CLAIMS.get(id);
      if (!claim) throw new Error(`no claim ${id}`);
      const instance = { ...m, configuration };
      const outcome = certify({ claim, reading: 'repaired', instance, proposals: {} }, sha256);
      if (outcome.verdict === 'undecided') throw new Error(`${name}, run ${run}, ${id}: undecided, ${outcome.why}`);
      if (total.replayed++ % Number(values.each) === 0) texts.push(outcome.certificate.replaceAll('\n', ' '));
      return outcome.verdict === 'holds';
    });
    const { user, system } = process.cpuUsage(start);
    seconds += (user + system) / 1e6;
    if (!stuck) continue;
    row.valley += holds[0] ? 1 : 0;
    row.exit += holds[1] ? 1 : 0;
    row.neither += holds.some(Boolean) ? 0 : 1;
  }
  const second = spawnSync('python3', [at('../verify/dictum_check.py'), '--lines'], {
    input: texts.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  total.refused += second.stdout.split('\n').filter((line) => line.includes('"accepted": false')).length;
  for (const key of ['ends', 'stuck', 'valley', 'exit', 'neither'] as const) total[key] += row[key];
  const { ends, stuck, valley, exit, neither } = row;
  console.log(`| ${name} | ${p.n} | ${p.nq} | ${ends} | ${stuck} | ${valley} | ${exit} | ${neither} |`);
}
const { ends, stuck, valley, exit, neither, replayed, refused } = total;
console.log(`| all | | | ${ends} | ${stuck} | ${valley} | ${exit} | ${neither} |`);
console.log(
  `\n${replayed} certificates, all replayed by the kernel, of one in ${values.each} ${refused} refused by the second checker; ${seconds.toFixed(0)} s of the processor to decide and replay them. Node ${process.version}`,
);
