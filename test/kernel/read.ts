import { expect } from 'vitest';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { type Configuration, type Instance, readConfiguration, readInstance } from '../../src/kernel/model/instance.ts';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import { Vector } from '../../src/kernel/numbers/vector.ts';

/** A value as the kernel reads it from a file. */
export const node = (value: unknown, path = '$'): Node => new Node(parseJson(JSON.stringify(value)), path);

/** `-12/13`, `0.25`; a typo in a test is an error, not a zero. */
export function q(text: string | number | bigint): Rational {
  const value = Rational.parse(`${text}`);
  if (!value) throw new Error(`not a rational: ${text}`);
  return value;
}

export const vector = (...entries: (string | number)[]): Vector => Vector.of(entries.map(q));

/** What a run is refused with. A run that passes, or throws anything else, fails the test. */
export function rejection(run: () => unknown): Rejection {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof Rejection) return thrown;
    throw thrown;
  }
  throw new Error('accepted, and should have been refused');
}

/** Is refused with this code, at this path. */
export function expectRejection(run: () => unknown, code: string, path: string): Rejection {
  const found = rejection(run);
  expect({ code: found.code, path: found.path }).toEqual({ code, path });
  return found;
}

export const refused = (run: () => unknown): boolean => {
  try {
    run();
    return false;
  } catch (thrown) {
    if (thrown instanceof Rejection) return true;
    throw thrown;
  }
};

type Number_ = string | number;
export type Rows = readonly (readonly Number_[])[];

/** An instance in few words: quantities may be numbers here, they become the strings of the format. */
export interface Plain {
  readonly wp: Rows;
  readonly wr?: Rows;
  readonly weights?: readonly Number_[];
  readonly activation?: Record<string, unknown>;
  readonly neurons?: number;
}

const strings = (rows: Rows): string[][] => rows.map((row) => row.map(String));

export function document({ wp, wr, weights, activation, neurons }: Plain): Record<string, unknown> {
  return {
    format: 'dictum/instance@1',
    name: 'test',
    features: wp.map((w, d) => ({
      label: `${d + 1}`,
      wp: w.map(String),
      ...(wr && { wr: wr[d]?.map(String) }),
      ...(weights && { weight: `${weights[d]}` }),
    })),
    activation: activation ?? { kind: 'relu' },
    neurons: neurons ?? 1,
  };
}

export const instance = (plain: Plain): Instance => readInstance(node(document(plain)));

/** Encoder rows and decoder *columns*, one per neuron; the format's W_D is the transpose. */
export interface PlainConfiguration {
  readonly e: Rows;
  readonly u: Rows;
  readonly gate?: Rows;
  readonly bias?: readonly Number_[];
}

export function configurationDocument({ e, u, gate, bias }: PlainConfiguration): Record<string, unknown> {
  return {
    we: strings(e),
    wd: (u[0] ?? []).map((_, j) => u.map((column) => `${column[j]}`)),
    ...(gate && { gate: strings(gate) }),
    ...(bias && { bias: bias.map(String) }),
  };
}

export function configuration(m: Instance, plain: PlainConfiguration): Configuration {
  const document = node(configurationDocument(plain)).members();
  return readConfiguration(Object.fromEntries(document) as never, m);
}
