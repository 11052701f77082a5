/** The generator that serves every claim which brings none of its own. */
import { type Encoder, featureAt, type Instance, type Pattern } from '../../kernel/model/instance.ts';
import { ZERO } from '../../kernel/numbers/rational.ts';
import { sameInFile, withBias } from './biased.ts';
import { drawConfiguration } from './configurations.ts';
import { critical } from './critical.ts';
import { drawDistribution } from './distributions.ts';
import { asked, chance, type Draw, type Drawn, type Wanted } from './draw.ts';
import { drawActivation, drawFeatures } from './features.ts';
import { drawPattern, shownBy } from './patterns.ts';

/** Some of the features, no more than there are neurons. */
function drawAnchors(draw: Draw, n: number, neurons: number): number[] {
  const chosen = Array.from({ length: n }, (_, d) => d).filter(() => chance(draw, 40));
  return chosen.slice(0, neurons);
}

/** All but pattern and configuration. */
export function drawBare(draw: Draw, wanted: Wanted): Instance {
  const features = drawFeatures(draw, wanted);
  const { n, nq } = wanted.shape;
  const anchors = wanted.parts.has('anchors') ? drawAnchors(draw, n, nq) : undefined;
  return {
    format: 'dictum/instance@1',
    name: 'found by search',
    features,
    activation: drawActivation(draw, wanted),
    neurons: wanted.shape.nq,
    np: wanted.shape.np,
    nr: features[0]?.wr.length ?? wanted.shape.np,
    hierarchy: [],
    ...(wanted.parts.has('distribution') && { distribution: drawDistribution(draw, wanted) }),
    ...(anchors && { anchors }),
  };
}

/** Where the pre-activations of a pattern are positive: the paper's regions (Definition 3.1). */
function positivePart(m: Instance, at: Encoder, pattern: Pattern): Pattern {
  return pattern.map((set, i) => set.filter((d) => (at.we[i]?.dot(featureAt(m, d).wp) ?? ZERO).sign() > 0));
}

export function drawInstance(draw: Draw, wanted: Wanted): Drawn {
  const drawn = drawBare(draw, wanted);
  const bare = asked(wanted, 'no-encoder-bias') === false ? withBias(drawn) : drawn;
  const [pattern, configuration] = [wanted.parts.has('pattern'), wanted.parts.has('configuration')];
  if (pattern && configuration) {
    const found =
      asked(wanted, 'critical') !== undefined && chance(draw, 85) ? critical(draw, wanted, bare) : undefined;
    if (found) return { ...found, instance: sameInFile(found.instance) };
    const at = drawConfiguration(draw, bare);
    const shown = chance(draw, 90) ? shownBy(bare, at) : undefined;
    const pattern =
      shown && chance(draw, bare.activation.kind === 'topk-pure' ? 60 : 20) ? positivePart(bare, at, shown) : shown;
    return { instance: { ...bare, configuration: at, pattern: pattern ?? drawPattern(draw, wanted, bare).pattern } };
  }
  if (configuration) return { instance: { ...bare, configuration: drawConfiguration(draw, bare) } };
  if (!pattern) return { instance: bare };
  const { pattern: sets, shows } = drawPattern(draw, wanted, bare);
  return { instance: { ...bare, pattern: sets }, ...(shows && { shows }) };
}
