/** What is done to whole parameters, on the device. */
import type { Updates } from '../backend.ts';
import { COLUMNS, MARK } from './columns.ts';
import { type Commands, groupsFor } from './device.ts';
import type { DeviceMemory } from './memory.ts';
import { sorted } from './productsOn.ts';
import { ADAM, ATTRACT, CLAMP, COPY, DESCEND, FINISH, IDLE, NORMALIZE, PARTS } from './rows.ts';
import * as list from './sparse.ts';

export function updatesOn(commands: Commands, { of, latents }: DeviceMemory): Updates {
  const { run } = commands;
  const parts = commands.allocate(PARTS);
  return {
    clear: (array) => commands.clear(of(array)),
    adam({ at, gradient, m, v }, { rate, beta1, beta2, epsilon, decay, step }) {
      const told = {
        n: at.length / 4,
        beta1,
        rest1: 1 - beta1,
        beta2,
        rest2: 1 - beta2,
        rate: rate / (1 - beta1 ** step),
        scale: 1 / (1 - beta2 ** step),
        epsilon,
        shrink: 1 - rate * decay,
      };
      run(ADAM, { gradient: of(gradient), x: of(at), m: of(m), v: of(v) }, told, groupsFor(told.n));
    },
    descend({ at, gradient, m }, rate, momentum) {
      const n = at.length;
      run(DESCEND, { gradient: of(gradient), x: of(at), m: of(m) }, { n, rate, momentum }, groupsFor(n));
    },
    clamp: (at) => run(CLAMP, { x: of(at) }, { n: at.length }, groupsFor(at.length)),
    normalize: ({ data, rows, stride }) => run(NORMALIZE, { x: of(data) }, { rows, stride }, rows),
    mark(l, step, last) {
      const from = latents(l);
      if (from.kind === 'sparse') {
        const { first } = sorted(run, l, from);
        return run(list.MARK, { first, last: of(last) }, { n: l.neurons, step }, groupsFor(l.neurons));
      }
      const told = { rows: l.inputs, n: l.neurons, stride: from.stride, step };
      run(MARK, { chosen: from.value, last: of(last) }, told, Math.ceil(l.neurons / COLUMNS));
    },
    idle: (last, until, out) =>
      run(IDLE, { last: of(last), out: of(out) }, { n: last.length, until }, groupsFor(last.length)),
    attract(weight, wanted, at, gradient, { sums, at: slot }) {
      const n = wanted.rows * wanted.stride;
      const count = Math.min(PARTS, groupsFor(n));
      const buffers = { wanted: of(wanted.data), x: of(at.data), gradient: of(gradient.data), parts };
      run(ATTRACT, buffers, { n, weight }, count);
      run(FINISH, { parts, sums: of(sums) }, { n: count, slot }, 1);
    },
    place(wanted, at) {
      const n = wanted.rows * wanted.stride;
      run(COPY, { source: of(wanted.data), out: of(at.data) }, { n }, groupsFor(n));
    },
  };
}
