/** The components of a model's pattern, in words and as a document; neurons and features from 1. */
import type { Instance } from '../../kernel/model/instance.ts';
import type { Components } from '../../train/checkpoint/components.ts';
import { counted } from '../../words/names.ts';

/** More of them are left to --json. */
const MOST_PARTS = 20;
const MOST_NAMES = 12;

const fromOne = (list: readonly number[]): number[] => list.map((k) => k + 1);

export function componentsDocument({ parts, dead, uncovered }: Components): object {
  return {
    parts: parts.map(({ neurons, features }) => ({ neurons: fromOne(neurons), features: fromOne(features) })),
    dead: fromOne(dead),
    uncovered: fromOne(uncovered),
  };
}

/** `printable` makes labels safe to show. */
export function componentsText(
  { parts, dead, uncovered }: Components,
  m: Instance,
  printable: (text: string) => string,
): string {
  const some = (list: readonly string[]): string =>
    list.length > MOST_NAMES ? `${list.slice(0, MOST_NAMES).join(', ')}, ... (${list.length})` : list.join(', ');
  const shown = parts.slice(0, MOST_PARTS).map(({ neurons, features }, k) => {
    const labels = features.map((d) => printable(m.features[d]?.label ?? ''));
    const word = neurons.length === 1 ? 'neuron' : 'neurons';
    return `  ${k + 1}  ${word} ${some(fromOne(neurons).map(String))} on {${some(labels)}}\n`;
  });
  const rest = parts.length > MOST_PARTS ? `  ... ${parts.length - MOST_PARTS} more, with --json\n` : '';
  const head = `pattern on single features: ${counted(parts.length, 'component')}, ${counted(dead.length, 'neuron')} dead, ${counted(uncovered.length, 'feature')} uncovered\n`;
  return `${head}${shown.join('')}${rest}`;
}
