/**
 * The checker of `dictum/landing@1`: a training run ended within a stated distance of a certified critical configuration.
 * The instance brings the end weights; the document a point near them, exact, and the covered features in groups, each with a
 * proof that a configuration near that point is of a certain class as far as these features go. Specification:
 * docs/certificate-format.md, "Landings".
 *
 * L~ is the sum of the groups' parts, uncovered features' M |r|^2, and at kinks terms that are >= 0 to first order. A neuron is
 * moved by one group alone: that of positive loss it is active in, if there is one, or else a group of zero loss, whose part
 * is the least there is. So where every part is at a minimum, L~ is, and a part with a strict saddle makes one of L~.
 */
import { type Digest, documentId } from '../../kernel/document/canonical.ts';
import { type Json, parseJson, refuseFloats } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import {
  type Configuration,
  configurationOf,
  featureAt,
  type Instance,
  readConfiguration,
  readFeatureSet,
  readInstance,
} from '../../kernel/model/instance.ts';
import { gradients } from '../../kernel/model/model.ts';
import { type Rational, sum } from '../../kernel/numbers/rational.ts';
import { invalid, Rejection } from '../../kernel/numbers/rejection.ts';
import type { Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { bounded } from '../../kernel/numbers/work.ts';
import { costsToWake } from './faces.ts';
import type { Group } from './frame.ts';
import { type Graph, graphOf, staysActive } from './graph.ts';
import { enclose, type Interval, magnitude, minus, NOTHING, plus, quantity, times } from './interval.ts';
import { reach, staysOnKinks } from './krawczyk.ts';
import { eckartYoung, topEigenvalue } from './least.ts';
import { lossless } from './lossless.ts';
import { coordinates, type Neighbourhood, neighbourhood } from './neighbourhood.ts';
import { type Critical, newton } from './newton.ts';

const CLASSES = ['zero-loss', 'local-minimum', 'face-minimum', 'saddle'] as const;
export type LandingClass = (typeof CLASSES)[number];

/** A landing that was replayed. */
export interface Landed {
  readonly id: string;
  readonly instance: Instance;
  /** Of the whole configuration; of each group of features. */
  readonly class: LandingClass;
  readonly components: readonly {
    readonly neurons: readonly number[];
    readonly features: readonly number[];
    readonly class: LandingClass;
  }[];
  /** Zero-based features no neuron is active on, and neurons active on none. */
  readonly uncovered: readonly number[];
  readonly dead: readonly number[];
  /** L~ of the certified configuration lies between these. */
  readonly loss: { readonly lower: Rational; readonly upper: Rational };
  /** |grad L~|^2 at the end weights, active sets as they are there. */
  readonly gradient: Rational;
  /** No coordinate of the certified configuration is farther from the end weights than `apart`, which is at most the `distance` stated. */
  readonly apart: Rational;
  readonly distance: Rational;
  /** Whether the end weights are the end of no run: such as were given, `"backend": "given"`. */
  readonly given: boolean;
}

/** Whether a text says that it is a landing; `checkLanding` reads it. */
export const isLanding = (text: string): boolean => /^\s*\{\s*"format"\s*:\s*"dictum\/landing@1"/.test(text);

/** Replays the text of a landing: what it shows, or why it shows nothing. */
export function checkLanding(text: string, sha256: Digest): Landed | Rejection {
  try {
    return bounded(() => replay(parseJson(text), sha256));
  } catch (thrown) {
    if (thrown instanceof Rejection) return thrown;
    throw thrown;
  }
}

function replay(document: Json, sha256: Digest): Landed {
  refuseFloats(document, '$');
  const parts = new Node(document).fields([
    'format',
    'instance',
    'run',
    'gradient',
    'distance',
    'we',
    'wd',
    'components',
    'class',
    'id',
  ]);
  parts.format.word(['dictum/landing@1']);
  const m = readInstance(parts.instance);
  const end = configurationOf(m);
  const id = documentId(document, sha256);
  if (parts.id.text() !== id) invalid('wrong-id', '$.id', id, parts.id.text());
  const given = checkRun(parts.run, parts.instance, sha256) === 'given';

  const gradient = squaredNorm(gradients(m, end));
  if (!parts.gradient.rational().equals(gradient)) {
    invalid('does-not-hold', parts.gradient.path, `${gradient}`, `${parts.gradient.rational()}`);
  }
  const at = readConfiguration({ we: parts.we, wd: parts.wd }, m);
  const graph = graphOf(m, at, parts.we);
  const groups = readGroups(m, graph, parts.components);
  const radii = radiiOf(m, groups);
  const box = neighbourhood(m, at, graph.active, radii);
  staysActive(box, graph.sets, parts.we);
  const distance = parts.distance.rational();
  const apart = farthest(m, end, at, radii);
  if (apart.compare(distance) > 0) invalid('too-far', parts.distance.path, `at most ${distance}`, `${apart}`);

  const components = groups.map((group) => {
    const still = radii.map((row, i) => (group.neurons.includes(i) ? row.map(() => 0n) : row));
    const found = shownBy(m, at, graph, group, neighbourhood(m, at, graph.active, still), box);
    group.class.word([found.class]);
    return { neurons: group.neurons, features: group.features, ...found };
  });
  const exact = new Set(components.flatMap((c) => (c.class === 'zero-loss' ? c.features : [])));
  wakesNothing(graph, components, box, exact, parts.we);

  const covered = new Set(graph.sets.on.flat());
  const uncovered = m.features.flatMap((_, d) => (covered.has(d) ? [] : [d]));
  const pays = (d: number): boolean => featureAt(m, d).weight.sign() > 0 && !featureAt(m, d).wr.isZero();
  const whole = overall(
    components.map((c) => c.class),
    !uncovered.some(pays),
  );
  parts.class.word([whole]);
  const dead = graph.sets.on.flatMap((set, i) => (set.length === 0 ? [i] : []));
  const named = components.map(({ neurons, features, class: word }) => ({ neurons, features, class: word }));
  const [loss, numbers] = [lossOf(box), { gradient, apart, distance, given }];
  return { id, instance: m, class: whole, components: named, uncovered, dead, loss, ...numbers };
}

/** The run is named, not checked, but for the hash of its weights: the digest of the canonical {"wd": ..., "we": ...}. Returns its backend. */
function checkRun(run: Node, instance: Node, sha256: Digest): Json {
  const { backend, weights } = run.fields(['backend', 'seed', 'index', 'steps', 'settings', 'weights']);
  const members = instance.members();
  const json = new Map(['wd', 'we'].map((key) => [key, members.get(key)?.json ?? null]));
  const hash = documentId(json, sha256);
  if (weights.text() !== hash) invalid('wrong-id', weights.path, hash, weights.text());
  return backend.json;
}

const squaredNorm = ({ we, wd }: { we: Matrix; wd: Matrix }): Rational =>
  sum([...we, ...wd].map((row) => row.dot(row)));

interface Claimed extends Group {
  readonly class: Node;
  readonly proof: Node;
}

/**
 * The groups: each covered feature in one. The neurons of a group are those active on its features, but that groups proved by
 * another rule than the two of zero loss come first and leave no neuron that is theirs to a group of zero loss.
 */
function readGroups(m: Instance, { sets }: Graph, node: Node): Claimed[] {
  const parts = node.items().map((item) => {
    const { neurons, features, class: word, proof } = item.fields(['neurons', 'features', 'class', 'proof']);
    const zero = ['zero-loss', 'lossless'].some((rule) => rule === proof.members().get('rule')?.json);
    const set = readFeatureSet(features, m.features.length);
    if (set.length === 0) invalid('wrong-pattern', features.path, 'a feature', 'none');
    return { neurons, features: set, word, proof, zero, path: item.path };
  });
  const listed = parts.flatMap((part) => part.features);
  const covered = new Set(sets.on.flat());
  if (listed.length !== covered.size || !listed.every((d) => covered.has(d)) || new Set(listed).size < listed.length) {
    invalid(
      'wrong-pattern',
      node.path,
      'each feature that some neuron is active on, once',
      `${listed.map((d) => d + 1)}`,
    );
  }
  const activeOn = (features: readonly number[]): number[] =>
    sets.on.flatMap((set, i) => (set.some((d) => features.includes(d)) ? [i] : []));
  const taken = new Set(parts.filter((part) => !part.zero).flatMap((part) => activeOn(part.features)));
  const seen = new Set<number>();
  return parts.map(({ neurons, features, word, proof, zero, path }) => {
    const own = activeOn(features).filter((i) => !zero || !taken.has(i));
    const named = neurons.items(own.length).map((item) => item.index(1, m.neurons) - 1);
    if (!named.every((i, k) => i === own[k]) || own.some((i) => seen.has(i))) {
      invalid(
        'wrong-pattern',
        path,
        `neurons ${own.map((i) => i + 1)}, in no other group`,
        `${named.map((i) => i + 1)}`,
      );
    }
    for (const i of own) seen.add(i);
    const within = sets.on.map((set) => set.filter((d) => features.includes(d)));
    return { features, neurons: own, sets: { on: within, kinks: sets.kinks }, class: word, proof };
  });
}

/** How far the certified configuration may be from `at`: coordinate by coordinate, for each neuron, in units of 2^-128. Kinks of `at` stay at 0. */
function radiiOf(m: Instance, groups: readonly Claimed[]): bigint[][] {
  const size = m.np + m.nr;
  const radii = Array.from({ length: m.neurons }, () => new Array<bigint>(size).fill(0n));
  for (const { neurons, sets, proof } of groups) {
    if (!['newton', 'lossless'].some((rule) => rule === proof.members().get('rule')?.json)) continue;
    const { slice, coordinates: most } = reach(proof, neurons.length * size);
    staysOnKinks(m, neurons, slice, sets, proof);
    neurons.forEach((i, a) => {
      radii[i] = most.slice(a * size, (a + 1) * size);
    });
  }
  return radii;
}

/** The largest distance of a coordinate from its end weight, wherever the certified configuration is. */
function farthest(m: Instance, end: Configuration, at: Configuration, radii: readonly (readonly bigint[])[]): Rational {
  let most = 0n;
  for (let i = 0; i < m.neurons; i++) {
    const there = coordinates(at, [i]);
    coordinates(end, [i]).forEach((x, k) => {
      const apart = magnitude(minus(enclose(x), enclose(there[k] as Rational))) + (radii[i]?.[k] as bigint);
      if (apart > most) most = apart;
    });
  }
  return quantity(most);
}

interface Shown extends Pick<Critical, 'settles'> {
  readonly class: LandingClass;
}

const never = (): boolean => false;

/** `start` has the group's neurons at the given point, the others anywhere in the box. */
function shownBy(
  m: Instance,
  at: Configuration,
  graph: Graph,
  group: Claimed,
  start: Neighbourhood,
  box: Neighbourhood,
): Shown {
  const { neurons, features, proof } = group;
  const rule = (proof.members().get('rule') ?? proof).word([
    'zero-loss',
    'lossless',
    'top-eigenvalue',
    'eckart-young',
    'newton',
  ]);
  switch (rule) {
    case 'newton':
      return newton(m, group, at, start, box, proof);
    case 'lossless':
      lossless(m, group, start, box, proof);
      return { class: 'zero-loss', settles: never };
    case 'zero-loss': {
      proof.fields(['rule']);
      const moving = graph.sets.on.findIndex((set, i) => !neurons.includes(i) && set.some((d) => features.includes(d)));
      if (moving >= 0) invalid('wrong-rule', proof.path, 'no neuron of another group', `neuron ${moving + 1}`);
      const residual = features.find((d) => !residualOf(m, at, graph, d).isZero());
      if (residual !== undefined) invalid('does-not-hold', proof.path, `rho_${residual + 1} = 0`, 'another residual');
      return { class: 'zero-loss', settles: never };
    }
    case 'top-eigenvalue':
      topEigenvalue(m, at, group, proof);
      return { class: 'local-minimum', settles: never };
    case 'eckart-young':
      eckartYoung(
        m,
        group,
        features.map((d) => residualOf(m, at, graph, d)),
        proof,
      );
      return { class: 'local-minimum', settles: (i, d) => neurons.includes(i) && features.includes(d) };
  }
}

function residualOf(m: Instance, at: Configuration, { active }: Graph, d: number): Vector {
  const f = m.features[d] as Instance['features'][number];
  return at.wd.reduce((rho, u, i) => (active[i]?.[d] ? rho.minus(u.times((at.we[i] as Vector).dot(f.wp))) : rho), f.wr);
}

/**
 * Kinks outside `newton`'s faces. Neuron i is dead, or its group's part is the least there is whatever it does; so waking on
 * feature d must cost, or d belongs to a group of zero loss, which cannot be improved.
 */
function wakesNothing(
  { sets }: Graph,
  components: readonly (Shown & Pick<Group, 'neurons'>)[],
  box: Neighbourhood,
  exact: ReadonlySet<number>,
  node: Node,
): void {
  sets.kinks.forEach((list, i) => {
    const own = components.find((c) => c.neurons.includes(i));
    for (const d of list) {
      if (own?.settles(i, d) || exact.has(d) || costsToWake(box, i, d)) continue;
      invalid('at-a-kink', node.path, '<rho, u> < 0', `neuron ${i + 1} at feature ${d + 1}`);
    }
  });
}

function overall(classes: readonly LandingClass[], coversAll: boolean): LandingClass {
  if (coversAll && classes.every((c) => c === 'zero-loss')) return 'zero-loss';
  return (['saddle', 'face-minimum'] as const).find((c) => classes.includes(c)) ?? 'local-minimum';
}

function lossOf({ m, residuals }: Neighbourhood): Landed['loss'] {
  const loss = m.features.reduce<Interval>((total, f, d) => {
    const square = (residuals[d] ?? []).reduce<Interval>((all, x) => plus(all, times(x, x)), NOTHING);
    return plus(total, times(enclose(f.weight), square));
  }, NOTHING);
  return { lower: quantity(loss.least > 0n ? loss.least : 0n), upper: quantity(loss.most) };
}
