/** What `dictum inspect` is given beside a model, taken from what its files hold: rows, labels, features, a hierarchy, each compared with the others. */

import { type NamedPair, type Pair, pairsAmong, type Refuse, refuseDeep } from '../inspect/hierarchy.ts';
import type { InspectRequest } from '../inspect/request.ts';
import { parseJson } from '../kernel/document/json.ts';
import { Node } from '../kernel/document/node.ts';
import type { Instance } from '../kernel/model/instance.ts';
import { Rational } from '../kernel/numbers/rational.ts';
import { closest } from '../terminal/closest.ts';
import { recordsOf } from '../terminal/csv.ts';
import { readLabelled } from '../terminal/labelled.ts';
import { fail } from '../terminal/problem.ts';
import { refusing } from '../terminal/refusing.ts';
import type { Floats } from '../train/backend/backend.ts';
import { double } from '../train/checkpoint/double.ts';
import type { Tensor } from '../train/data/npy.ts';
import type { Shape } from '../train/model/weights.ts';
import { counted } from '../words/names.ts';

type Data = NonNullable<InspectRequest['data']>;
type Labels = NonNullable<InspectRequest['labels']>;
type Features = NonNullable<InspectRequest['features']>;

const WITH_NAMES = 'Rows with names: {"word": [numbers], ...} as JSON, or --names FILE, a name a line.';

export interface ReadRows {
  readonly shape: readonly number[];
  readonly values: Floats;
  readonly names?: readonly string[];
}

/** Rows as the model gets them. */
export function dataFrom(read: ReadRows, file: string, { np }: Shape): Data {
  const { shape, values } = read;
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2 || rows === 0 || columns !== np) {
    const next = shape.length === 2 ? WITH_NAMES : 'Save a table, one input a row: a.reshape(-1, a.shape[-1]).';
    fail(
      'wrong-size',
      { file, path: 'shape', next },
      `rows x ${np}, the inputs of the model`,
      shape.join(' x ') || 'a number',
    );
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const path = `row ${Math.floor(bad / columns)}, column ${bad % columns}`;
    fail('not-a-number', { file, path, next: 'Leave such rows out.' }, 'a finite number', `${values[bad]}`);
  }
  return { values, rows, ...(read.names && { names: read.names }) };
}

export const tensorRows = ({ shape, values }: Tensor): ReadRows => ({
  shape,
  values: values instanceof Int32Array ? Float64Array.from(values) : values,
});

/** Decimals become the doubles next to them, as every program reads them. */
export function labelledRows(text: string, file: string): ReadRows {
  const all = readLabelled(text, file);
  const columns = all[0]?.entries().length ?? 0;
  const values = new Float64Array(all.length * columns);
  for (const [r, { entries }] of all.entries()) values.set(entries().map(double), r * columns);
  return { shape: [all.length, columns], values, names: all.map(({ label }) => label) };
}

export interface ReadLabels extends Labels {
  /** Of CSV with a first column that is none of 0 and 1. */
  readonly rowNames?: readonly string[];
}

const ZERO_ONE = 'Labels are 0 or 1: a row for each row of the data, a column for each label.';

/** rows x labels. */
export function labelsFrom(labels: ReadLabels, file: string, rows: number, data: string): ReadLabels {
  const found = labels.columns[0]?.length ?? 0;
  if (labels.columns.length === 0)
    fail('wrong-size', { file, path: 'columns', next: ZERO_ONE }, 'at least one label', 'none');
  if (found !== rows) {
    fail('wrong-size', { file, path: 'rows', next: ZERO_ONE }, `${rows}, one for each row of ${data}`, `${found}`);
  }
  const twice = labels.names.find((name, j) => labels.names.indexOf(name) !== j);
  if (twice !== undefined) fail('duplicate-label', { file, path: 'names' }, 'each label once', JSON.stringify(twice));
  return labels;
}

export function labelsInTensor({ shape, values }: Tensor, file: string): Labels {
  const [rows = 0, columns = 1] = shape;
  if (shape.length > 2 || shape.length === 0) {
    fail('wrong-size', { file, path: 'shape', next: ZERO_ONE }, 'rows x labels', shape.join(' x ') || 'a number');
  }
  const made = Array.from({ length: columns }, () => new Uint8Array(rows));
  for (let at = 0; at < rows * columns; at++) {
    const [r, j, value] = [Math.floor(at / columns), at % columns, values[at] as number];
    if (value !== 0 && value !== 1) {
      fail('wrong-type', { file, path: `row ${r}, column ${j}`, next: ZERO_ONE }, '0 or 1', `${value}`);
    }
    (made[j] as Uint8Array)[r] = value;
  }
  return { names: made.map((_, j) => `${j}`), columns: made };
}

