/** The files of the reader's model. They are in no link, and no request has them: only the worker of this page reads them. */
import { store } from '../state/store.svelte.ts';
import { TREES } from './trees.ts';

class Given {
  /** Replaced, never changed. */
  files = $state.raw<readonly File[]>([]);
}

export const given = new Given();

/** Files that came together with others, or before them: each replaces the one of its name. */
export function give(files: readonly File[]): void {
  if (files.length === 0) return;
  const names = new Set(files.map(({ name }) => name));
  // A second model begins anew.
  const anew = files.some(({ name }) => name.endsWith('.safetensors'));
  given.files = [...(anew ? [] : given.files.filter(({ name }) => !names.has(name))), ...files];
  const { model } = store.state;
  store.change({ view: 'model', model: { ...model, example: false, latent: undefined } });
}

/** Fetched from beside the page, when it is asked for. */
export const trees = (): Promise<readonly File[]> =>
  Promise.all(
    TREES.map(async ({ to }) => {
      const response = await fetch(to);
      if (!response.ok) throw new Error(`${to}: ${response.status}`);
      return new File([await response.arrayBuffer()], to.slice(to.lastIndexOf('/') + 1));
    }),
  );
