/**
 * The producers' door: instance files on their way in. The strict reader takes the text apart, ajv compares it with
 * schemas/instance.schema.json, and the kernel's own reader reads it again and has the last word: it also sees what no
 * schema says, such as ragged vectors or a label used twice. Quantities never become floats.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Json, Numeral, parseJson } from '../kernel/document/json.ts';
import { Node } from '../kernel/document/node.ts';
import { readSubject, type SubjectOf } from '../kernel/model/formats.ts';
import { SECOND } from '../kernel/model/lifted.ts';
import type { Subject } from '../kernel/model/subject.ts';
import { readText } from './files.ts';
import { packageRoot } from './package.ts';
import { Failure, fail, type Problem } from './problem.ts';
import { plain, refuseLifted, refusing } from './refusing.ts';

export { plain, refusing };

type FormatName = Subject['format'];

export interface Entered<F> {
  readonly instance: SubjectOf<F>;
  /** The document as it was written. */
  readonly json: Json;
}

/** Reads an instance file without biases and inputs, or one of another format that a claim is about; `-` is standard input. */
export async function readInstanceFile<F extends FormatName = 'dictum/instance@1'>(
  file: string,
  about?: F,
): Promise<Entered<F>> {
  const entered = await readModelFile(file, about);
  refuseLifted(entered.instance, file);
  return entered;
}

/** Reads an instance file, `dictum/instance@1` or @2, or one of another format. */
export async function readModelFile<F extends FormatName = 'dictum/instance@1'>(
  file: string,
  about?: F,
): Promise<Entered<F>> {
  return enter(await readText(file), file, about);
}

/** Reads the text of an instance; `file` is for messages. */
export const enter = <F extends FormatName = 'dictum/instance@1'>(text: string, file: string, about?: F): Entered<F> =>
  enterJson(parsed(text, file), file, about);

/** The text taken apart, and not yet compared with anything. */
export function parsed(text: string, file: string): Json {
  refuseOtherText(text, file);
  return refusing(file, () => parseJson(text));
}

export function enterJson<F extends FormatName = 'dictum/instance@1'>(
  json: Json,
  file: string,
  about: F = 'dictum/instance@1' as F,
): Entered<F> {
  return refusing(file, () => {
    refuseOtherFormat(json, file, about);
    const problem = compareWithSchema(json, file, about);
    if (problem) throw new Failure(problem);
    return { json, instance: readSubject(new Node(json), about) };
  });
}

/** First, so that a file of another kind is told what it is, not what it lacks. */
function refuseOtherFormat(json: Json, file: string, about: FormatName): void {
  if (!(json instanceof Map) || json.size === 0) return;
  const at = { file, path: '$.format' };
  const format = json.get('format');
  if (format === SECOND && about === 'dictum/instance@1') return;
  if (typeof format === 'string' && format !== about) fail('unknown-word', at, `"${about}"`, JSON.stringify(format));
  if (format !== undefined || json.has('features')) return;
  const kind = json.has('vectors') || [...json.values()].every((value) => Array.isArray(value)) ? VECTORS : undefined;
  fail('missing-key', at, `the key "format"`, 'none', json.has('tables') ? TABLES : kind);
}

