/** What `dictum patterns` prints. */
import type { Activation } from '../kernel/instance.ts';
import { type Neighbour, SPLIT_IN_EVERY_WAY } from '../solve/patterns/neighbours.ts';
import { GATES_NOTE, setsText } from '../words/gates.ts';
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
  readonly activation: Activation;
  readonly partitions?: readonly bigint[];
  /** Only sets of at most `maxSize` features, all of `containing` among them, were looked for. */
  readonly only?: { readonly maxSize?: number; readonly containing: readonly string[] };
}

/** `gates` in documents: the sets are those that gates are open on. */
const gatesOf = ({ kind }: Activation): object | false => kind === 'gated' && { gates: true };

/** `dictum/patterns@1`, schemas/patterns.schema.json. */
export function patternsDocument({
  features,
  dimension,
  found,
  bySize,
  chambers,
  strict,
  activation,
  partitions,
}: PatternsResult): object {
  const byNeurons = partitions?.map(String);
  return {
    format: 'dictum/patterns@1',
    features,
    dimension,
    ...gatesOf(activation),
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
  readonly activation: Activation;
  readonly found: bigint;
  readonly chambers: bigint;
}

/** `dictum/pattern-count@1`, schemas/pattern-count.schema.json; numbers of any size as text. */
export function countDocument({ features, dimension, strict, activation, found, chambers }: CountResult): object {
  return {
    format: 'dictum/pattern-count@1',
    features,
    dimension,
    ...gatesOf(activation),
    ...(!strict && { realizable: `${found}` }),
    chambers: `${chambers}`,
  };
}

export function countText(result: CountResult): string {
  return [headText(result), manyText(result, ''), ...gatesLines(result.activation), ''].join('\n');
}

type Counted = Pick<CountResult, 'features' | 'dimension' | 'strict' | 'activation'> & {
  readonly found: number | bigint;
  readonly chambers: number | bigint;
};

const headText = ({ features, dimension }: Counted): string =>
  `${counted(features, 'feature')} in dimension ${dimension}`;

/** `6 realizable sets, 1 of them a chamber` */
function manyText({ strict, found, chambers, activation }: Counted, which: string): string {
  if (strict) return `${counted(`${chambers}`, 'chamber')}${which}`;
  const of = `${chambers}` === '1' ? 'a chamber' : 'chambers';
  return `${setsText(found, activation, which)}, ${chambers} of them ${of}`;
}

const gatesLines = ({ kind }: Activation): string[] => (kind === 'gated' ? [GATES_NOTE] : []);

/** ` of at most 3 features with king, queen`: what was left out is not counted. */
function onlyText({ maxSize, containing }: NonNullable<PatternsResult['only']>): string {
  const least = containing.length > 0 ? ` with ${containing.join(', ')}` : '';
  return `${maxSize === undefined ? '' : ` of at most ${counted(maxSize, 'feature')}`}${least}`;
}

const total = (counts: readonly bigint[]): bigint => counts.reduce((sum, count) => sum + count, 0n);

export function patternsText(result: PatternsResult): string {
  const { bySize, partitions, only, activation } = result;
  const sizes = bySize.flatMap((many, size) => (many > 0 ? [`  ${`${size}`.padStart(5)}  ${many}`] : []));
  return [
    headText(result),
    manyText(result, only ? onlyText(only) : ''),
    '  by size',
    ...sizes,
    ...(partitions
      ? [
          `${counted(`${total(partitions)}`, 'partition')} of all features into ${activation.kind === 'gated' ? 'such' : 'realizable'} sets`,
          '  by neurons',
          ...partitions.flatMap((many, k) => (many > 0n ? [`  ${`${k}`.padStart(5)}  ${many}`] : [])),
        ]
      : []),
    ...gatesLines(activation),
    '',
  ].join('\n');
}

/** `names` of all features. */
export function neighboursText(
  found: readonly Neighbour[],
  { names, activation, largest }: { names: readonly string[]; activation: Activation; largest: number },
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
  return `${[...lines, many, ...splits, ...gatesLines(activation)].join('\n')}\n`;
}
