/**
 * `dictum inspect MODEL --data X --labels L --separable LABEL`: whether any latent could detect the label in these rows, whatever was trained: a row e
 * and a bias b with <e, x> + b > 0 on the rows that have it and <= 0 on the others. That is the question of `dictum realize` with a bias, about rows.
 */
import { CLAIMS } from '../../../theorems/statements.ts';
import type { InspectRequest } from '../../inspect/request.ts';
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { type Instance, readInstance } from '../../kernel/model/instance.ts';
import type { Rational } from '../../kernel/numbers/rational.ts';
import { certify } from '../../solve/decide/certify.ts';
import type { WeightedFeature } from '../../solve/realize/answer.ts';
import { realize } from '../../solve/realize/realize.ts';
import { closest } from '../../terminal/closest.ts';
import { sha256 } from '../../terminal/digest.ts';
import { writeAtomically } from '../../terminal/files.ts';
import { fail, Undecided } from '../../terminal/problem.ts';
import { exactly } from '../../train/checkpoint/exactModel.ts';
import { counted, labelText } from '../../words/names.ts';
import { numberText } from '../../words/number.ts';
import { answerDocument, checked } from '../realize/answer.ts';

type Data = NonNullable<InspectRequest['data']>;

const nameIn = ({ names }: Data, r: number): string => (names ? `${names[r]} (row ${r})` : `row ${r}`);
const once = (r: number): WeightedFeature[] => [{ feature: r + 1, weight: '1' }];

/** Rows that are named in an answer. */
const NAMED = 8;

/** @returns what was found, as a sentence and as `dictum/realize@1` */
export async function separable(
  { model, data, labels }: InspectRequest,
  label: string,
  certificate: string | undefined,
): Promise<{ readonly says: string; readonly document: object }> {
  const file = '--separable';
  if (!data || !labels) fail('bad-arguments', { file }, '--data FILE and --labels FILE beside it', 'not both');
  const column = labels.columns[labels.names.indexOf(label)];
  if (!column) {
    const near = closest(label, labels.names);
    const next = near === undefined ? `Labels: ${labels.names.slice(0, NAMED).join(', ')}.` : `Did you mean ${near}?`;
    fail('unknown-word', { file, next }, 'a label of --labels', JSON.stringify(label));
  }
  const m = instanceOf(data, model.shape.np, column, label);
  if (!('features' in m)) {
    const [one, other] = m.map((r) => labelText(nameIn(data, r)));
    if (certificate !== undefined)
      fail(
        'bad-arguments',
        { file: '--certificate', next: 'Compare the two rows.' },
        'rows that differ',
        `${one} = ${other}`,
      );
    const says = `${labelText(label)} is not separable: ${one} has it, ${other} has not, and they are the same input`;
    return {
      says,
      document: {
        format: 'dictum/realize@1',
        realizable: false,
        neuron: 1,
        farkas: { on: once(m[0]), off: once(m[1]) },
      },
    };
  }
  const set = m.pattern?.[0] ?? [];
  const answer = checked(m, [set], realize(m, [set]));
  if (certificate !== undefined) await writeProof(m, certificate);
  const document = answerDocument(m, answer);
  const having = column.reduce((sum, bit) => sum + bit, 0);
  const [with_, without] = [counted(having, 'row'), data.rows - having];
  const name = (d: number): string => m.features[d]?.label ?? '';
  if (answer.realizable) {
    const [e] = answer.encoder.we;
    const margins = m.features.map((f) => e?.dot(f.wp) as Rational);
    const least = set.map((d) => margins[d] as Rational).reduce((a, b) => (a.compare(b) <= 0 ? a : b));
    const says = `${labelText(label)} is separable: a row and a bias are above 0 on its ${with_}, least ${numberText(`${least}`)}, and at most 0 on the ${without} others`;
    return { says, document };
  }
  const { refutation } = answer;
  if (refutation.rule !== 'farkas') throw new Error(`refuted by ${refutation.rule}, of one neuron`);
  const [on, off] = [refutation.on, refutation.off].map((side) => weighted(side, name));
  const says = `${labelText(label)} is not separable: no row and bias are above 0 on its ${with_} and at most 0 on the ${without} others, as a mean of rows with it is a mean of rows without it: ${on} = ${off}`;
  return { says, document };
}

/** With weights that add up to 1 on each side, as the bias asks. */
function weighted(side: readonly WeightedFeature[], name: (d: number) => string): string {
  const total = side.reduce((sum, { weight }) => sum + BigInt(weight), 0n);
  const shown = side
    .slice(0, NAMED)
    .map(
      ({ feature, weight }) =>
        `${numberText(weight === `${total}` ? '1' : `${weight}/${total}`)} ${labelText(name(feature - 1))}`,
    );
  const more = side.length > NAMED ? [`${counted(side.length - NAMED, 'row')} more`] : [];
  return [...shown, ...more].join(' + ');
}

/** Each input once, under the name of its first row; or two rows that are one input, of which one alone has the label. */
function instanceOf(data: Data, np: number, column: Uint8Array, label: string): Instance | readonly [number, number] {
  const { values, rows } = data;
  const first = new Map<string, number>();
  for (let r = 0; r < rows; r++) {
    const key = Array.from(values.subarray(r * np, (r + 1) * np), (x) => x + 0).join();
    const before = first.get(key) ?? r;
    if (column[before] !== column[r]) return column[r] === 1 ? [r, before] : [before, r];
    first.set(key, before);
  }
  const kept = [...first.values()];
  const features = kept.map((r) => ({
    label: nameIn(data, r),
    wp: Array.from(values.subarray(r * np, (r + 1) * np), (x) => `${exactly(x)}`),
    wr: ['0'],
  }));
  const set = kept.flatMap((r, d) => (column[r] === 1 ? [d + 1] : []));
  const subject = { format: 'dictum/instance@2', name: `rows with ${label}`, subject: 'inputs', encoderBias: 'free' };
  const model = { activation: { kind: 'relu' }, neurons: 1, pattern: [set] };
  return readInstance(new Node(parseJson(JSON.stringify({ ...subject, features, ...model }))));
}

async function writeProof(m: Instance, to: string): Promise<void> {
  const claim = CLAIMS.get('R');
  const outcome = claim && certify({ claim, reading: 'paper', instance: m, proposals: {} }, sha256);
  if (!outcome) throw new Error('claim R is not listed');
  if (outcome.verdict === 'undecided') throw new Undecided(outcome.why);
  await writeAtomically(to, outcome.certificate);
}
