/** What can be swept: of each command its input, the options that say what is asked, and those that every job gets. */

export type SweptCommand = 'land' | 'landscape' | 'realize' | 'search' | 'train' | 'bench';

interface Swept {
  /** An instance or a configuration on standard input; a claim or `lrb` as a word. */
  readonly input: 'file' | 'config' | 'claim' | 'lrb';
  /** Of a configuration any key may be set. Options that write files, or say how many threads there are, change no answer. */
  readonly options: readonly string[];
  /** A job takes one core: there are as many jobs at a time as cores. Nor may its answer depend on how fast the machine is. */
  readonly always: readonly string[];
  /** Writes into a folder of its own, and goes on from what is there. */
  readonly folder?: true;
}

export const SWEPT: Readonly<Record<SweptCommand, Swept>> = {
  land: {
    input: 'file',
    options: ['runs', 'optimizer', 'rate', 'steps', 'seed', 'anchors', 'resample', 'backend', 'exits', 'bias'],
    always: ['--threads', '1'],
  },
  landscape: {
    input: 'file',
    options: ['pattern', 'given', 'within', 'sample', 'seed', 'all', 'work'],
    always: ['--jobs', '1', '--seconds', '9999999'],
  },
  realize: { input: 'file', options: ['pattern', 'bias', 'work'], always: ['--jobs', '1'] },
  search: { input: 'claim', options: ['reading', 'drop', 'suppose', 'repaired', 'runs', 'seed'], always: [] },
  train: { input: 'config', options: [], always: ['--resume'], folder: true },
  bench: {
    input: 'lrb',
    options: ['preset', 'scale', 'seeds', 'seed', 'steps', 'biases', 'backend'],
    always: ['--jobs', '1', '--resume'],
    folder: true,
  },
};
