/** What can be asked in a line: the functions of the library, by the names of their arguments. The library judges the values. */
import { CLAIMS } from '../../../theorems/statements.ts';
import { explain } from '../../explain/explain.ts';
import { canonicalJson } from '../../kernel/document/canonical.ts';
import type { Node } from '../../kernel/document/node.ts';
import { malformed, Rejection } from '../../kernel/numbers/rejection.ts';
import { certify, claims } from '../../library/certify.ts';
import { check } from '../../library/check.ts';
import type { Bias, PatternInput, Tell } from '../../library/instance.ts';
import { type LandOptions, land } from '../../library/land.ts';
import { landscape } from '../../library/landscape.ts';
import { patterns } from '../../library/patterns.ts';
import { realize } from '../../library/realize.ts';
import { sha256 } from '../../library/sha256.ts';
import { plain } from '../../terminal/refusing.ts';
import { explanationPage } from '../explain/page.ts';
import { paperWords } from '../explain/paper.ts';

interface Call {
  readonly takes: readonly string[];
  readonly answer: (given: Node, tell: Tell | undefined) => unknown;
}

type Readers = Readonly<Record<string, (node: Node) => unknown>>;
type Values<R extends Readers> = { readonly [K in keyof R]: ReturnType<R[K]> };

/** A call with arguments that it needs, others that it takes, and what answers it. */
function call<R extends Readers, O extends Readers>(
  required: R,
  optional: O,
  answer: (given: Values<R> & Partial<Values<O>>, told: { readonly tell?: Tell }) => unknown,
): Call {
  const readers: Readers = { ...required, ...optional };
  return {
    takes: Object.keys(readers),
    answer: (given, tell) => {
      const nodes = Object.entries(given.fields(Object.keys(required), Object.keys(optional)));
      const values = nodes.map(([name, node]) => [name, node && readers[name]?.(node)]);
      return answer(Object.fromEntries(values), tell ? { tell } : {});
    },
  };
}

const wrong = ({ path, json }: Node, expected: string): never =>
  malformed('wrong-type', path, expected, JSON.stringify(plain(json)).slice(0, 60));

export const flag = (node: Node): boolean =>
  typeof node.json === 'boolean' ? node.json : wrong(node, 'true or false');

/** The text of a document that stands there, or that a string there is. Quantities stay as they were written. */
const document = (node: Node): string => (typeof node.json === 'string' ? node.json : canonicalJson(node.json));

const number = (node: Node): number => {
  const value = plain(node.json);
  return typeof value === 'number' ? value : wrong(node, 'a number');
};
const text = (node: Node): string => node.text();
const bias = (node: Node): Bias => node.word(['none', 'free']);
const array = (node: Node): unknown[] => node.items().map(({ json }) => plain(json));
// Of sets the library says what is wrong with them, and where.
const pattern = (node: Node): PatternInput => array(node) as never;
const patternList = (node: Node): PatternInput[] => array(node) as never;
const features = (node: Node): (number | string)[] => array(node) as never;

const instance = { instance: document };
const limits = { work: number };

export const CALLS: ReadonlyMap<string, Call> = new Map([
  ['realize', call(instance, { pattern, bias, ...limits }, ({ instance, ...options }) => realize(instance, options))],
  [
    'patterns',
    call(
      instance,
      { strict: flag, maxSize: number, containing: features, limit: number, bias, ...limits },
      ({ instance, ...options }, told) => patterns(instance, { ...options, ...told }),
    ),
  ],
  [
    'certify',
    call(
      { claim: text, ...instance },
      { reading: text, pattern, drop: text, bias, ...limits },
      ({ claim, instance, reading, ...options }) =>
        certify(claim, instance, { ...options, ...(reading !== undefined && { reading: reading as never }) }),
    ),
  ],
  ['check', call({ certificate: document }, {}, ({ certificate }) => check(certificate))],
  ['claims', call({}, {}, () => claims())],
  ['explain', call({ certificate: document }, { name: text }, explained)],
  [
    'landscape',
    call(
      instance,
      { patterns: patternList, sample: number, seed: number, certificates: flag, ...limits },
      ({ instance, ...options }, told) => landscape(instance, { ...options, ...told }),
    ),
  ],
  [
    'land',
    call(
      instance,
      {
        runs: number,
        optimizer: text as (node: Node) => NonNullable<LandOptions['optimizer']>,
        rate: number,
        steps: number,
        seed: number,
        anchors: number,
        resample: number,
        threads: number,
        certificates: flag,
        exits: flag,
        bias,
      },
      ({ instance, ...options }, told) => land(instance, { ...options, ...told }),
    ),
  ],
]);

/** The page of `dictum explain --html`; `name` is what it calls the file. */
async function explained({
  certificate,
  name = 'certificate.json',
}: {
  certificate: string;
  name?: string;
}): Promise<object> {
  const found = explain(certificate, CLAIMS, sha256);
  if (found instanceof Rejection) throw found;
  const paper = found.about && (await paperWords(found.about.claim));
  return { id: found.id, sentence: found.sentence, html: explanationPage(found, name, paper, undefined) };
}
