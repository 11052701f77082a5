/** What `dictum patterns` prints. */
import { type Neighbour, SPLIT_IN_EVERY_WAY } from '../../solve/patterns/neighbours.ts';
import { GATES_NOTE } from '../../words/gates.ts';
import { counted } from '../../words/names.ts';

export interface Counts {
  readonly bySize: readonly number[];
  readonly found: number;
  readonly chambers: number;
}

export interface PatternsResult extends Counts {
  readonly features: number;
  readonly dimension: number;
  readonly strict: boolean;
  /** Of a gated model: the sets that a gate is open on. */
  readonly gates: boolean;
  readonly partitions?: readonly bigint[];
  /** Only sets of at most `maxSize` features, all of `containing` among them, were looked for. */
  readonly only?: { readonly maxSize?: number; readonly containing: readonly string[] };
}

/** `dictum/patterns@1`, schemas/patterns.schema.json. */
export function patternsDocument({
  features,
  dimension,
  found,
  bySize,
  chambers,
  strict,
  gates,
  partitions,
}: PatternsResult): object {
  const byNeurons = partitions?.map(String);
  return {
    format: 'dictum/patterns@1',
    features,
    dimension,
    ...(gates && { gates }),
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
  readonly found: bigint;
  readonly chambers: bigint;
}

/** `dictum/pattern-count@1`, schemas/pattern-count.schema.json; numbers of any size as text. */
export function countDocument({ features, dimension, strict, gates, found, chambers }: CountResult): object {
  return {
    format: 'dictum/pattern-count@1',
    features,
    dimension,
    ...(gates && { gates }),
    ...(!strict && { realizable: `${found}` }),
    chambers: `${chambers}`,
  };
}

export function countText(result: CountResult): string {
  return [headText(result), manyText(result, ''), ''].join('\n');
}

type Counted = Pick<CountResult, 'features' | 'dimension' | 'strict' | 'gates'> & {
  readonly found: number | bigint;
  readonly chambers: number | bigint;
};

const headText = ({ features, dimension }: Counted): string =>
  `${counted(features, 'feature')} in dimension ${dimension}`;

/** `6 realizable sets, 1 of them a chamber` */
function manyText({ strict, found, chambers, gates }: Counted, which: string): string {
  const about = gates ? ' (the sets that one gate is open on)' : '';
  if (strict) return `${counted(`${chambers}`, 'chamber')}${which}${about}`;
  const of = `${chambers}` === '1' ? 'a chamber' : 'chambers';
  return `${counted(`${found}`, gates ? 'set' : 'realizable set')}${which}, ${chambers} of them ${of}${about}`;
}

/** ` of at most 3 features with king, queen`: what was left out is not counted. */
function onlyText({ maxSize, containing }: NonNullable<PatternsResult['only']>): string {
  const least = containing.length > 0 ? ` with ${containing.join(', ')}` : '';
  return `${maxSize === undefined ? '' : ` of at most ${counted(maxSize, 'feature')}`}${least}`;
}

const total = (counts: readonly bigint[]): bigint => counts.reduce((sum, count) => sum + count, 0n);

export function patternsText(result: PatternsResult): string {
  const { bySize, partitions, only, gates } = result;
  const sizes = bySize.flatMap((many, size) => (many > 0 ? [`  ${`${size}`.padStart(5)}  ${many}`] : []));
  return [
    headText(result),
    manyText(result, only ? onlyText(only) : ''),
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

/** `names` of all features. */
export function neighboursText(
  found: readonly Neighbour[],
  { names, gates, largest }: { names: readonly string[]; gates: boolean; largest: number },
): string {
  const lines = found.map(
    ({ step, pattern }) =>
      `${step.padEnd(6)}  ${pattern.map((set) => set.map((d) => names[d] ?? '').join(',')).join(';')}`,
  );
  const splits =
    largest > SPLIT_IN_EVERY_WAY
      ? [`sets of more than ${SPLIT_IN_EVERY_WAY} features were only split into one feature and the rest`]
      : [];
  const many = `${counted(found.length, 'realizable neighbour')}`;
  return `${[...lines, many, ...splits, ...(gates ? [GATES_NOTE] : [])].join('\n')}\n`;
}
