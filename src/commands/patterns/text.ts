/** What `dictum patterns` prints. */
import type { Pattern } from '../../kernel/model/instance.ts';
import { type Sets, setsOf } from '../../kernel/proof/fact.ts';
import type { Beyond } from '../../kernel/proof/outside.ts';
import type { PatternsRequest } from '../../library/patterns.ts';
import type { ChamberCount } from '../../solve/patterns/countProof.ts';
import { type Neighbour, SPLIT_IN_EVERY_WAY } from '../../solve/patterns/neighbours.ts';
import { printable } from '../../terminal/printable.ts';
import { GATES_NOTE } from '../../words/gates.ts';
import { counted, type Labelled, nameText } from '../../words/names.ts';
import type { Enumerated } from './enumerate.ts';

/** `dictum/patterns@1`, schemas/patterns.schema.json. */
export function patternsDocument(result: Enumerated, { strict }: PatternsRequest = {}): object {
  const { features, dimension, gates, with: also, found, bySize, chambers, partitions } = result;
  const byNeurons = partitions?.map(String);
  return {
    format: 'dictum/patterns@1',
    features,
    dimension,
    ...(gates && { gates }),
    ...(also && { with: also }),
    ...(!strict && { realizable: found }),
    bySize,
    chambers,
    ...(byNeurons && { partitions: { realizable: `${total(partitions ?? [])}`, byNeurons } }),
  };
}

/** What --count found, without listing. */
export interface CountResult {
  readonly features: number;
  readonly dimension: number;
  readonly strict: boolean;
  readonly gates: boolean;
  readonly with?: readonly Beyond[];
  readonly found: bigint;
  readonly chambers: bigint;
}

/** `dictum/pattern-count@1`, schemas/pattern-count.schema.json; numbers of any size as text. */
export function countDocument(result: CountResult): object {
  const { features, dimension, strict, gates, with: also, found, chambers } = result;
  return {
    format: 'dictum/pattern-count@1',
    features,
    dimension,
    ...(gates && { gates }),
    ...(also && { with: also }),
    ...(!strict && { realizable: `${found}` }),
    chambers: `${chambers}`,
  };
}

/** Of --count, where the answer is not known. */
export const openCountText = (chambers: ChamberCount): string =>
  'count' in chambers
    ? `${counted(`${chambers.count}`, 'chamber')}; how many sets there are is not known without listing them, as the command does without --count\n`
    : `at least ${counted(`${chambers.atLeast}`, 'chamber')}; counting them all takes too long\n`;

export function countText(result: CountResult): string {
  return [headText(result), manyText(result, ''), ''].join('\n');
}

interface Counted {
  readonly strict: boolean;
  readonly gates: boolean;
  readonly found: number | bigint;
  readonly chambers: number | bigint;
}

const headText = ({ features, dimension }: Pick<CountResult, 'features' | 'dimension'>): string =>
  `${counted(features, 'feature')} in dimension ${dimension}`;

/** `6 realizable sets, 1 of them a chamber` */
function manyText({ strict, found, chambers, gates }: Counted, which: string): string {
  const about = gates ? ' (the sets that one gate is open on)' : '';
  if (strict) return `${counted(`${chambers}`, 'chamber')}${which}${about}`;
  const of = `${chambers}` === '1' ? 'a chamber' : 'chambers';
  return `${counted(`${found}`, gates ? 'set' : 'realizable set')}${which}, ${chambers} of them ${of}${about}`;
}

/** ` of at most 3 features with king, queen`: what was left out is not counted. */
function onlyText({ maxSize, containing = [] }: PatternsRequest, features: Labelled): string {
  const names = containing.map((name) => printable(typeof name === 'number' ? nameText(features, name) : name));
  const least = names.length > 0 ? ` with ${names.join(', ')}` : '';
  return `${maxSize === undefined ? '' : ` of at most ${counted(maxSize, 'feature')}`}${least}`;
}

const total = (counts: readonly bigint[]): bigint => counts.reduce((sum, count) => sum + count, 0n);

export function patternsText(result: Enumerated, request: PatternsRequest = {}, features: Labelled = []): string {
  const { bySize, partitions, gates = false } = result;
  const sizes = bySize.flatMap((many, size) => (many > 0 ? [`  ${`${size}`.padStart(5)}  ${many}`] : []));
  return [
    headText(result),
    manyText({ ...result, gates, strict: request.strict ?? false }, onlyText(request, features)),
    '  by size',
    ...sizes,
    ...(partitions
      ? [
          `${counted(`${total(partitions)}`, 'partition')} of all features into ${gates ? 'such' : 'realizable'} sets`,
          '  by neurons',
          ...partitions.flatMap((many, k) => (many > 0n ? [`  ${`${k}`.padStart(5)}  ${many}`] : [])),
        ]
      : []),
    '',
  ].join('\n');
}

/** `dictum/neighbours@1`. */
export const neighboursDocument = (pattern: Pattern, found: readonly Neighbour[], gates: boolean): object => ({
  format: 'dictum/neighbours@1',
  ...(gates && { gates }),
  pattern: setsOf(pattern),
  neighbours: found.map(({ step, pattern: next }): { step: string; pattern: Sets } => ({
    step,
    pattern: setsOf(next),
  })),
});

/** `names` of all features. */
export function neighboursText(
  pattern: Pattern,
  found: readonly Neighbour[],
  { names, gates }: { names: readonly string[]; gates: boolean },
): string {
  const lines = found.map(
    ({ step, pattern: next }) =>
      `${step.padEnd(6)}  ${next.map((set) => set.map((d) => names[d] ?? '').join(',')).join(';')}`,
  );
  const splits = pattern.some((set) => set.length > SPLIT_IN_EVERY_WAY)
    ? [`sets of more than ${SPLIT_IN_EVERY_WAY} features were only split into one feature and the rest`]
    : [];
  const many = `${counted(found.length, 'realizable neighbour')}`;
  return `${[...lines, many, ...splits, ...(gates ? [GATES_NOTE] : [])].join('\n')}\n`;
}
