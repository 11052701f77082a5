/** Rules on critical points of a pattern whose sets do not meet (ReLU, JumpReLU, Top-k): there is one, and there is none. */
import { readElement, readRoot } from '../document/algebraic.ts';
import type { Node } from '../document/node.ts';
import { thresholdOf } from '../model/activation.ts';
import { featureAt, type Instance, type Pattern } from '../model/instance.ts';
import { pencil } from '../model/model.ts';
import {
  checkAllRoots,
  type Element,
  isZeroAt,
  type Polynomial,
  primitive,
  type Root,
  signs,
} from '../numbers/algebraic.ts';
import { characteristic, rank } from '../numbers/elimination.ts';
import { ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { plus, type System, sumsToZero } from '../numbers/system.ts';
import { type Matrix, Vector } from '../numbers/vector.ts';
import { numbered } from '../proof/fact.ts';
import { asked, type Judgement, type Pack, pack, type Rule } from '../proof/goal.ts';
import {
  checkSeparate,
  held,
  isRational,
  lossBounds,
  onFace,
  pencilImage,
  preActivations,
  readCriticalPoint,
  wholeLoss,
} from './criticalPoint.ts';

/** A critical point of the pattern: ../criticalPoint.ts has the proof. */
const criticalPoint: Rule = (judgement, node, { instance: m }) => {
  const partial = judgement.predicate === 'partial-minimum';
  const goal = partial ? asked(judgement, 'partial-minimum', true, node) : asked(judgement, 'critical', true, node);
  if (goal.predicate === 'critical' && goal.as !== 'any') {
    invalid('wrong-rule', `${node.path}.rule`, `a rule for a ${goal.as}`, 'critical-point');
  }
  const parts = node.fields(['rule', 'live', 'dead']);
  const at = readCriticalPoint(m, goal.pattern, parts);
  if (goal.predicate === 'partial-minimum') {
    if (goal.stationary && onFace(at)) {
      invalid('not-critical', node.path, 'both gradients 0', 'a multiplier mu_t > 0');
    }
    if (at.loss[0].sign() <= 0) invalid('does-not-hold', node.path, 'L~ > 0', `${lossBounds(at.loss)}`);
  }
  return { loss: lossBounds(at.loss), face: onFace(at) };
};

/**
 * A basis of V_T = {e : <e, w_t> = 0 for t in T} modulo {e : <e, w_d> = 0 for d in F}, and det(A - t B) restricted to it. On V_T this
 * space has dimension rank(T, F) - rank(T). B is positive definite on it iff the coefficient of t^size, (-1)^size det B, is not 0; so
 * the vectors given are independent there iff the degree is the size, and then every root is real.
 */
export function restrictedPolynomial(
  m: Instance,
  set: readonly number[],
  tight: readonly number[],
  basis: Node,
): Polynomial {
  const w = (features: readonly number[]): Matrix => features.map((d) => featureAt(m, d).wp);
  const size = rank(w([...tight, ...set])) - rank(w(tight));
  const rows = basis.matrix(size, m.np);
  for (const t of w(tight)) {
    if (rows.some((row) => row.dot(t).sign() !== 0)) invalid('wrong-basis', basis.path, 'vectors of V_T', 'another');
  }
  const { a, b } = pencil(m, set);
  const restricted = (matrix: Matrix): Matrix => {
    const images = rows.map((x) => Vector.of(matrix.map((v) => v.dot(x))));
    return rows.map((y) => Vector.of(images.map((x) => x.dot(y))));
  };
  const p = primitive(characteristic(restricted(a), restricted(b)).num);
  if (p.length !== size + 1) invalid('wrong-basis', basis.path, 'vectors independent on F', 'dependent ones');
  return p;
}

/**
 * No critical point of the pattern. Each listed neuron's features F feed no other neuron, so a critical point has a row e, positive
 * on F and <= 0 off F, with (A - lambda B) e = sum_T mu_t w_t, mu_t > 0, <e, w_t> = 0 on T; and T may be taken independent
 * (Caratheodory). Only features F' of F with weight > 0 count in A, B and C. Every T is gone through:
 * 1. (A - lambda B) e lies in the span of F'. So t is in no T if it is not in the span of F' and the other features off F, and T is
 *    excluded if some t in T is not in the span of F' and T without t.
 * 2. If F' lies in the span of T, then e is 0 on F: T and all that contain it are excluded.
 * 3. `empty`: sum_F c_d w_d + sum_off c_d w_d + sum_T c_t w_t = 0 with c >= 0 on F, not all 0, c <= 0 off F and T, excludes rows that are
 *    tight on T, so T and all that contain it.
 * 4. Otherwise lambda is a root of det(A - lambda B) on V_T modulo {e : e is 0 on F'}: `roots` are all of them. For each, y and c as in 3
 *    with (A - lambda B) y + sum_d c_d w_d = 0 and <y, w_t> >= 0 on T: then e^T (A - lambda B) y = sum_T mu_t <y, w_t> >= 0, but also
 *    = -sum_d c_d <e, w_d> < 0.
 * Where both gradients have to vanish mu = 0, and T = {} says it all; and with a threshold theta > 0 (`thresholdOf`). Then also sum c_d >= 0,
 * which gives sum_d c_d <e, w_d> > theta sum_d c_d >= 0, as <e, w_d> > theta on F and <= theta off F. Under Top-k the features
 * `held` by rivals are off F, but neither in T nor in c: nothing bounds <e, w_d> from one side there. Where L~ > 0 is asked for, the root sum_F M_d |r_d|^2 may be
 * `spared`: if every neuron is left with that one, L~ = 0 at every critical point.
 */
const noCriticalPoint: Rule = (judgement, node, { instance: m }) => {
  const goal: Extract<Judgement, { pattern: Pattern }> =
    judgement.predicate === 'partial-minimum'
      ? asked(judgement, 'partial-minimum', false, node)
      : asked(judgement, 'critical', false, node);
  const { pattern } = goal;
  const stationary = goal.predicate === 'partial-minimum' && goal.stationary;
  const listed: number[] = [];
  const spared = node
    .fields(['rule', 'neurons'])
    .neurons.items()
    .map((item) => {
      const { neuron, faces } = item.fields(['neuron', 'faces']);
      const i = neuron.index(1, pattern.length) - 1;
      if (i <= (listed.at(-1) ?? -1)) invalid('not-increasing', neuron.path, 'increasing neurons', `${i + 1}`);
      listed.push(i);
      checkSeparate(m, pattern, [i], item);
      const set = pattern[i] ?? [];
      let some = false;
      checkFaces(m, pattern, set, stationary || thresholdOf(m).sign() > 0, faces, (face, root) => {
        const { lambda, y, c } = root.fields(['lambda'], ['y', 'c']);
        const found = readRoot(lambda);
        if (!y && !c) {
          if (!isRational(found) || !found.from.equals(wholeLoss(m, set))) {
            invalid('missing-data', root.path, 'y and c', 'neither');
          }
          some = true;
        } else checkExcluded(m, rowsOf(face), found, root, ['lambda', 'y', 'c']);
        return found;
      });
      return some;
    });
  if (spared.length === 0) invalid('missing-data', node.path, 'at least one neuron', 'none');
  if (!spared.includes(false)) {
    const covered = listed.flatMap((i) => pattern[i] ?? []);
    const whole = m.features.every((f, d) => f.weight.sign() === 0 || covered.includes(d));
    if (goal.predicate !== 'partial-minimum' || !whole) {
      invalid('missing-data', node.path, 'a proof for every root of some neuron', 'spared ones');
    }
  }
  return { neurons: numbered(listed) };
};

/** Refuses unless y and c exclude the rows. */
export function checkExcluded(
  m: Instance,
  rows: Rows,
  root: Root,
  node: Node,
  keys: readonly ('lambda' | 'y' | 'c')[],
): void {
  const parts = node.fields(keys);
  const [y, c] = [readElement(parts.y, m.np), readElement(parts.c, m.features.length)];
  excluded(checkCombination(m, rows, { y, c }, root, node), node);
}

/** Sets T, those without an entry too: few entries may stand for exponentially many. */
const MAX_VISITS = 5_000;

/** What a root of a face needs to be dealt with: reads the item of its root, and refuses or returns the root. */
export type RootCheck = (face: Face, item: Node) => Root;

/** Goes through the sets T of one neuron in preorder; each root of each face that has rows is handed to `checkRoot`. */
export function checkFaces(
  m: Instance,
  pattern: Pattern,
  set: readonly number[],
  stationary: boolean,
  node: Node,
  checkRoot: RootCheck,
): void {
  const entries = node.items();
  let next = 0;
  const w = (features: readonly number[]): Matrix => features.map((d) => featureAt(m, d).wp);
  const live = set.filter((d) => featureAt(m, d).weight.sign() > 0);
  const rivals = held(m, pattern);
  const off = m.features.flatMap((_, d) => (set.includes(d) || rivals[d] ? [] : [d]));
  /** Is some t not in the span of `live` and the rest of `tight`? */
  const loose = (tight: readonly number[], t: number): boolean =>
    rank(w([...live, ...tight])) > rank(w([...live, ...tight.filter((other) => other !== t)]));
  const candidates = stationary ? [] : off.filter((t) => !loose(off, t));
  let visits = 0;
  const visit = (tight: readonly number[], first: number): void => {
    if (++visits > MAX_VISITS) invalid('too-much-work', node.path, `at most ${MAX_VISITS} sets T gone through`, 'more');
    const independent = rank(w(tight));
    if (independent < tight.length || rank(w([...tight, ...live])) === independent) return;
    if (!tight.some((t) => loose(tight, t))) {
      const entry =
        entries[next++] ?? invalid('missing-data', node.path, `an entry for T = {${tight.map((t) => t + 1)}}`, 'none');
      if (checkFace(m, { set, live, off, tight }, entry, checkRoot) === 'empty') return;
    }
    for (const [k, t] of candidates.entries()) if (k >= first) visit([...tight, t], k + 1);
  };
  visit([], 0);
  if (next < entries.length) invalid('missing-data', node.path, `${next} entries`, `${entries.length}`);
}

export interface Face {
  readonly set: readonly number[];
  readonly live: readonly number[];
  /** Where the row has to be <= theta. */
  readonly off: readonly number[];
  readonly tight: readonly number[];
}

function checkFace(m: Instance, face: Face, node: Node, checkRoot: RootCheck): 'empty' | 'visited' {
  const { tight: given, empty } = node.fields(['tight'], ['empty', 'basis', 'roots']);
  const named = given.items().map((item) => item.index(1, m.features.length) - 1);
  if (named.join() !== face.tight.join()) {
    invalid('wrong-side', given.path, `T = {${face.tight.map((t) => t + 1)}}`, `{${named.map((t) => t + 1)}}`);
  }
  if (empty) {
    node.fields(['tight', 'empty']);
    const zero = { f: [0n, 1n], from: ZERO, to: ZERO };
    excluded(checkCombination(m, rowsOf(face), { y: [], c: [empty.vector(m.features.length)] }, zero, empty), empty);
    return 'empty';
  }
  const { basis: rows, roots: list } = node.fields(['tight', 'basis', 'roots']);
  const p = restrictedPolynomial(m, face.live, face.tight, rows);
  const found = list.items().map((item) => checkRoot(face, item));
  checkAllRoots(p, found, list);
  return 'visited';
}

/** Critical rows of a face, or those among them that are tight on `zero`, all of T and perhaps more, and less than theta on `below`. */
export interface Rows {
  readonly face: Face;
  readonly zero: readonly number[];
  readonly below: readonly number[];
}

export const rowsOf = (face: Face): Rows => ({ face, zero: face.tight, below: [] });

/** Refuses unless the combination is > 0 on every such row: it is 0 on all rows, so there is none. */
export function excluded(strict: boolean, node: Node): void {
  if (!strict) invalid('empty-farkas', node.path, 'some c_d > 0 on the set', 'none');
}

/** What such a row e satisfies, feature by feature; nothing is known where rivals hold it down. */
const system = (m: Instance, { face: { set, off }, zero, below }: Rows): System =>
  m.features.map((_, d) => {
    const side = set.includes(d) ? '>' : below.includes(d) ? '<' : off.includes(d) ? '<=' : 'any';
    return { normal: featureAt(m, d).wp, relation: zero.includes(d) ? '=' : side, bound: thresholdOf(m) };
  });

/**
 * (A - lambda B) y + sum_d c_d w_d + rest = 0 with signs for which <y, g> + sum c_d <e, w_d> >= 0 on the rows e. Says whether it is > 0
 * on all of them.
 */
export function checkCombination(
  m: Instance,
  rows: Rows,
  { y, c, rest = [] }: { readonly y: Element; readonly c: Element; readonly rest?: Element },
  root: Root,
  node: Node,
): boolean {
  const { live, tight } = rows.face;
  const onTight = signs(preActivations(m, y), root, m.features.length, node);
  if (tight.some((t) => (onTight[t] ?? -1) < 0))
    invalid('wrong-side', node.path, '<y, w_t> >= 0 on T', 'a negative one');
  const { a, b } = pencil(m, live);
  const field = {
    signs: (x: Element, length: number) => signs(x, root, length, node),
    isZero: (x: Element) => isZeroAt(x, root),
  };
  return sumsToZero(system(m, rows), c, node, field, plus(pencilImage(a, b, y), rest));
}

export const criticalRules: Pack = pack({ 'critical-point': criticalPoint, 'no-critical-point': noCriticalPoint });
