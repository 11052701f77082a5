/** The files of rows and labels on their way in. */

import type { InspectRequest } from '../../inspect/request.ts';
import {
  dataFrom,
  labelledRows,
  labelsInCsv,
  labelsInTensor,
  type ReadLabels,
  tensorRows,
} from '../../latents/enter.ts';
import { readText } from '../../terminal/files.ts';
import { fail } from '../../terminal/problem.ts';
import type { Tensor } from '../../train/data/npy.ts';
import type { Shape } from '../../train/model/weights.ts';
import { openTensor, partOf } from '../train/openSource.ts';

type Data = NonNullable<InspectRequest['data']>;

/** Rows as the model gets them. */
export async function readData(file: string, shape: Shape, names: string | undefined): Promise<Data> {
  const read = file.endsWith('.json') ? labelledRows(await readText(file), file) : tensorRows(await tensorIn(file));
  const data = dataFrom(read, file, shape);
  return names === undefined ? data : { ...data, names: await readNames(names, data.rows, file) };
}

function tensorIn(file: string): Promise<Tensor> {
  const { path, part } = partOf(file);
  return openTensor(path, part);
}

async function readNames(file: string, rows: number, data: string): Promise<string[]> {
  const names = (await readText(file)).replace(/\r?\n$/, '').split(/\r?\n/);
  if (names.length === rows) return names;
  const next = 'Line i is the name of row i.';
  return fail('wrong-size', { file, path: 'lines', next }, `${rows}, one for each row of ${data}`, `${names.length}`);
}

/** rows x labels. */
export async function readLabels(file: string): Promise<ReadLabels> {
  return /\.(csv|tsv)$/i.test(file)
    ? labelsInCsv(await readText(file), file)
    : labelsInTensor(await tensorIn(file), file);
}
