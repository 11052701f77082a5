/**
 * Mutants of the committed certificates, or of the certificates or landings in a folder, to both checkers: how many each accepts, on which they differ, and why
 * each accepted one is still a proof.
 *
 *   npx tsx bench/mutants.ts [--count 200000] [--seed 1] [--certificates FOLDER] [--landings FOLDER] [--only REGEX] [--python python3] [--json mutants.jsonl]
 */
import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { check } from '../src/library/check.ts';
import { explanation } from '../test/theorems/explanation.ts';
import { sample } from '../test/verify/sample.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    certificates: { type: 'string' },
    landings: { type: 'string' },
    only: { type: 'string', default: '' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = values.landings ?? values.certificates ?? join(root, 'certificates');
/** At paper scale each takes the second checker a quarter of a minute. */
const texts = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && name !== 'manifest.json' && new RegExp(values.only).test(name))
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
    .filter(([, text]) => !/"neurons":\s*\d{5}/.test(text)),
);

const second = spawn(values.python, [join(root, 'verify/dictum_check.py'), '--lines'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: second.stdout })[Symbol.asyncIterator]();

type Result = Record<string, unknown>;
/** What was decided, as a value; of a landing without the enclosure of L~, which each has its own of. */
const decided = (result: Result): unknown[] => {
  const { accepted, claim, reading, verdict, fails, dropped, lacks, facts, landing } = result;
  const { with: also, constant } = result;
  const { loss: _, ...landed } = (landing ?? {}) as Result;
  return accepted ? [claim, reading, verdict, also, constant, fails, dropped, lacks, facts, landed] : ['rejected'];
};

let [made, accepted, differ, unexplained] = [0, 0, 0, 0];
const why = new Map<string, number>();
const note = (of: object): void => {
  if (values.json) appendFileSync(values.json, `${JSON.stringify(of)}\n`);
  else console.log(JSON.stringify(of));
};
const started = performance.now();
for (const { of, what, text, path } of sample(texts, Number(values.count), Number(values.seed))) {
  if (text.includes('\n')) continue;
  second.stdin.write(`${text}\n`);
  const one = JSON.parse(JSON.stringify(check(text))) as Result;
  const line = await answers.next();
  const other = JSON.parse(line.value as string) as Result;
  made += 1;
  if (!isDeepStrictEqual(decided(one), decided(other))) {
    differ += 1;
    note({ differ: `${of}, ${what}`, one, other, text });
  }
  if (one.accepted) {
    accepted += 1;
    if (!values.landings) {
      const reason = explanation({ text, path }, one as unknown as Parameters<typeof explanation>[1]) ?? 'none';
      why.set(reason, (why.get(reason) ?? 0) + 1);
      if (reason === 'none') {
        unexplained += 1;
        note({ unexplained: `${of}, ${what}`, one, text });
      }
    }
  }
  if (made % 5000 === 0)
    console.log(
      `${made}: ${accepted} accepted, ${differ} differ, ${unexplained} unexplained, ${Math.round((performance.now() - started) / 1000)} s`,
    );
}
second.stdin.end();
console.log(
  `${made} mutants of ${texts.size}: ${accepted} accepted, ${differ} differ, ${unexplained} without an explanation`,
);
for (const [reason, count] of why) console.log(`  ${count} ${reason}`);
