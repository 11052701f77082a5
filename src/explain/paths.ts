/** Paths along which L~ never rises, and that there is none to 0; weights of one's own choice. */
import { thresholdOf } from '../kernel/model/activation.ts';
import { type Configuration, featureAt, type Instance } from '../kernel/model/instance.ts';
import { approximateLoss, evaluate } from '../kernel/model/model.ts';
import { sum, ZERO } from '../kernel/numbers/rational.ts';
import { combine, transpose, Vector } from '../kernel/numbers/vector.ts';
import { judge } from '../kernel/proof/goal.ts';
import { partialMinimumRules } from '../kernel/rules/partialMinimum.ts';
import { counted, featureText, setText, symbolText } from '../words/names.ts';
import { numberText } from '../words/number.ts';
import { exact, judged, lines, listed, named, rowOf, sumText, vector, type Words } from './step.ts';

/** What a row passes on each feature. */
function codeText(m: Instance, row: Vector): string {
  const theta = thresholdOf(m);
  const passed = m.features.flatMap(({ wp }, d) => {
    const z = row.dot(wp);
    return z.compare(theta) > 0 ? [`${exact(z)} on ${featureText(m.features, d + 1)}`] : [];
  });
  return passed.length === 0 ? 'nothing' : listed(passed, 'features').join(', ');
}

export const valleyExit: Words = ({ judgement, node, m, fact }) => {
  const { at, to } = judged(judgement, 'valley-exit');
  const parts = node.fields(['rule', 'moved'], ['p', 'rows']);
  const moved = parts.moved.items().map((item) => {
    const { neuron, code, row } = item.fields(['neuron', 'code', 'row']);
    const j = neuron.index(1, m.neurons);
    const terms = code.items().map((term) => {
      const { neuron: other, weight } = term.fields(['neuron', 'weight']);
      const times = exact(weight.rational());
      return `${times === '1' ? '' : `${times} times `}that of neuron ${other.index(1, m.neurons)}`;
    });
    const why =
      terms.length === 0 ? `neuron ${j} passes nothing` : `what neuron ${j} passes is ${terms.join(' plus ')}`;
    const v = row.vector(m.np);
    return `${why}, so its column can go to 0${terms.length === 0 ? '' : ' while theirs take it over'}, and no output changes; then its row goes from ${vector(at.we[j - 1] as Vector)} to ${vector(v)}, which passes ${codeText(m, v)}`;
  });
  if (to === 'zero') {
    const rows = (parts.rows?.items() ?? []).map((item) => item.index(1, m.neurons));
    return lines(
      moved.length === 0 ? 'No neuron has to move first.' : ['On the level L~ stays:', ...listed(moved, 'neurons')],
      `Now neurons ${listed(rows.map(String), 'neurons').join(', ')} have codes (what they pass, feature by feature) that are independent, as elimination modulo p = ${fact.modulo ?? ''} finds a pivot in every row. So some columns give back every target.`,
      'L~ is convex in the columns, so on the straight way to those it does not rise, and it ends at 0.',
    );
  }
  const v = new Map(
    parts.moved
      .items()
      .map((item) => [
        item.fields(['neuron', 'code', 'row']).neuron.index(1, m.neurons),
        item.fields(['neuron', 'code', 'row']).row.vector(m.np),
      ]),
  );
  const [[j, row]] = [...v] as [[number, Vector]];
  return lines('On the level L~ stays:', moved, towards(m, at, j, row, fact.lower ?? ''));
};

/** The column that a row on the level asks for. */
function towards(m: Instance, at: Configuration, j: number, row: Vector, lower: string): string[] {
  const { residuals } = evaluate(m, [at]);
  const theta = thresholdOf(m);
  const f = m.features.map(({ wp, weight }) => {
    const z = row.dot(wp);
    return { passed: z.compare(theta) > 0 ? z : ZERO, weight };
  });
  const phi = combine(
    f.map(({ passed, weight }) => weight.times(passed)),
    residuals.map((rho) => rho[0] as Vector),
    m.nr,
  );
  const size = sum(f.map(({ passed, weight }) => weight.times(passed).times(passed)));
  return [
    `With f_d what the new row passes, ${rowOf('phi = sum_d M_d f_d rho_d', phi)} is not 0. Let the column of neuron ${j} go from 0 to phi / sum_d M_d f_d^2, where ${named('sum_d M_d f_d^2', size)}: on this way L~ falls all the time, by ${named('|phi|^2 / sum_d M_d f_d^2', phi.dot(phi).over(size))}, to ${numberText(lower)}.`,
  ];
}