export function labelsInCsv(text: string, file: string): ReadLabels {
  const [head, ...lines] = recordsOf(text, /\.tsv$/i.test(file) ? '\t' : ',', file);
  const isBit = (text: string | undefined): boolean => text === '0' || text === '1';
  if (!head || lines.length === 0 || head.fields.every(isBit)) {
    fail(
      'wrong-size',
      { file, path: 'line 1', next: 'Line 1 names the labels.' },
      'names, and a row for each row of the data',
      head ? 'numbers' : 'an empty file',
    );
  }
  const named = lines.some(({ fields }) => !isBit(fields[0]));
  const from = named ? 1 : 0;
  const names = (head as NonNullable<typeof head>).fields.slice(from);
  const columns = names.map(() => new Uint8Array(lines.length));
  for (const [r, { fields, line }] of lines.entries()) {
    const path = `line ${line}`;
    if (fields.length !== from + names.length) {
      fail('wrong-size', { file, path }, `${from + names.length} fields, as in line 1`, `${fields.length}`);
    }
    for (const [j, column] of columns.entries()) {
      const text = fields[j + from];
      if (!isBit(text)) {
        fail(
          'wrong-type',
          { file, path: `${path}, field ${j + from + 1}`, next: ZERO_ONE },
          '0 or 1',
          JSON.stringify(text),
        );
      }
      column[r] = Number(text);
    }
  }
  return { names, columns, ...(named && { rowNames: lines.map(({ fields }) => fields[0] ?? '') }) };
}

/** Features of an instance, and its own hierarchy as pairs of names. */
export interface ReadFeatures {
  readonly features: Features;
  readonly pairs: readonly NamedPair[];
}

export function featuresFrom(instance: Instance, file: string, { np, nr }: Shape, strength: string): ReadFeatures {
  if (instance.np !== np || instance.nr !== nr) {
    const sized = (from: number, to: number): string =>
      from === to ? `${from} dimensions` : `${from} dimensions and targets of ${to}`;
    const found = sized(instance.np, instance.nr);
    fail('wrong-size', { file, path: '$.features' }, `directions of ${sized(np, nr)}, as the model`, found);
  }
  const label = (f: number): string => instance.features[f]?.label ?? '';
  return {
    features: {
      names: instance.features.map((f) => f.label),
      wp: instance.features.map(({ wp }) => wp),
      wr: instance.features.map(({ wr }) => wr),
      strengths: strengthsIn(strength),
    },
    // A parent may be a concept without a direction of its own: nothing can absorb it.
    pairs: instance.hierarchy.flatMap(({ parent, children }) =>
      instance.features.some((f) => f.label === parent)
        ? children.map((child) => ({ parent, child: label(child), path: '$.hierarchy' }))
        : [],
    ),
  };
}

/** `1..2` */
function strengthsIn(text: string): readonly [Rational, Rational] {
  const [, low = '', high = ''] = /^([^.]*(?:\.\d+)?)\.\.(.+)$/.exec(text) ?? [];
  const [from, to] = [Rational.parse(low), Rational.parse(high)];
  if (from && to && from.sign() > 0 && from.compare(to) <= 0) return [from, to];
  return fail(
    'bad-arguments',
    { file: '--strength' },
    'two numbers above 0, the second not smaller, as 1..2',
    JSON.stringify(text),
  );
}