/** Text that is no JSON, but something that another command or option takes. */
function refuseOtherText(text: string, file: string): void {
  const refuse = (found: string, next: string): never => fail('not-json', { file }, 'JSON', found, next);
  if (/^[0-9,;\s]*[0-9][0-9,;\s]*$/.test(text))
    refuse('a list of patterns, it seems', '"dictum realize INSTANCE --patterns FILE" decides them, one a line.');
  if (/^([0-9]+ [0-9]+\r?\n)?[^\s{["]\S*( [-+]?[0-9.]+(e[-+]?[0-9]+)?){2,}\s*?\n/i.test(text))
    refuse(
      'word vectors as text, it seems',
      '"dictum import FILE --out instance.json" makes an instance of labelled vectors.',
    );
}

const VECTORS = 'Labelled vectors, it seems: "dictum import FILE --out instance.json" makes an instance of them.';
const TABLES = 'Tables of results, it seems: "dictum tables FILE" audits them.';

const INSTANCE_SCHEMA = 'instance.schema.json';

const SCHEMAS: Readonly<Record<FormatName, string>> = {
  'dictum/instance@1': INSTANCE_SCHEMA,
  'dictum/report@1': 'report.schema.json',
  'dictum/comparison@1': 'comparison.schema.json',
  'dictum/scale@1': 'scale.schema.json',
  'dictum/latents@1': 'latents.schema.json',
};

/** What ajv has against an instance, if anything. */
export function compareWithSchema(
  json: Json,
  file: string,
  about: FormatName = 'dictum/instance@1',
): Problem | undefined {
  const second = about === 'dictum/instance@1' && json instanceof Map && json.get('format') === SECOND;
  return compareValue(forAjv(json), file, second ? 'instance-2.schema.json' : SCHEMAS[about]);
}

/** The same for a value that is already taken apart; `name` is the schema's file. */
export function compareValue(value: unknown, file: string, name: string): Problem | undefined {
  const validate = VALIDATORS.get(name) ?? compiled(name);
  if (validate(value)) return undefined;
  // Of nested errors the first is the deepest: the one that says what is wrong where.
  const [error] = validate.errors ?? [];
  if (!error) throw new Error('ajv refused and gave no error');
  return problemOfAjv(error, value, file);
}

/** Compiling a schema takes longer than most files take to validate. */
const VALIDATORS = new Map<string, ValidateFunction>();

const schemaNamed = (name: string): object =>
  JSON.parse(readFileSync(join(packageRoot(), 'schemas', name), 'utf8')) as object;

function compiled(name: string): ValidateFunction {
  const schema = schemaNamed(name);
  // Not all errors: a file of 300,000 bad numbers would make as many reports.
  const ajv = new Ajv2020({
    allErrors: false,
    verbose: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
  });
  // An annotation of ours: the kernel's code for what a subschema refuses, where the keyword alone does not tell.
  ajv.addKeyword('x-code');
  // What others refer to.
  if (name !== INSTANCE_SCHEMA) ajv.addSchema(schemaNamed(INSTANCE_SCHEMA));
  const validate = ajv.compile(schema);
  VALIDATORS.set(name, validate);
  return validate;
}

/** The document as ajv wants it. A numeral that is no index stays text: a quantity may not fit a float. */
function forAjv(json: Json): unknown {
  if (json instanceof Numeral) return /^[0-9]{1,9}$/.test(json.text) ? Number(json.text) : json.text;
  if (json instanceof Map) return Object.fromEntries([...json].map(([key, value]) => [key, forAjv(value)]));
  return Array.isArray(json) ? json.map(forAjv) : json;
}

const CODES: ReadonlyMap<string, string> = new Map([
  ['required', 'missing-key'],
  ['dependentRequired', 'missing-key'],
  ['additionalProperties', 'unknown-key'],
  ['unevaluatedProperties', 'unknown-key'],
  ['enum', 'unknown-word'],
  ['const', 'unknown-word'],
  ['pattern', 'not-a-number'],
  ['maxLength', 'not-a-number'],
  ['contains', 'zero-direction'],
  ['minItems', 'wrong-size'],
  ['type', 'wrong-type'],
]);

function problemOfAjv(error: ErrorObject, document: unknown, file: string): Problem {
  const { keyword, params, parentSchema } = error;
  const steps = error.instancePath.split('/').slice(1).map(unescaped);
  const problem = (path: readonly string[], expected: string, found: string, code = CODES.get(keyword)): Problem => ({
    kind: 'malformed',
    code: code ?? 'wrong-type',
    file,
    path: pathText(path, document),
    expected,
    found,
  });
  const missing = params.missingProperty as string | undefined;
  if (missing !== undefined) return problem([...steps, missing], `the key "${missing}"`, 'none');
  const extra = (params.additionalProperty ?? params.unevaluatedProperty) as string | undefined;
  if (extra !== undefined) {
    const known = Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {});
    return problem([...steps, extra], known.join(', '), `"${extra}"`);
  }
  const says = parentSchema as { description?: string; 'x-code'?: string } | undefined;
  return problem(
    steps,
    says?.description ?? error.message ?? keyword,
    describe(valueAt(document, steps)),
    says?.['x-code'],
  );
}

/** RFC 6901 */
const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function valueAt(document: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document);
}

/** `$.features[2].wp[0]`, as the kernel writes it. */
function pathText(steps: readonly string[], document: unknown): string {
  return steps.reduce((path, step, k) => {
    return path + (Array.isArray(valueAt(document, steps.slice(0, k))) ? `[${step}]` : `.${step}`);
  }, '$');
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    return `an object with ${keys.length === 0 ? 'no keys' : keys.slice(0, 5).join(', ')}`;
  }
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 42 ? `${text.slice(0, 41)}..."` : text;
}