export const steps: Words = ({ judgement, node, m }) => {
  const { at } = judged(judgement, 'valley-exit');
  let from = at;
  const way = node
    .fields(['rule', 'steps'])
    .steps.items()
    .map((item, k) => {
      const columns = item.members().has('wd');
      const { we, wd } = item.fields([], ['we', 'wd']);
      const next = {
        ...from,
        ...(wd && { wd: transpose(wd.matrix(m.nr, m.neurons), m.neurons) }),
        ...(we && { we: we.matrix(m.neurons, m.np) }),
      };
      const changed = (columns ? next.wd : next.we).flatMap((v, i) =>
        v.equals((columns ? from.wd : from.we)[i] as Vector) ? [] : [rowOf(`${columns ? 'u' : 'e'}_${i + 1}`, v)],
      );
      from = next;
      return `step ${k + 1}: ${changed.length === 0 ? 'nothing moves' : `straight to ${listed(changed, 'neurons').join(', ')}`}; then ${named('L~', approximateLoss(m, next))}`;
    });
  return lines(
    `From ${named('L~', approximateLoss(m, at))}. A step changes columns only, or rows only with every pre-activation on its side of the threshold. So outputs go straight, L~ is convex along the step, and as it does not rise at the end of the step it rises nowhere on it.`,
    listed(way, 'steps'),
  );
};

export const noZeroLoss: Words = ({ node, m, fact }) => {
  const pair = node.fields(['rule'], ['features']).features?.items();
  if (!pair) {
    return lines(
      `The targets of positive weight have rank ${fact.count ?? ''}, and every output is a combination of ${counted(m.neurons, 'column')}: some target is none.`,
    );
  }
  const [c, d] = pair.map((item) => item.index(1, m.features.length) - 1) as [number, number];
  const s = fact.on?.[0]?.weight ?? '';
  const [one, other] = [symbolText('w', m.features, c + 1), symbolText('w', m.features, d + 1)];
  const [target, second] = [symbolText('r', m.features, c + 1), symbolText('r', m.features, d + 1)];
  return lines(
    `${other} = ${numberText(s)} ${one}, so whatever the neurons are, the output on the one is ${numberText(s)} times that on the other.`,
    `But ${rowOf(target, featureAt(m, c).wr)} and ${rowOf(second, featureAt(m, d).wr)}, and ${second} is not ${numberText(s)} ${target}. One of them is missed.`,
  );
};

export const weights: Words = ({ judgement, node, m, steps: within }) => {
  const { pattern } = judged(judgement, 'some-weights');
  const { weights: given, proof } = node.fields(['rule', 'weights', 'proof']);
  const M = given.vector(m.features.length).entries();
  const chosen = { ...m, features: m.features.map((f, d) => ({ ...f, weight: M[d] ?? f.weight })) };
  return {
    ...lines(
      `Take ${listed(
        M.map((x, d) => named(symbolText('M', m.features, d + 1), x)),
        'weights',
      ).join(', ')}.`,
    ),
    steps: within(judge({ predicate: 'partial-minimum', pattern, stationary: true }), proof, {
      instance: chosen,
      rules: partialMinimumRules,
    }),
  };
};

export const noWeights: Words = ({ judgement, node, m }) => {
  const { pattern } = judged(judgement, 'some-weights');
  const { neuron, active, silent } = node.fields(['rule', 'neuron', 'active', 'silent']);
  const i = neuron.index(1, pattern.length);
  const set = pattern[i - 1] ?? [];
  const part = (x: Vector, from: number, count: number): Vector => Vector.of(x.entries().slice(from, from + count));
  const y = (weights: Vector): string =>
    weights
      .entries()
      .flatMap((w, k) => (w.sign() === 0 ? [] : [`${exact(w)} y_${(set[k] ?? 0) + 1}`]))
      .join(' + ') || '0';
  const conflict = (multipliers: Vector, equations: number): string => {
    const rows = part(multipliers, equations, m.features.length);
    const shares = part(multipliers, equations + m.features.length, set.length);
    const row = sumText(
      rows.entries().map((weight, feature) => ({ feature, weight })),
      m.features,
    );
    return `the equations, multiplied by ${vector(part(multipliers, 0, equations))}, say that <e, ${row}> + ${y(shares)} = 0, and the signs of e and y make it > 0`;
  };
  return lines(
    `By neuron ${i} on ${setText(
      m.features,
      set.map((d) => d + 1),
    )} alone, whatever the weights are. At a point with both gradients 0 let y_d = M_d <e, w_d> > 0 on its set and s = sum_d y_d <e, w_d>. The gradient in the column is 0: sum_d y_d r_d = s u. The gradient in the row is 0: <r_d, u> = |u|^2 <e, w_d>.`,
    `If u = 0, then sum_d y_d r_d = 0. But ${conflict(silent.vector(m.nr + m.features.length + set.length), m.nr)}.`,
    `Else <e, w_d> = <r_d, sum_c r_c y_c>, y rescaled. But ${conflict(active.vector(2 * set.length + m.features.length), set.length)}.`,
  );
};
