/** What a reader does to a scene. Each returns a new one. */
import { unitNear } from '../plane/snap.ts';
import { dimensionOf, MOST_FEATURES, MOST_NEURONS, type Scene, type SceneFeature, toFloat } from './scene.ts';

/** Features and neurons are counted from 0 here. */
export const withDirection = (scene: Scene, d: number, wp: readonly string[]): Scene => withFeature(scene, d, { wp });

export function withFeature(scene: Scene, d: number, by: Partial<SceneFeature>): Scene {
  return { ...scene, features: scene.features.map((f, k) => (k === d ? { ...f, ...by } : f)) };
}

/** Without a target or weight of its own. */
export function asDirection(scene: Scene, d: number, what: 'wr' | 'weight'): Scene {
  return {
    ...scene,
    features: scene.features.map((f, k) => {
      if (k !== d) return f;
      const { [what]: _, ...rest } = f;
      return rest;
    }),
  };
}

export function toggled(scene: Scene, neuron: number, d: number): Scene {
  const pattern = scene.pattern.map((set, i) => {
    if (i !== neuron) return set;
    const number = d + 1;
    return set.includes(number) ? set.filter((x) => x !== number) : [...set, number].sort((a, b) => a - b);
  });
  return { ...scene, pattern };
}

export const withNeuron = (scene: Scene): Scene =>
  scene.pattern.length < MOST_NEURONS ? { ...scene, pattern: [...scene.pattern, []] } : scene;

export const withoutNeuron = (scene: Scene): Scene =>
  scene.pattern.length > 1 ? { ...scene, pattern: scene.pattern.slice(0, -1) } : scene;

/** In the widest gap of the plane; in space where few are. */
export function withOneMore(scene: Scene): Scene {
  const { features } = scene;
  if (features.length >= MOST_FEATURES) return scene;
  const labels = new Set(features.map(({ label }) => label));
  let number = features.length + 1;
  while (labels.has(`f${number}`)) number++;
  const wp = unitNear(emptiest(scene));
  const shape = features[0]?.wr && features[0].wr.length !== wp.length ? { wr: features[0].wr } : {};
  return { ...scene, features: [...features, { label: `f${number}`, wp, ...shape }] };
}

export function withoutFeature(scene: Scene, d: number): Scene {
  if (scene.features.length === 1) return scene;
  const pattern = scene.pattern.map((set) =>
    set.flatMap((number) => (number === d + 1 ? [] : [number > d + 1 ? number - 1 : number])),
  );
  return { ...scene, features: scene.features.filter((_, k) => k !== d), pattern };
}

/** Candidates around the sphere; the one farthest from what is there. */
function emptiest(scene: Scene): readonly number[] {
  const floats = scene.features.map(({ wp }) => wp.map(toFloat));
  const dimension = dimensionOf(scene);
  let best: readonly number[] = [1, 0, 0].slice(0, dimension);
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 96; k++) {
    // Golden angle: evenly over circle and sphere.
    const angle = k * 2.399963229728653;
    const z = dimension < 3 ? 0 : 1 - (2 * k + 1) / 96;
    const size = Math.sqrt(1 - z * z);
    const v = [size * Math.cos(angle), size * Math.sin(angle), z].slice(0, dimension);
    const nearest = floats.reduce(
      (most, w) =>
        Math.max(
          most,
          v.reduce((sum, x, i) => sum + x * (w[i] ?? 0), 0),
        ),
      Number.NEGATIVE_INFINITY,
    );
    if (nearest < least) [least, best] = [nearest, v];
  }
  return best;
}

/** In the plane or in space: the third coordinate begins at 0, and is left out with what it said. */
export function inDimension(scene: Scene, dimension: 2 | 3): Scene {
  if (dimensionOf(scene) === dimension) return scene;
  const features = scene.features.map(({ wr: _, ...feature }): SceneFeature => {
    const [x = '0', y = '0', z = '0'] = feature.wp;
    if (dimension === 3) return { ...feature, wp: [x, y, z] };
    const flat = [x, y].map(toFloat);
    return { ...feature, wp: z === '0' ? [x, y] : unitNear(flat.every((c) => c === 0) ? [1, 0] : flat) };
  });
  return { ...scene, features };
}
