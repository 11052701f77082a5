/** `dictum realize --patterns`: a pattern a line, decided in batches on several threads, answered in order. */
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { beyond } from '../../kernel/proof/outside.ts';
import { instanceDocument } from '../../solve/proofs/document.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { readPattern } from '../../terminal/featureLists.ts';
import { readText } from '../../terminal/files.ts';
import { fail } from '../../terminal/problem.ts';
import { list, say } from '../../terminal/streams.ts';
import { poolOf, workerBeside } from '../../threads/pool.ts';
import { beyondText } from '../../words/beyond.ts';
import { GATES_NOTE } from '../../words/gates.ts';
import { counted } from '../../words/names.ts';
import { type Answer, decider } from './batch.ts';

/** Patterns in a batch: similar ones often stand next to each other, and help each other there. */
const BATCH = 32;

interface How {
  readonly json: boolean;
  readonly jobs: number;
}

export async function realizeMany(m: Instance, file: string, { json, jobs }: How): Promise<number> {
  const lines = (await readText(file)).split(/\r?\n/);
  // The last line ends with a line break; an empty line before is the pattern of one dead neuron.
  if (lines.at(-1) === '') lines.pop();
  const patterns = lines.map((line, k) => readPattern(line, m.features, `${file}:${k + 1}`));
  if (m.lifted?.thresholds && patterns.some(({ length }) => length !== m.neurons))
    fail('wrong-size', { file, path: '$' }, `patterns of ${m.neurons} sets, as there are thresholds`, 'another');
  let realizable = 0;
  if (json) say('{"format":"dictum/realizations@1","results":[');
  let k = 0;
  for await (const answers of answered(m, patterns, jobs)) {
    const texts = answers.map((answer) => {
      if (answer.realizable) realizable++;
      const first = k === 0;
      const line = lines[k++] ?? '';
      if (!json) return `${answer.realizable ? 'realizable    ' : 'not realizable'}  ${line}\n`;
      return `${first ? '' : ','}${JSON.stringify(answer.document)}`;
    });
    await list(texts.join(''));
  }
  const also = beyond(m);
  const isGated = m.activation.kind === 'gated';
  const summary = `${counted(patterns.length, 'pattern')}, ${realizable} realizable\n`;
  say(
    json
      ? `],${isGated ? '"gates":true,' : ''}${also.length > 0 ? `"with":${JSON.stringify(also)},` : ''}"realizable":${realizable}}\n`
      : `${summary}${alsoText(m)}${isGated ? `${GATES_NOTE}\n` : ''}`,
  );
  return EXIT.ok;
}

const alsoText = (m: Instance): string => {
  const also = beyondText(m);
  return also === undefined ? '' : `${also}\n`;
};

/** The answers of each batch, in order. */
async function* answered(m: Instance, patterns: readonly Pattern[], jobs: number): AsyncGenerator<Answer[]> {
  const batches = Array.from({ length: Math.ceil(patterns.length / BATCH) }, (_, b) =>
    patterns.slice(b * BATCH, (b + 1) * BATCH),
  );
  if (jobs === 1 || batches.length === 1) {
    const decide = decider(m);
    for (const batch of batches) yield decide(batch);
    return;
  }
  const text = JSON.stringify(instanceDocument(m));
  const pool = poolOf<readonly Pattern[], Answer[]>(workerBeside(import.meta.url, 'worker'), jobs, text);
  try {
    // As many ahead as keep the threads busy: memory does not grow with the file.
    yield* pool.inOrder(batches, 4 * jobs);
  } finally {
    await pool.close();
  }
}