/** CSV of child and parent, or JSON: {"child": "parent", ...}. */
export function hierarchyFrom(text: string, file: string): NamedPair[] {
  if (/^\s*\{/.test(text)) {
    return refusing(file, () =>
      [...new Node(parseJson(text)).members()].map(([child, node]) => ({
        child,
        parent: node.text(),
        path: node.path,
      })),
    );
  }
  const records = recordsOf(text, ',', file);
  const named = records[0]?.fields.map((field) => field.toLowerCase()).join(',') === 'child,parent';
  return records.slice(named ? 1 : 0).map(({ fields, line }) => {
    const [child = '', parent = ''] = fields;
    if (fields.length !== 2)
      fail('wrong-size', { file, path: `line ${line}` }, 'a child and its parent', `${fields.length} fields`);
    return { child, parent, path: `line ${line}` };
  });
}

/** How a wrong hierarchy in a file is refused. */
const refusalIn =
  (file: string, names: readonly string[]): Refuse =>
  (code, path, expected, found) => {
    const near = code === 'unknown-feature' ? closest(JSON.parse(found) as string, names) : undefined;
    const next = near === undefined ? (code === 'too-deep' ? SHALLOW : undefined) : `Did you mean ${near}?`;
    return fail(code, { file, path, next }, expected, found);
  };

const SHALLOW = 'Leave the lower ones out, or give rows and labels: with these a hierarchy may be of any depth.';

/** What was read of each file that was given; names are for messages. */
export interface Given {
  readonly data?: { readonly read: Data; readonly file: string } | undefined;
  readonly labels?: { readonly read: ReadLabels; readonly file: string } | undefined;
  readonly features?: { readonly read: ReadFeatures; readonly file: string } | undefined;
  readonly hierarchy?: { readonly read: readonly NamedPair[]; readonly file: string } | undefined;
}

/** Labels are given row by row: where both files name the rows, these have to be the same in the same order. */
function sameRows(data: readonly string[], labels: readonly string[], file: string, of: string): void {
  const r = data.findIndex((name, k) => name !== labels[k]);
  if (r < 0) return;
  const next = `Put the rows into the order of ${of}.`;
  const expected = `${JSON.stringify(data[r])}, as in ${of}`;
  fail('wrong-name', { file, path: `row ${r}`, next }, expected, JSON.stringify(labels[r]));
}

/** All that is asked, compared; and what is to be said of it. */
export function requestFrom(
  model: InspectRequest['model'],
  { data: from, labels: given, features: dictionary, hierarchy }: Given,
): { request: InspectRequest; notes: string[] } {
  const [data, read, own] = [from?.read, dictionary?.read, hierarchy?.read];
  const labels = given && from && labelsFrom(given.read, given.file, from.read.rows, from.file);
  const source = hierarchy?.file ?? dictionary?.file ?? '';
  const among = (names: readonly string[], pairs: readonly NamedPair[], what: string): Pair[] =>
    pairsAmong(names, pairs, what, refusalIn(source, names));
  const featurePairs = read && among(read.features.names, own ?? read.pairs, 'a feature of the instance');
  if (featurePairs && read) refuseDeep(read.features.names, featurePairs, refusalIn(source, read.features.names));
  const labelPairs = labels && own && among(labels.names, own, 'a label of the rows');
  if (own && !featurePairs && !labelPairs) {
    fail('bad-arguments', { file: '--hierarchy' }, '--labels FILE or --features FILE beside it', 'neither');
  }
  if (data?.names && labels?.rowNames && given && from) sameRows(data.names, labels.rowNames, given.file, from.file);
  const rowNames = data?.names ?? labels?.rowNames;
  const request: InspectRequest = {
    model,
    ...(data && { data: { ...data, ...(rowNames && { names: rowNames }) } }),
    ...(labels && { labels }),
    ...(read && { features: read.features }),
    hierarchy: { ...(labelPairs && { labels: labelPairs }), ...(featurePairs && { features: featurePairs }) },
  };
  return { request, notes: notesOn(model, data) };
}

/** What the numbers of model and rows ask to be said. */
export function notesOn({ weights, shape }: InspectRequest['model'], data: InspectRequest['data']): string[] {
  const low = weights.theta?.subarray(0, shape.nq).filter((theta) => theta <= 0).length ?? 0;
  let zero = 0;
  for (let r = 0; data && r < data.rows; r++) {
    if (data.values.subarray(r * shape.np, (r + 1) * shape.np).every((x) => x === 0)) zero++;
  }
  return [
    ...(low > 0
      ? [
          `${counted(low, 'threshold')} ${low === 1 ? 'is' : 'are'} 0 or below: such latents are on where their pre-activation is above 0, as in SAELens`,
        ]
      : []),
    ...(zero > 0
      ? [`${counted(zero, 'row')} ${zero === 1 ? 'is' : 'are'} all 0: there a margin is the bias alone`]
      : []),
  ];
}
