/**
 * What claims about many inputs with weights cost, found and checked: `npx tsx bench/inputs.ts [INPUTS DIMENSIONS NEURONS ...]`. Inputs are their own targets, of
 * whole entries to 999; the last neuron has row and column 0. Seconds are of the processor.
 */
import { loadavg } from 'node:os';
import { certify } from '../src/library/certify.ts';
import { check } from '../src/library/check.ts';
import { generator } from '../test/solve/support.ts';

const CLAIMS = ['T6-null', 'T6-row', 'T6-path'] as const;
const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [1000, 100, 4, 3000, 100, 4, 10_000, 100, 4, 10_000, 300, 4];

const seconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function document(inputs: number, dimensions: number, neurons: number): string {
  const random = generator(5);
  const rows = (count: number, length: number, most: number): string[][] =>
    Array.from({ length: count }, () =>
      Array.from({ length }, () => `${Math.floor(random() * (2 * most + 1)) - most}`),
    );
  const still = <T>(matrix: readonly T[], of: (row: T) => T): T[] =>
    matrix.map((row, k) => (k === matrix.length - 1 ? of(row) : row));
  const columns = still(rows(neurons, dimensions, 9), (row) => row.map(() => '0'));
  return JSON.stringify({
    format: 'dictum/instance@2',
    name: 'many inputs',
    subject: 'inputs',
    features: rows(inputs, dimensions, 999).map((wp, d) => ({ label: `${d + 1}`, wp })),
    activation: { kind: 'relu' },
    neurons,
    we: still(rows(neurons, dimensions, 9), (row) => row.map(() => '0')),
    wd: Array.from({ length: dimensions }, (_, k) => columns.map((column) => column[k])),
  });
}

for (let k = 0; k + 2 < sizes.length; k += 3) {
  const [inputs = 0, dimensions = 0, neurons = 0] = sizes.slice(k);
  const text = document(inputs, dimensions, neurons);
  for (const claim of CLAIMS) {
    const begun = seconds();
    const answer = certify(claim, text);
    const found = seconds();
    const verdict = answer.verdict === 'undecided' ? undefined : check(answer.certificate);
    console.log(
      `${inputs} x ${dimensions}, ${neurons} neurons, ${claim}: ${answer.verdict}, ${(found - begun).toFixed(1)} s; check: ${
        verdict?.accepted ?? 'nothing to check'
      }, ${(seconds() - found).toFixed(1)} s; load ${loadavg()[0]?.toFixed(1)}`,
    );
  }
}
