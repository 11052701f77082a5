/** The study as tables in Markdown: means of three seeds, the least and the most behind them where they differ in what is shown. */
import { type Arm, arms, sizeOf } from './arms.ts';
import type { Alike, Run } from './rows.ts';
import { measure, type Spread } from './summary.ts';

interface Shown {
  readonly title: string;
  readonly models: readonly string[];
  readonly keys: readonly string[];
}

/** Which models stand together, and what is said of them. */
function shownOf(all: readonly Arm[]): Shown[] {
  const among = (...groups: readonly string[]): Arm[] =>
    all.filter(({ name, group }) => groups.includes(group) || name === 'topk' || name === 'batchtopk');
  const names = (list: readonly Arm[]): string[] => list.map(({ name }) => name);
  const kinds = ['topk', 'batchtopk'];
  const by = (list: readonly Arm[], size: (config: Arm['config']) => number): string[] => {
    const kind = ({ config }: Arm): number => kinds.indexOf(config.method.kind);
    return names([...list].sort((a, b) => kind(a) - kind(b) || size(a.config) - size(b.config)));
  };
  const resampled = new Set(names(all).filter((name) => name.includes('-resampling')));
  const before = new Set([...resampled].map((name) => name.replace(/-resampling(-often)?$/, '')));
  return [
    {
      title: 'Trained and random',
      models: by(among('baseline'), () => 0),
      keys: ['fvu', 'l0', 'dead', 'f1', 'precision', 'recall', 'mcc', 'uniqueness', 'pw-mcc'],
    },
    {
      title: 'Methods',
      models: names(among('method')),
      keys: ['fvu', 'l0', 'dead', 'f1', 'mcc', 'uniqueness', 'shrinkage', 'absorption', 'pw-mcc'],
    },
    {
      title: 'Wrong L0',
      models: by(among('l0'), ({ method }) => method.k ?? 0),
      keys: ['fvu', 'l0', 'dead', 'f1', 'precision', 'recall', 'mcc', 'pw-mcc'],
    },
    {
      title: 'Width, and what latents of parents have of their children',
      models: by(among('width'), ({ neurons }) => neurons),
      keys: [
        ...['fvu', 'f1', 'mcc', 'pw-mcc', 'parents', 'children-alone', 'mixed-alone', 'expected-alone'],
        ...['children-own', 'mixed-own', 'mixed-strangers'],
      ],
    },
    {
      title: 'Anchoring',
      models: ['topk', ...names(all.filter(({ group }) => group === 'anchoring'))],
      keys: ['fvu', 'f1', 'mcc', 'frequent-rest', 'found-rest', 'absorption', 'pw-mcc', 'pw-rest'],
    },
    {
      title: 'Resampling',
      models: names(all.filter(({ name }) => resampled.has(name) || before.has(name))).sort(),
      keys: ['fvu', 'dead', 'f1', 'mcc', 'uniqueness', 'frequent', 'pw-mcc'],
    },
  ];
}

const HEADS: Readonly<Record<string, string>> = {
  fvu: 'FVU',
  l0: 'L0',
  f1: 'F1',
  mcc: 'MCC',
  absorption: 'absorbed',
  'pw-mcc': 'PW-MCC',
  'pw-rest': 'PW-MCC without anchored latents',
  frequent: 'nearest cosine, most frequent features',
  'frequent-rest': 'nearest cosine, features not anchored',
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
  const all = arms(sizeOf([...ran]));
  const tables = shownOf(all).map(({ title, models, keys }) => {
    const rows = models
      .filter((model) => ran.has(model))
      .map((model) => {
        return [model, ...keys.map((key) => shown(measure(model, key, runs, alike)))];
      });
    const head = ['model', ...keys.map((key) => HEADS[key] ?? key)];
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
  });
  const left = all.filter(({ name }) => !ran.has(name));
  return `${tables.join('\n')}\nnot run: ${left.map(({ name }) => name).join(', ') || 'none'}\n`;
}

function shown(spread: Spread | undefined): string {
  if (!spread) return '';
  const digits = Math.abs(spread.mean) >= 20 ? 0 : Math.abs(spread.mean) >= 2 ? 1 : 3;
  const [mean, least, most] = [spread.mean, spread.least, spread.most].map((x) => x.toFixed(digits));
  return least === most ? `${mean}` : `${mean} (${least} to ${most})`;
}
