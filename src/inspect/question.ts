/**
 * What can be proved of one latent, as a claim about its numbers: that it is absorbed, or absorbs; or the inputs that it is on at; or that it
 * is off at all of them. The claims are those of theorems/latents; nothing is decided here.
 */
import type { Latents } from '../kernel/model/subject.ts';
import { type Rational, sum } from '../kernel/numbers/rational.ts';
import { Vector } from '../kernel/numbers/vector.ts';
import { TrainProblem } from '../train/backend/problem.ts';
import { exactly } from '../train/checkpoint/exactModel.ts';
import { middle } from './atoms.ts';
import type { Book } from './book.ts';
import { type Encoder, encoderOf } from './encoder.ts';
import { type ExactRow, exactRow, scaled } from './exactRow.ts';
import type { AtomCard, InspectRequest, InspectResult } from './request.ts';

export interface Question {
  readonly claim: 'absorbs' | 'latent-on' | 'latent-off';
  readonly about: Latents;
}

type Inputs = Latents['inputs'];

/** Numbers of a certificate's inputs: some 10 MB of text. */
const MOST_NUMBERS = 400_000;
/** Rows that a latent is shown on at: those of its largest activations. */
const SHOWN = 5;

/**
 * @param latent its index in the tensor
 * @param source the model's file, as the certificate names it
 * @throws TrainProblem of Top-k, where the other latents decide which are on; and of more rows than a certificate holds
 */
export function questionOf(request: InspectRequest, result: InspectResult, latent: number, source: string): Question {
  const encoder = encoderOf(request.model);
  if (encoder.k !== undefined) {
    const next = 'Of relu and jumprelu, one latent is a claim about its own numbers.';
    throw new TrainProblem('not-read', 'method', 'relu or jumprelu', 'topk, where the others decide', source, next);
  }
  const asked = (
    claim: Question['claim'],
    name: string,
    of: readonly number[],
    more: Pick<Latents, 'inputs'> & Partial<Latents>,
  ) =>
    ({
      claim,
      about: {
        format: 'dictum/latents@1',
        name,
        source,
        latents: of.map((i) => latentOf(request, encoder, i)),
        ...more,
      },
    }) as const;
  const book = result.books.find(
    ({ basis, verdict, carrier, shares }) =>
      basis === 'directions' &&
      verdict === 'absorbed' &&
      (carrier === latent || shares.some((s) => s.comes && s.latent === latent)),
  );
  if (book) return absorption(book);
  if (request.data) return onRows(request.data);
  return onAtoms(result.atoms.filter((_, k) => result.latents[latent]?.atoms?.on.includes(k)));

  function absorption({ parent, child, carrier, shares }: Book): Question {
    const t = middle(dictionary().strengths);
    const name = `${nameOf(parent)} and its child ${nameOf(child)}`;
    const others = shares.filter(({ comes }) => comes).map((share) => share.latent);
    const inputs = [parent, child].map((d) => input(nameOf(d), vectorOf(d), dictionary().wr[d]));
    return asked('absorbs', name, [carrier as number, ...others], { inputs, strengths: [t, t] });
  }

  function onRows({ values, rows, names }: NonNullable<InspectRequest['data']>): Question {
    const { np } = request.model.shape;
    const top = (result.latents[latent]?.top ?? []).slice(0, SHOWN).map(({ row }) => row);
    const shown = top.length > 0 ? top : Array.from({ length: rows }, (_, row) => row);
    if (shown.length * np > MOST_NUMBERS) {
      const next = 'Give fewer rows: a latent that is off is proved off row by row.';
      const found = `${shown.length} x ${np}`;
      throw new TrainProblem(
        'too-large',
        'rows',
        `at most ${MOST_NUMBERS} numbers in a certificate`,
        found,
        '--data',
        next,
      );
    }
    const label = (row: number): string => (names ? `${names[row]} (row ${row})` : `row ${row}`);
    const inputs = shown.map((row) =>
      input(label(row), exactVector(exactRow(values.subarray(row * np, (row + 1) * np)))),
    );
    return top.length > 0
      ? asked('latent-on', `#${latent}, in the rows of its largest activations`, [latent], { inputs })
      : asked('latent-off', `#${latent}, in all rows`, [latent], { inputs });
  }

  function onAtoms(on: readonly AtomCard[]): Question {
    if (on.length > 0)
      return asked('latent-on', `#${latent}, at the middle strength`, [latent], { inputs: on.map(atomInput) });
    const [, high] = dictionary().strengths;
    const all = dictionary().names.map((name, d) => input(name, vectorOf(d)));
    const own = latentOf(request, encoder, latent);
    const gains = all.map(({ x }) => own.row.dot(x)).filter((g) => g.sign() > 0);
    gains.sort((a, b) => b.compare(a));
    const most = largestSum(
      own.constant,
      gains.map((g) => g.times(high)),
      all.length,
    );
    return most > 0
      ? asked('latent-off', `#${latent}, where a few features come together`, [latent], {
          inputs: all,
          sums: { most, strength: high },
        })
      : asked('latent-off', `#${latent}, at the middle strength`, [latent], { inputs: result.atoms.map(atomInput) });
  }

  function atomInput({ root, child }: AtomCard): Inputs[number] {
    const t = middle(dictionary().strengths);
    const times = `${t}` === '1' ? '' : `${t} `;
    const name =
      child === undefined ? `${times}${nameOf(root)}` : `${times}${nameOf(root)} with ${times}${nameOf(child)}`;
    const parts = [root, ...(child === undefined ? [] : [child])].map((d) => vectorOf(d).times(t));
    return input(
      name,
      parts.reduce((a, b) => a.plus(b)),
    );
  }

  function dictionary(): NonNullable<InspectRequest['features']> {
    if (!request.features) throw new Error('asked about features without any');
    return request.features;
  }
  function nameOf(d: number): string {
    return dictionary().names[d] ?? `${d + 1}`;
  }
  function vectorOf(d: number): Vector {
    return dictionary().wp[d] as Vector;
  }
}

const input = (label: string, x: Vector, target: Vector = x): Inputs[number] => ({ label, x, target });

const exactVector = ({ num, exp, den }: ExactRow): Vector => Vector.of(num.map((x) => scaled(x, exp, den)));

function latentOf({ model: { weights } }: InspectRequest, e: Encoder, i: number): Latents['latents'][number] {
  const { wd } = weights;
  return {
    name: `#${i}`,
    row: exactVector(e.exactRow(i)),
    constant: e.exactConstant(i),
    threshold: exactly(e.thresholds[i] as number),
    column: exactVector(exactRow(wd.data.subarray(i * wd.stride, i * wd.stride + wd.columns))),
  };
}

/** How many of the gains, largest first, leave the margin at most 0. */
function largestSum(constant: Rational, gains: readonly Rational[], all: number): number {
  let [margin, k] = [constant, 0];
  if (margin.sign() > 0) return 0;
  for (const gain of gains) {
    margin = margin.plus(gain);
    if (margin.sign() > 0) return k;
    k++;
  }
  return sum(gains).plus(constant).sign() > 0 ? k : all;
}
