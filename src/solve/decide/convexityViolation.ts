/** Candidates for rule `convexity-violation`: from the instance's encoder to one with a row scaled, or two rows exchanged; where all encoders count, first to its negative. */
import { configurationOf, type Instance, type Region } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { type Matrix, transpose } from '../../kernel/numbers/vector.ts';
import { type Document, matrixDocument } from '../proofs/document.ts';

const FACTORS = ['2', '1/2', '3', '1/3', '3/2', '2/3'].map((text) => Rational.parse(text) as Rational);
const PLACES = ['1/2', '3/5', '2/5', '3/4', '1/4', '9/10', '1/10'];

function* ends(we: Matrix, region: Region): Generator<Matrix> {
  if (region === 'everywhere') yield we.map((row) => row.negated());
  for (const factor of FACTORS)
    for (const i of we.keys()) yield we.map((row, k) => (k === i ? row.times(factor) : row));
  for (const i of we.keys()) {
    for (let j = i + 1; j < we.length; j++) {
      yield we.map((row, k) => (k === i ? (we[j] as typeof row) : k === j ? (we[i] as typeof row) : row));
    }
  }
}

export function* chords(m: Instance, region: Region): Generator<Document> {
  const { we, wd } = configurationOf(m);
  for (const end of ends(we, region)) {
    for (const at of PLACES) {
      yield {
        rule: 'convexity-violation',
        wd: matrixDocument(transpose(wd, m.nr)),
        from: matrixDocument(we),
        to: matrixDocument(end),
        at,
      };
    }
  }
}
