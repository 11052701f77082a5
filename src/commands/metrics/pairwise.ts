/** `dictum metrics A B ... --pairwise`: how alike the dictionaries of several checkpoints are. */
import { outputs, writeAtomically } from '../../terminal/files.ts';
import { printable } from '../../terminal/printable.ts';
import { fail } from '../../terminal/problem.ts';
import { note, say } from '../../terminal/streams.ts';
import { table } from '../../terminal/table.ts';
import { type Pairwise, pairwise } from '../../train/metrics/pairwise.ts';
import { TAUS } from '../../train/metrics/similarity.ts';
import { type OpenedModel, openModel, type ToldOptions } from './openModel.ts';

interface Options extends ToldOptions {
  readonly csv?: string;
  readonly json?: boolean;
}

export async function comparePairwise(paths: readonly string[], options: Options): Promise<void> {
  if (paths.length < 2) fail('bad-arguments', { file: '--pairwise' }, 'two checkpoints or more', `${paths.length}`);
  const models: OpenedModel[] = [];
  for (const path of paths) {
    const opened = await openModel(path, options);
    const [first] = models;
    const [{ nr }, wanted] = [opened.model.shape, first?.model.shape.nr];
    if (first && nr !== wanted) {
      const next = 'Decoders are compared in one space: of several runs on the same data.';
      fail('wrong-data', { file: opened.file, path: 'shape', next }, `${wanted} outputs, as ${first.file}`, `${nr}`);
    }
    for (const remark of opened.notes) note(`${opened.file}: ${remark}\n`);
    models.push(opened);
  }
  await outputs(options.csv);
  const found = pairwise(models.map(({ model }) => model.weights.wd));
  if (options.csv !== undefined) await writeAtomically(options.csv, pairsCsv(found));
  const document = {
    format: 'dictum/pairwise@1',
    checkpoints: models.map(({ file, from, model }) => ({ file, from, method: model.method.kind, ...model.shape })),
    taus: TAUS,
    ...found,
  };
  say(options.json === true ? `${JSON.stringify(document)}\n` : pairwiseText(models, found));
}

function pairwiseText(models: readonly OpenedModel[], { pairs, mcc, signed }: Pairwise): string {
  const list = models.map(
    ({ file, from, model: { method, shape } }, k) =>
      `${k + 1}  ${printable(file)}: ${from}, ${method.kind}, ${shape.nq} neurons, ${shape.np} to ${shape.nr} dimensions\n`,
  );
  const rows = pairs.map(({ a, b, matched, above, ...pair }) => [
    `${a + 1} and ${b + 1}`,
    `${matched}`,
    pair.mcc?.toFixed(4) ?? 'left out',
    ...(above ?? TAUS.map(() => undefined)).map((share) => (share === undefined ? '' : `${(100 * share).toFixed(2)}%`)),
    pair.signed?.toFixed(4) ?? 'left out',
  ]);
  const head = ['pair', 'rows', 'MCC', ...TAUS.map((tau) => `> ${tau}`), 'MCC with signs'];
  const left = 'PW-MCC is left out: so many rows take too long to match\n';
  const last =
    mcc && signed
      ? `PW-MCC ${mcc.mean.toFixed(4)}, from ${mcc.least.toFixed(4)} to ${mcc.most.toFixed(4)}; with signs ${signed.mean.toFixed(4)}\n`
      : left;
  return `${list.join('')}${table([head, ...rows])}\n${last}`;
}

function pairsCsv({ pairs }: Pairwise): string {
  const head = ['a', 'b', 'matched', 'mcc', ...TAUS.map((tau) => `above>${tau}`), 'signed'];
  const rows = pairs.map(({ a, b, matched, mcc, signed, above }) =>
    [a + 1, b + 1, matched, mcc, ...(above ?? TAUS.map(() => '')), signed].join(','),
  );
  return `${[head.join(','), ...rows].join('\n')}\n`;
}
