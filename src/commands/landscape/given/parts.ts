/** The components of a configuration, each as an instance by itself: its neurons and the features they are active on, as if the others were not there. */
import { parseJson } from '../../../kernel/document/json.ts';
import { Node } from '../../../kernel/document/node.ts';
import { type Configuration, type Instance, type Pattern, readInstance } from '../../../kernel/model/instance.ts';
import { type Document, instanceDocument } from '../../../solve/proofs/document.ts';
import { type Component, componentsOf } from '../../../train/checkpoint/components.ts';

export interface Part extends Component {
  /** Of rows and columns as they are. Its name says which rows of the whole they are. */
  readonly m: Instance;
}

export interface Parts {
  /** The whole configuration, where it is more than one component. */
  readonly whole?: Part;
  readonly parts: readonly Part[];
  /** From 0: neurons active on no feature, and features no neuron is active on. */
  readonly dead: readonly number[];
  readonly uncovered: readonly number[];
}

/** `shown`: what the configuration shows, if it has no tie. Inputs are not split: those on one ray are merged. */
export function partsOf(m: Instance & { readonly configuration: Configuration }, shown: Pattern | undefined): Parts {
  const all = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
  const { pattern: _, ...bare } = m;
  const whole: Part = { neurons: all(m.neurons), features: all(m.features.length), m: bare };
  if (!shown) return { parts: [whole], dead: [], uncovered: [] };
  const { parts, dead, uncovered } = componentsOf(shown, m.features.length);
  const [first] = parts;
  if (m.lifted?.inputs || (parts.length === 1 && first?.neurons.length === m.neurons && uncovered.length === 0)) {
    return { parts: [whole], dead, uncovered };
  }
  return { whole, parts: parts.map((part) => ({ ...part, m: restricted(bare, part) })), dead, uncovered };
}

/** Where a list in the document is by feature, by neuron, or by the coordinates of a row, only the chosen ones stay. */
function restricted(m: Instance, { neurons, features }: Component): Instance {
  const { hierarchy: _, distribution: __, anchors: ___, radius: ____, ...document } = instanceDocument(m);
  const chosen = <T>(list: readonly T[], of: readonly number[]): T[] => of.map((k) => list[k] as T);
  const { activation } = document as { readonly activation: { readonly [key: string]: Document } };
  const theta = activation.theta;
  const own = {
    ...document,
    name: `${m.name}, ${neurons.length === 1 ? 'neuron' : 'neurons'} ${neurons.map((i) => `#${i}`).join(', ')}`,
    features: chosen(document.features as Document[], features),
    activation: Array.isArray(theta) ? { ...activation, theta: chosen(theta, neurons) } : activation,
    neurons: neurons.length,
    we: chosen(document.we as Document[], neurons),
    wd: (document.wd as Document[][]).map((row) => chosen(row, neurons)),
  };
  return readInstance(new Node(parseJson(JSON.stringify(own))));
}
