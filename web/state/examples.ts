/** Where to begin. */
import type { Scene } from './scene.ts';

const relu = { kind: 'relu' } as const;

/** That of the README: the direction between two others. */
export const THREE: Scene = {
  name: 'a direction between two others',
  features: [
    { label: 'north', wp: ['0', '1'] },
    { label: 'east', wp: ['1', '0'] },
    { label: 'between', wp: ['4/5', '3/5'] },
  ],
  activation: relu,
  pattern: [[3]],
};

const FAN: Scene = {
  name: 'six directions around',
  features: [
    { label: 'dog', wp: ['1', '0'] },
    { label: 'cat', wp: ['3/5', '4/5'] },
    { label: 'bird', wp: ['-3/5', '4/5'] },
    { label: 'tree', wp: ['-1', '0'] },
    { label: 'fern', wp: ['-3/5', '-4/5'] },
    { label: 'moss', wp: ['3/5', '-4/5'] },
  ],
  activation: relu,
  pattern: [
    [1, 2],
    [4, 5],
  ],
};

const OPPOSITE: Scene = {
  name: 'two against two',
  features: [
    { label: 'up', wp: ['0', '1'] },
    { label: 'down', wp: ['0', '-1'] },
    { label: 'left', wp: ['-1', '0'] },
    { label: 'right', wp: ['1', '0'] },
  ],
  activation: relu,
  pattern: [[1, 2]],
};

const TRAP: Scene = {
  name: 'two features on one neuron',
  features: [
    { label: 'dog', wp: ['1', '0'] },
    { label: 'cat', wp: ['4/5', '3/5'] },
    { label: 'fern', wp: ['-1', '0'] },
  ],
  activation: relu,
  pattern: [[1, 2], []],
};

const SPACE: Scene = {
  name: 'four directions in space',
  features: [
    { label: 'x', wp: ['1', '0', '0'] },
    { label: 'y', wp: ['0', '1', '0'] },
    { label: 'z', wp: ['0', '0', '1'] },
    { label: 'middle', wp: ['2/3', '1/3', '2/3'] },
  ],
  activation: relu,
  pattern: [[4], [1, 4]],
};

export const EXAMPLES: readonly Scene[] = [THREE, FAN, OPPOSITE, TRAP, SPACE];
