/** `dictum lines`: one process for many calls of the library. A JSON request a line in, its answer a line out, in the same order. */
import { commandNamed, notes, parseArguments } from '../../terminal/arguments.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { list, say } from '../../terminal/streams.ts';
import { answerTo } from './answer.ts';
import { CALLS } from './calls.ts';
import { linesOf } from './linesOf.ts';

const NOTES = notes(
  'A request: {"id": 1, "call": "realize", "arguments": {"instance": ..., "pattern": [[1, 2], [3]]}}. Its answer: {"id": 1, "result": ...} with',
  'what the function of the library returns (docs/library.md), or {"id": 1, "error": ...}, dictum/error@1 without its format. An instance or a',
  'certificate is the document itself, or the text of its file. With "progress": true, lines {"id": 1, "progress": {"done", "of"}} come before the',
  'answer of land, landscape and patterns. A request that is wrong is answered with an error, and the next one is read.',
  '',
  `Calls: ${[...CALLS].map(([name, { takes }]) => `${name}(${takes.join(', ')})`).join('; ')}.`,
  '',
  'Exit codes: 0 at the end of the input, whatever was answered.',
  '',
  'Examples:',
  '  dictum lines < requests.jsonl > answers.jsonl',
);

/** Progress comes no more often, in milliseconds. */
const EACH = 100;

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('lines', 'Answers one JSON request a line, until the input ends.').addHelpText(
    'after',
    NOTES,
  );
  if (!parseArguments(command, args)) return EXIT.ok;
  for await (const line of linesOf(process.stdin)) {
    if (typeof line === 'string' && line.trim() === '') continue;
    let last = 0;
    const tell = (id: string, done: number, of?: number): void => {
      if (Date.now() - last < EACH) return;
      last = Date.now();
      say(`{"id":${id},"progress":${JSON.stringify({ done, of })}}\n`);
    };
    await list(`${await answerTo(line, tell)}\n`);
  }
  return EXIT.ok;
}
