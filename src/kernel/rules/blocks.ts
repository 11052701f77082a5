/**
 * Critical points of patterns whose sets are equal or do not meet, away from all kinks (ReLU, JumpReLU, Top-k with room for every set). A
 * *block* is the k neurons of one set F, with A, B, C the pencil of F and r the rank of B. Its rows are E = T V + flat: V the first q = min(k, r)
 * of r eigenvectors v_j with (A - lambda_j B) v_j = 0, B-orthogonal and none 0 on F; T of rank q; flat 0 on F.
 */
import { readElement, readRoot } from '../document/algebraic.ts';
import type { Node } from '../document/node.ts';
import { thresholdOf } from '../model/activation.ts';
import { featureAt, type Instance, type Pattern } from '../model/instance.ts';
import { patternText, pencil } from '../model/model.ts';
import {
  add,
  type Element,
  enclosures,
  type Interval,
  isZeroAt,
  multiplied,
  point,
  type Root,
} from '../numbers/algebraic.ts';
import { rank } from '../numbers/elimination.ts';
import { ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { type Matrix, Vector } from '../numbers/vector.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { checkAsleep, image, isRational, lossBounds, pencilImage, preActivations, wholeLoss } from './criticalPoint.ts';

/**
 * The decoder that is best for E makes both gradients 0, and L~ is sum_d M_d |r_d|^2 less the lambda_j of V: in the coordinates v_j the
 * residuals are orthogonal to V, and what they leave lies in the other v_j. So this is a critical point, as no pre-activation is at a kink.
 * `minimum`: no lambda left out is larger than one of V. With these active sets k neurons give U E of rank <= q on F, which cannot cost less
 * (Eckart-Young, Ky Fan). `saddle`: some lambda_l left out is larger than some lambda_j of V; then v_j + t v_l in the place of v_j lowers L~, with the
 * decoder that is best, for every t != 0.
 */
const blocks: Rule = (judgement, node, { instance: m }) => {
  const { pattern, as } = asked(judgement, 'critical', true, node);
  const groups = groupsOf(m, pattern, node);
  const parts = node.fields(['rule', 'blocks', 'dead']);
  const found = parts.blocks.items(groups.length).map((block, k) => readBlock(m, groups[k] as Group, block));
  const still = pattern.filter((set) => set.length === 0).length;
  for (const row of parts.dead.items(still)) checkAsleep(m, row);
  const better = ({ used, rest }: Block): boolean => used.some((a) => rest.some((b) => a.to.compare(b.from) < 0));
  const best = ({ used, rest }: Block): boolean =>
    used.every((a) => rest.every((b) => sameRoot(a, b) || a.from.compare(b.to) >= 0));
  if (as === 'minimum' && !found.every(best)) invalid('missing-root', node.path, 'the largest eigenvalues', 'others');
  if (as === 'saddle' && !found.some(better)) invalid('no-descent', node.path, 'a larger eigenvalue left out', 'none');
  const whole = wholeLoss(
    m,
    m.features.map((_, d) => d),
  );
  const loss = found
    .flatMap(({ used }) => used)
    .reduce<Interval>((rest, { from, to }) => [rest[0].minus(to), rest[1].minus(from)], point(whole));
  return { loss: lossBounds(loss) };
};

interface Block {
  /** The eigenvalues of V, and those left out. */
  readonly used: readonly Root[];
  readonly rest: readonly Root[];
}

/** A set that is not empty, and how many neurons have it. */
interface Group {
  readonly set: readonly number[];
  readonly neurons: number;
}

/** In the order of their first neurons; refuses sets that meet and differ. */
function groupsOf({ activation }: Instance, pattern: Pattern, node: Node): readonly Group[] {
  if (!['relu', 'jumprelu', 'topk'].includes(activation.kind)) {
    invalid('wrong-rule', `${node.path}.rule`, 'ReLU, JumpReLU or Top-k', activation.kind);
  }
  const groups = new Map<string, Group>();
  const owners = new Map<number, string>();
  for (const set of pattern.filter(({ length }) => length > 0)) {
    const key = set.join();
    if (set.some((d) => (owners.get(d) ?? key) !== key)) {
      invalid('not-a-partition', node.path, 'sets that are equal or do not meet', patternText(pattern));
    }
    for (const d of set) owners.set(d, key);
    const neurons = (groups.get(key)?.neurons ?? 0) + 1;
    if (activation.kind === 'topk' && neurons > activation.k) {
      invalid('wrong-pattern', node.path, `at most ${activation.k} neurons for a feature`, `${neurons}`);
    }
    groups.set(key, { set, neurons });
  }
  return [...groups.values()];
}

const sameRoot = (a: Root, b: Root): boolean =>
  a.from.equals(b.from) && a.to.equals(b.to) && (isRational(a) || a.f.join() === b.f.join());

function readBlock(m: Instance, { set, neurons }: Group, node: Node): Block {
  const { eigen, rows } = node.fields(['eigen', 'rows']);
  const live = set.filter((d) => featureAt(m, d).weight.sign() > 0);
  const w: Matrix = live.map((d) => featureAt(m, d).wp);
  const size = rank(w);
  if (size === 0) invalid('not-a-partition', node.path, 'a set with positive weight', 'none');
  const { a, b } = pencil(m, set);
  const vectors = eigen.items(size).map((item) => {
    const { lambda, v } = item.fields(['lambda', 'v']);
    const root = readRoot(lambda);
    const x = readElement(v, m.np);
    if (!isZeroAt(pencilImage(a, b, x), root)) invalid('not-critical', item.path, '(A - lambda B) v = 0', 'another');
    const [length] = enclosures(product(x, image(b, x)), root, 1);
    if (!length || length[0].sign() <= 0) invalid('too-wide', item.path, 'v^T B v > 0', 'no proof of it');
    return { root, x };
  });
  // Eigenvectors of different eigenvalues are B-orthogonal.
  vectors.forEach(({ root, x }, i) => {
    for (const other of vectors.slice(0, i)) {
      const apart = root.to.compare(other.root.from) < 0 || other.root.to.compare(root.from) < 0;
      if (apart) continue;
      if (!sameRoot(root, other.root) || !isZeroAt(product(x, image(b, other.x)), root)) {
        invalid('wrong-basis', eigen.path, 'eigenvalues apart, or B-orthogonal vectors', `vector ${i + 1}`);
      }
    }
  });
  const used = Math.min(neurons, size);
  const z = vectors.slice(0, used).map(({ root, x }) => enclosures(preActivations(m, x), root, m.features.length));
  const mixtures = rows.items(neurons).map((item) => {
    const { t, flat } = item.fields(['t', 'flat']);
    const [weights, shift] = [t.vector(used), flat.vector(m.np)];
    if (w.some((v) => v.dot(shift).sign() !== 0)) invalid('wrong-basis', flat.path, 'a row that is 0 on F', 'another');
    m.features.forEach((f, d) => {
      const value = z.reduce<Interval>(
        (sum, of, j) => add(sum, multiplied(point(weights.at(j)), of[d] ?? point(ZERO))),
        point(f.wp.dot(shift).minus(thresholdOf(m))),
      );
      const settled = set.includes(d) ? value[0].sign() > 0 : value[1].sign() < 0;
      if (!settled) invalid('wrong-pattern', item.path, `<e, w_${d + 1}> - theta > 0 on F, < 0 off F`, `${value}`);
    });
    return weights;
  });
  if (rank(mixtures) < used) invalid('wrong-basis', rows.path, `T of rank ${used}`, 'less');
  const roots = vectors.map(({ root }) => root);
  return { used: roots.slice(0, used), rest: roots.slice(used) };
}

/** x^T y, of length 1. */
const product = (x: Element, y: Element): Element =>
  Array.from({ length: x.length && y.length && x.length + y.length - 1 }, (_, k) =>
    Vector.of([
      x.reduce((sum, c, i) => {
        const other = y[k - i];
        return other ? sum.plus(c.dot(other)) : sum;
      }, ZERO),
    ]),
  );

export const blockRules: Pack = pack({ blocks });
