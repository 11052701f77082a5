/** `dictum/latents@1`: some latents of a trained model, by the numbers of its file, and inputs that they are asked about. */
import type { Node } from '../document/node.ts';
import { invalid, malformed } from '../numbers/rejection.ts';
import type { Vector } from '../numbers/vector.ts';
import type { Format } from './instance.ts';
import type { Latents } from './subject.ts';

function readLatents(node: Node): Latents {
  const parts = node.fields(['format', 'name', 'source', 'latents', 'inputs'], ['strengths', 'sums']);
  const format = parts.format.word(['dictum/latents@1']);
  let [length, outputs]: (number | undefined)[] = [];
  const names = new Set<string>();
  const latents = parts.latents.items().map((item) => {
    const { name, row, constant, threshold, column } = item.fields(['name', 'row', 'constant', 'threshold', 'column']);
    const e = row.vector(length);
    const u = column.vector(outputs);
    [length, outputs] = [e.length, u.length];
    return {
      name: once(names, name),
      row: e,
      constant: constant.rational(),
      threshold: least(threshold, 0),
      column: u,
    };
  });
  if (length === undefined) malformed('wrong-size', parts.latents.path, 'a latent at least', 'none');
  const labels = new Set<string>();
  const inputs = parts.inputs.items().map((item) => {
    const { label, x, target } = item.fields(['label', 'x'], ['target']);
    const [from, to]: readonly Vector[] = [x.vector(length), (target ?? x).vector(outputs)];
    return { label: once(labels, label), x: from as Vector, target: to as Vector };
  });
  if (inputs.length === 0) malformed('wrong-size', parts.inputs.path, 'an input at least', 'none');
  const [t, s] = parts.strengths?.items(2).map((item) => least(item, 1)) ?? [];
  const sums = parts.sums?.fields(['most', 'strength']);
  return {
    format,
    name: parts.name.text(),
    source: parts.source.text(),
    latents,
    inputs,
    ...(t && s && { strengths: [t, s] as const }),
    ...(sums && { sums: { most: sums.most.index(1, inputs.length), strength: least(sums.strength, 0) } }),
  };
}

/** At least 0; with `sign` 1 above it. */
function least(node: Node, sign: 0 | 1): Latents['latents'][number]['constant'] {
  const value = node.rational();
  if (value.sign() < sign) malformed('out-of-range', node.path, sign === 1 ? 'above 0' : 'at least 0', `${value}`);
  return value;
}

function once(known: Set<string>, node: Node): string {
  const name = node.text();
  if (known.has(name)) malformed('repeated-row', node.path, 'each name once', name);
  known.add(name);
  return name;
}

/** t and t': the first input stands for t w_p, and t w_p + t' w_c beside the second. */
export const strengthsOf = (m: Latents): NonNullable<Latents['strengths']> =>
  m.strengths ?? invalid('missing-data', '$.instance.strengths', 'two strengths, which this claim is about', 'none');

export const LATENTS: Format<Latents> = { name: 'dictum/latents@1', read: readLatents };
