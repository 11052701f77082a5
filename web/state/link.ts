/**
 * The state as a link, which a person can read, and back: `#plane&f=north:0,1;east:1,0&p=1;2`. What is as at the start is left out. A link that
 * cannot be read whole is not read in part.
 */
import {
  isQuantity,
  MOST_FEATURES,
  MOST_NEURONS,
  type Scene,
  type SceneActivation,
  type SceneFeature,
} from './scene.ts';
import { type Edit, type ModelView, START, type State, type Training, VIEWS } from './state.ts';

const word = encodeURIComponent;
const vectorText = (v: readonly string[]): string => v.join(',');

const featureText = ({ label, wp, wr, weight }: SceneFeature): string =>
  [word(label), vectorText(wp), ...(wr || weight ? [wr ? vectorText(wr) : ''] : []), ...(weight ? [weight] : [])].join(
    ':',
  );

const activationText = (of: SceneActivation): string =>
  of.kind === 'jumprelu' ? `jumprelu:${of.theta}` : of.kind === 'topk' ? `topk:${of.k}` : of.kind;

function sceneParts(scene: Scene): string[] {
  if (scene === START.scene) return [];
  return [
    `name=${word(scene.name)}`,
    `f=${scene.features.map(featureText).join(';')}`,
    ...(scene.activation.kind === 'relu' ? [] : [`act=${activationText(scene.activation)}`]),
    ...(scene.bias ? ['bias=1'] : []),
    `p=${scene.pattern.map((set) => set.join(',')).join(';')}`,
  ];
}

export function linkOf({
  view,
  scene,
  neuron,
  turn,
  down,
  containing,
  certificate,
  edit,
  claim,
  find,
  training,
  model,
}: State): string {
  return `#${[
    view,
    ...sceneParts(scene),
    ...(neuron === 0 ? [] : [`row=${neuron + 1}`]),
    ...(turn.every((x, k) => x === START.turn[k]) ? [] : [`turn=${turn.join(',')}`]),
    ...(down === 0 ? [] : [`down=${down}`]),
    ...(containing.length === 0 ? [] : [`with=${containing.join(',')}`]),
    ...(certificate === undefined
      ? []
      : 'file' in certificate
        ? [`file=${word(certificate.file).replaceAll('%2F', '/')}`]
        : [`z=${certificate.packed}`]),
    ...(certificate === undefined || edit === undefined ? [] : [`edit=${edit.at},${edit.cut},${word(edit.put)}`]),
    ...(claim === undefined ? [] : [`claim=${word(claim)}`]),
    ...(find === '' ? [] : [`find=${word(find)}`]),
    ...(sameTraining(training, START.training)
      ? []
      : [`train=${[training.runs, training.optimizer, training.rate, training.seed].join(',')}`]),
    ...(model.example ? ['model=trees'] : []),
    ...(model.latent === undefined ? [] : [`latent=${model.latent}`]),
    ...(model.strength === START.model.strength ? [] : [`strength=${word(model.strength)}`]),
  ].join('&')}`;
}

const sameTraining = (a: Training, b: Training): boolean =>
  a.runs === b.runs && a.optimizer === b.optimizer && a.rate === b.rate && a.seed === b.seed;

/** What a link says that is none; with what to do about it. */
export class BadLink extends Error {}

