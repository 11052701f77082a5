/** The study as tables in Markdown: means of three seeds, the least and the most behind them where they differ in what is shown. */
import { arms } from './arms.ts';
import type { Alike, Run } from './rows.ts';
import { measure, type Spread } from './summary.ts';

/** Which models stand together, and what is said of them. */
const TABLES: readonly {
  readonly title: string;
  readonly models: readonly string[];
  readonly keys: readonly string[];
}[] = [
  {
    title: 'Trained and random',
    models: [
      'topk',
      'topk-soft-decoder',
      'topk-frozen-encoder',
      'topk-frozen-decoder',
      'batchtopk',
      'batchtopk-frozen-decoder',
    ],
    keys: ['fvu', 'l0', 'dead', 'f1', 'precision', 'recall', 'mcc', 'uniqueness', 'pw-mcc'],
  },
  {
    title: 'Methods',
    models: ['topk', 'batchtopk', 'matryoshka', 'jumprelu', 'relu'],
    keys: ['fvu', 'l0', 'dead', 'f1', 'mcc', 'uniqueness', 'shrinkage', 'absorption', 'pw-mcc'],
  },
  {
    title: 'Wrong L0',
    models: [
      'topk-k3',
      'topk-k5',
      'topk',
      'topk-k20',
      'topk-k40',
      'batchtopk-k3',
      'batchtopk-k5',
      'batchtopk',
      'batchtopk-k20',
      'batchtopk-k40',
    ],
    keys: ['fvu', 'l0', 'dead', 'f1', 'precision', 'recall', 'mcc', 'pw-mcc'],
  },
  {
    title: 'Width, and what latents of parents have of their children',
    models: ['topk-103', 'topk-205', 'topk', 'topk-1638', 'batchtopk', 'batchtopk-1638'],
    keys: [
      'fvu',
      'f1',
      'mcc',
      'pw-mcc',
      'parents',
      'children-alone',
      'mixed-alone',
      'expected-alone',
      'children-own',
      'mixed-own',
      'mixed-strangers',
    ],
  },
  {
    title: 'Anchoring',
    models: ['topk', 'topk-anchored', 'topk-anchors-fixed'],
    keys: ['fvu', 'f1', 'mcc', 'frequent-rest', 'found-rest', 'absorption', 'pw-mcc', 'pw-rest'],
  },
  {
    title: 'Resampling',
    models: [
      'batchtopk',
      'batchtopk-resampling',
      'batchtopk-resampling-often',
      'topk-k3',
      'topk-k3-resampling-often',
      'batchtopk-1638',
      'batchtopk-1638-resampling',
    ],
    keys: ['fvu', 'dead', 'f1', 'mcc', 'uniqueness', 'frequent', 'pw-mcc'],
  },
];

const HEADS: Readonly<Record<string, string>> = {
  fvu: 'FVU',
  l0: 'L0',
  f1: 'F1',
  mcc: 'MCC',
  absorption: 'absorbed',
  'pw-mcc': 'PW-MCC',
  'pw-rest': 'PW-MCC without anchored latents',
  frequent: 'nearest cosine, features 1 to 410',
  'frequent-rest': 'nearest cosine, features 42 to 410',
  'found-rest': 'of these found',
  parents: 'parents found',
  'children-alone': 'children without a latent',
  'mixed-alone': 'of each, mixed in',
  'expected-alone': 'least loss',
  'children-own': 'children with a latent',
  'mixed-own': 'of each, mixed in',
  'mixed-strangers': 'of children of others',
};

export function tablesOf(runs: readonly Run[], alike: readonly Alike[]): string {
  const ran = new Set(runs.map(({ model }) => model));
  const tables = TABLES.map(({ title, models, keys }) => {
    const rows = models
      .filter((model) => ran.has(model))
      .map((model) => {
        return [model, ...keys.map((key) => shown(measure(model, key, runs, alike)))];
      });
    const head = ['model', ...keys.map((key) => HEADS[key] ?? key)];
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
  });
  const left = arms('tenth').filter(({ name }) => !ran.has(name));
  return `${tables.join('\n')}\nnot run: ${left.map(({ name }) => name).join(', ') || 'none'}\n`;
}

function shown(spread: Spread | undefined): string {
  if (!spread) return '';
  const digits = Math.abs(spread.mean) >= 20 ? 0 : Math.abs(spread.mean) >= 2 ? 1 : 3;
  const [mean, least, most] = [spread.mean, spread.least, spread.most].map((x) => x.toFixed(digits));
  return least === most ? `${mean}` : `${mean} (${least} to ${most})`;
}
