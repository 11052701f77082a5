/** Labelled vectors, and how they come as JSON: a map from label to vector, or a table of labels and vectors. */
import { parseJson } from '../kernel/document/json.ts';
import { Node } from '../kernel/document/node.ts';
import type { Rational } from '../kernel/numbers/rational.ts';
import { fail } from './problem.ts';
import { refusing } from './refusing.ts';

export interface Labelled {
  readonly label: string;
  readonly entries: () => readonly Rational[];
  /** Where the vector stands in the file. */
  readonly path: string;
}

/** At least one vector, all of one length, labels all different; decimals are read exactly. */
export function readLabelled(text: string, file: string): readonly Labelled[] {
  return refusing(file, () => {
    const root = new Node(parseJson(text));
    const members = root.members();
    const [labels, vectors] = [members.get('labels'), members.get('vectors')];
    // A map may have the words "labels" and "vectors" in it: its vectors hold numbers, a table's "vectors" holds arrays.
    const table =
      labels && vectors && Array.isArray(vectors.json) && vectors.items().every((v) => Array.isArray(v.json));
    const entries = table ? fromTable(labels, vectors, file) : [...members];
    const [first] = entries;
    const next = 'It has the form {"label": [numbers], ...} or {"labels": [...], "vectors": [[numbers], ...]}.';
    if (!first) return fail('wrong-size', { file, path: root.path, next }, 'at least one labelled vector', 'none');
    const length = first[1].items().length;
    if (length === 0) fail('wrong-size', { file, path: first[1].path, next }, 'at least one coordinate', 'none');
    return entries.map(([label, node]) => {
      const entries = node.items(length).map((item) => item.rational());
      return { label, entries: () => entries, path: node.path };
    });
  });
}

function fromTable(labels: Node, vectors: Node, file: string): readonly (readonly [string, Node])[] {
  const names = labels.items();
  const rows = vectors.items(names.length);
  const seen = new Set<string>();
  return names.map((node, i) => {
    const label = node.text();
    if (seen.has(label)) fail('duplicate-label', { file, path: node.path }, 'each label once', JSON.stringify(label));
    seen.add(label);
    return [label, rows[i] as Node];
  });
}