function integer(text: string, least: number, most: number): number {
  const value = /^-?[0-9]{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new BadLink(`a whole number from ${least} to ${most}, not “${text}”`);
  return value;
}

function vectorFrom(text: string): string[] {
  const entries = text.split(',');
  const wrong = entries.find((entry) => !isQuantity(entry));
  if (wrong !== undefined) throw new BadLink(`an exact number such as 3/5, not “${wrong}”`);
  return entries;
}

function featureFrom(text: string): SceneFeature {
  const [label = '', wp = '', wr = '', weight = ''] = text.split(':');
  return {
    label: decodeURIComponent(label),
    wp: vectorFrom(wp),
    ...(wr !== '' && { wr: vectorFrom(wr) }),
    ...(weight !== '' && { weight: vectorFrom(weight)[0] as string }),
  };
}

function activationFrom(text: string): SceneActivation {
  const [kind, value = ''] = text.split(':');
  if (kind === 'relu') return { kind };
  if (kind === 'jumprelu') return { kind, theta: vectorFrom(value)[0] as string };
  if (kind === 'topk') return { kind, k: integer(value, 1, MOST_NEURONS) };
  throw new BadLink(`the activation relu, jumprelu or topk, not “${kind}”`);
}

function setFrom(text: string, most: number): number[] {
  return text === '' ? [] : [...new Set(text.split(',').map((d) => integer(d, 1, most)))].sort((a, b) => a - b);
}

function sceneFrom(parts: ReadonlyMap<string, string>): Scene {
  const given = parts.get('f');
  if (given === undefined) return START.scene;
  const features = given.split(';').map(featureFrom);
  if (features.length > MOST_FEATURES) throw new BadLink(`at most ${MOST_FEATURES} features`);
  const np = features[0]?.wp.length;
  if (features.some(({ wp }) => wp.length !== np)) throw new BadLink('directions of one length');
  const sets = (parts.get('p') ?? '').split(';');
  if (sets.length > MOST_NEURONS) throw new BadLink(`at most ${MOST_NEURONS} neurons`);
  return {
    name: decodeURIComponent(parts.get('name') ?? 'explored'),
    features,
    activation: activationFrom(parts.get('act') ?? 'relu'),
    ...(parts.get('bias') === '1' && { bias: true }),
    pattern: sets.map((set) => setFrom(set, features.length)),
  };
}

function certificateFrom(parts: ReadonlyMap<string, string>): State['certificate'] {
  const [file, packed] = [parts.get('file'), parts.get('z')];
  if (file !== undefined) return { file: decodeURIComponent(file) };
  return packed === undefined ? undefined : { packed };
}

function editFrom(text: string | undefined): Edit | undefined {
  if (text === undefined) return undefined;
  const [at = '', cut = '', put = ''] = text.split(',');
  return { at: integer(at, 0, 9_999_999), cut: integer(cut, 0, 9_999_999), put: decodeURIComponent(put) };
}

function trainingFrom(text: string | undefined): Training {
  if (text === undefined) return START.training;
  const [runs = '', optimizer = '', rate = '', seed = ''] = text.split(',');
  if (optimizer !== 'gd' && optimizer !== 'sgd' && optimizer !== 'adam')
    throw new BadLink('the optimizer gd, sgd or adam');
  return {
    runs: integer(runs, 1, 1000),
    optimizer,
    rate: vectorFrom(rate)[0] as string,
    seed: integer(seed, 1, 9_999_999),
  };
}

function modelFrom(parts: ReadonlyMap<string, string>): ModelView {
  const [example, latent, strength] = ['model', 'latent', 'strength'].map((key) => parts.get(key));
  if (example !== undefined && example !== 'trees') throw new BadLink(`the example trees, not “${example}”`);
  return {
    example: example === 'trees',
    latent: latent === undefined ? undefined : integer(latent, 0, 9_999_999),
    strength: strength === undefined ? START.model.strength : decodeURIComponent(strength),
  };
}

export function stateOf(hash: string): State {
  const [first = '', ...rest] = hash.replace(/^#/, '').split('&');
  const view = VIEWS.find((name) => name === first);
  if (first !== '' && view === undefined) throw new BadLink(`a view (${VIEWS.join(', ')}), not “${first}”`);
  const parts = new Map(rest.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
  const scene = sceneFrom(parts);
  const turn = parts.get('turn')?.split(',');
  const claim = parts.get('claim');
  return {
    view: view ?? START.view,
    scene,
    neuron: integer(parts.get('row') ?? '1', 1, scene.pattern.length) - 1,
    turn: turn ? [integer(turn[0] ?? '', -360, 360), integer(turn[1] ?? '', -90, 90)] : START.turn,
    down: integer(parts.get('down') ?? '0', 0, 9_999),
    containing: setFrom(parts.get('with') ?? '', scene.features.length),
    certificate: certificateFrom(parts),
    edit: editFrom(parts.get('edit')),
    claim: claim === undefined ? undefined : decodeURIComponent(claim),
    find: decodeURIComponent(parts.get('find') ?? ''),
    training: trainingFrom(parts.get('train')),
    model: modelFrom(parts),
  };
}
