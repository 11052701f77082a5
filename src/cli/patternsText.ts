/** What `dictum patterns` prints. */
import type { Neighbour } from '../solve/patterns/neighbours.ts';
import { counted } from '../words/names.ts';

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
}

/** `dictum/patterns@1`, schemas/patterns.schema.json. */
export function patternsDocument({
  features,
  dimension,
  found,
  bySize,
  chambers,
  strict,
  partitions,
}: PatternsResult): object {
  const byNeurons = partitions?.map(String);
  return {
    format: 'dictum/patterns@1',
    features,
    dimension,
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
export function countDocument({ features, dimension, strict, found, chambers }: CountResult): object {
  return {
    format: 'dictum/pattern-count@1',
    features,
    dimension,
    ...(!strict && { realizable: `${found}` }),
    chambers: `${chambers}`,
  };
}

/** `7 realizable sets, 6 of them chambers` */
function setsText({
  strict,
  gates,
  found,
  chambers,
}: Pick<CountResult, 'strict' | 'gates'> & { found: number | bigint; chambers: number | bigint }): string {
  const many = strict
    ? counted(`${chambers}`, 'chamber')
    : `${counted(`${found}`, gates ? 'set' : 'realizable set')}, ${chambers} of them chambers`;
  return gates ? `${many} (the sets that one gate is open on)` : many;
}

export function countText(result: CountResult): string {
  return `${counted(result.features, 'feature')} in dimension ${result.dimension}\n${setsText(result)}\n`;
}

const total = (counts: readonly bigint[]): bigint => counts.reduce((sum, count) => sum + count, 0n);

export function patternsText(result: PatternsResult): string {
  const { features, dimension, bySize, partitions } = result;
  const sizes = bySize.flatMap((many, size) => (many > 0 ? [`  ${`${size}`.padStart(5)}  ${many}`] : []));
  return [
    `${counted(features, 'feature')} in dimension ${dimension}`,
    setsText(result),
    '  by size',
    ...sizes,
    ...(partitions
      ? [
          `${total(partitions)} partitions into realizable sets`,
          '  by neurons',
          ...partitions.flatMap((many, k) => (many > 0n ? [`  ${`${k}`.padStart(5)}  ${many}`] : [])),
        ]
      : []),
    '',
  ].join('\n');
}

export function neighboursText(found: readonly Neighbour[], names: readonly string[]): string {
  const lines = found.map(
    ({ step, pattern }) =>
      `${step.padEnd(6)}  ${pattern.map((set) => set.map((d) => names[d] ?? '').join(',')).join(';')}`,
  );
  return `${[...lines, counted(found.length, 'realizable neighbour')].join('\n')}\n`;
}
