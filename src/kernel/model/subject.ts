/** What a claim is about: an instance, or one of the other formats, each read into the part of `Instance` that stands for it. */

import type { Node } from '../document/node.ts';
import { invalid } from '../numbers/rejection.ts';
import { readScale, type Scale } from './generatedModel.ts';
import { type Instance, readInstance } from './instance.ts';
import { type Report, readReport } from './reportedRow.ts';

export const SUBJECTS = ['dictum/instance@1', 'dictum/report@1', 'dictum/scale@1'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** An instance of no features: no claim about features is about it. */
const bare = { features: [], activation: { kind: 'relu' }, neurons: 0, np: 0, nr: 0, hierarchy: [] } as const;

/** Reads the format named, and refuses any other. */
export function readSubject(node: Node, about: Subject): Instance {
  switch (about) {
    case 'dictum/instance@1':
      return readInstance(node);
    case 'dictum/report@1': {
      const report = readReport(node);
      return { ...bare, name: report.name, report };
    }
    case 'dictum/scale@1': {
      const scale = readScale(node);
      return { ...bare, name: scale.name, scale };
    }
  }
}

export const subjectOf = (m: Instance): Subject =>
  m.report ? 'dictum/report@1' : m.scale ? 'dictum/scale@1' : 'dictum/instance@1';

export function reportOf(m: Instance): Report {
  return (
    m.report ?? invalid('missing-data', '$.instance.format', 'dictum/report@1, which this claim is about', 'other')
  );
}

export function scaleOf(m: Instance): Scale {
  return m.scale ?? invalid('missing-data', '$.instance.format', 'dictum/scale@1, which this claim is about', 'other');
}
