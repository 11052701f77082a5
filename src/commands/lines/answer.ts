/** A request to the line that answers it. */
import { type Json, Numeral, parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { InputError } from '../../library/error.ts';
import { Failure, type Problem, problemDocument } from '../../terminal/problem.ts';
import { CALLS, flag } from './calls.ts';

/** `id` is JSON text. */
type Tell = (id: string, done: number, of?: number) => void;

/** Whatever a request says, and whatever becomes of it, there is one answer. */
export async function answerTo(line: string | Rejection, tell: Tell): Promise<string> {
  let id = 'null';
  try {
    if (line instanceof Rejection) throw line;
    const json = parseJson(line);
    id = idOf(json) ?? id;
    const request = new Node(json).fields(['call'], ['id', 'arguments', 'progress']);
    if (request.id && idOf(json) === undefined) request.id.text();
    const name = request.call.word([...CALLS.keys()]);
    const told = request.progress !== undefined && flag(request.progress);
    const given = request.arguments ?? new Node(new Map(), '$.arguments');
    const result = await CALLS.get(name)?.answer(given, told ? (done, of) => tell(id, done, of) : undefined);
    return `{"id":${id},"result":${JSON.stringify(result)}}`;
  } catch (thrown) {
    return `{"id":${id},"error":${JSON.stringify(errorOf(thrown))}}`;
  }
}

/** Of a request that is wrong too, so that whoever asked can tell which it was; undefined unless it is a string or a number. */
function idOf(json: Json): string | undefined {
  const id = json instanceof Map ? (json.get('id') as Json | undefined) : undefined;
  if (id instanceof Numeral) return id.text;
  return typeof id === 'string' ? JSON.stringify(id) : undefined;
}

/** `dictum/error@1` without its format. What is no fault of the request is a bug of ours, and ends nothing. */
function errorOf(thrown: unknown): object {
  const problem = problemIn(thrown);
  if (problem) {
    const { format: _, ...error } = problemDocument(problem) as { format: string };
    return error;
  }
  const found = thrown instanceof Error ? thrown.message.slice(0, 400) : String(thrown);
  return { kind: 'bug', code: 'bug', expected: 'an answer', found, next: 'Please report it with the request.' };
}

function problemIn(thrown: unknown): Problem | undefined {
  if (thrown instanceof Failure) return thrown.problem;
  const kind = thrown instanceof Rejection ? thrown.kind : 'malformed';
  if (!(thrown instanceof InputError || thrown instanceof Rejection)) return undefined;
  const { code, path, expected, found } = thrown;
  return { kind, code, path, expected, found };
}
