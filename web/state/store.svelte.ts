/** The one state of the page: changed by steps that can be undone, and always in the link. */
import { BadLink, linkOf, stateOf } from './link.ts';
import { packed, unpacked } from './pack.ts';
import { sceneFrom, Unfit } from './scene.ts';
import { START, type State } from './state.ts';

const MOST_STEPS = 500;

/** Another scene has another way down. */
const changed = (state: State, by: Partial<State>): State => ({ ...state, ...(by.scene && { down: 0 }), ...by });

class Store {
  /** Replaced, never changed. */
  state = $state.raw<State>(START);
  /** Why the link that led here could not be read. */
  problem = $state.raw<string | undefined>(undefined);
  #past = $state.raw<readonly State[]>([]);
  #future = $state.raw<readonly State[]>([]);
  /** Where a drag began, while it lasts. */
  #before: State | undefined;

  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** One step. */
  change(by: Partial<State>): void {
    this.settle();
    this.#step(this.state, changed(this.state, by));
  }

  /** Part of a drag, which is one step when it ends. */
  drag(by: Partial<State>): void {
    this.#before ??= this.state;
    this.state = changed(this.state, by);
  }

  settle(): void {
    const before = this.#before;
    this.#before = undefined;
    if (before && before !== this.state) this.#step(before, this.state);
  }

  undo(): void {
    this.settle();
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.state];
    this.#show(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.state];
    this.#show(after);
  }

  /** What the address bar says: when the page opens, and whenever it changes. */
  read(opening = false): void {
    const given = /^#open&z=(.+)$/.exec(location.hash)?.[1];
    if (given !== undefined) {
      void unpacked(given).then(
        (text) => this.open(text),
        () => (this.problem = 'This link cannot be read: what it holds is cut off.'),
      );
      return;
    }
    try {
      const read = stateOf(location.hash);
      this.problem = undefined;
      // The same link says nothing new; a scene that was not changed stays the one that it is.
      if (linkOf(read) === linkOf(this.state)) return;
      if (!opening) this.#past = [...this.#past, this.state].slice(-MOST_STEPS);
      this.#future = [];
      this.state = read;
    } catch (thrown) {
      if (!(thrown instanceof BadLink || thrown instanceof URIError)) throw thrown;
      this.problem = `This link cannot be read: it should have ${thrown instanceof BadLink ? thrown.message : 'letters that belong into one'}.`;
    }
  }

  /** A file: an instance, or else a certificate, of which the view says what is wrong with it. */
  async open(text: string): Promise<void> {
    try {
      const document: unknown = JSON.parse(text);
      const isInstance = (document as { format?: unknown } | null)?.format === 'dictum/instance@1';
      if (isInstance) this.change({ view: 'plane', scene: sceneFrom(document as object), neuron: 0, containing: [] });
      else this.change({ view: 'certificate', certificate: { packed: await packed(text) } });
      this.problem = undefined;
    } catch (thrown) {
      if (!(thrown instanceof Unfit || thrown instanceof SyntaxError)) throw thrown;
      this.problem = `This file cannot be explored. It should have ${thrown instanceof Unfit ? thrown.message : 'JSON in it'}.`;
    }
  }

  #step(before: State, after: State): void {
    this.#past = [...this.#past, before].slice(-MOST_STEPS);
    this.#future = [];
    this.#show(after);
  }

  #show(state: State): void {
    const turned = state.view !== this.state.view;
    this.state = state;
    // A view is a page to go back to; a step in it is undone by Undo.
    if (turned) history.pushState('shown', '', linkOf(state));
    else history.replaceState('shown', '', linkOf(state));
  }
}

export const store = new Store();
