/**
 * Exact decision of one set with its certificate, here and elsewhere, on the same sets of real words:
 * `npx tsx bench/realize.ts shared/data/word2vec-1000x300.json [--out FILE] [--limit SECONDS] [--small] [--peers NAME,NAME]`.
 * Processor time, because the clock of a shared machine says little. Dictum is timed in process; of the others, which are processes, the time of the same tool on the smallest instance (2 x 1) is
 * subtracted, and parsing is within: it is shown what they take on the whole.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instance } from '../src/kernel/model/instance.ts';
import { judge, not } from '../src/kernel/proof/goal.ts';
import { encoderDocument } from '../src/solve/proofs/document.ts';
import { refusal } from '../src/solve/proofs/replay.ts';
import { realizeSet } from '../src/solve/realize/realize.ts';
import { installed, PEERS, type Peer, timed } from './peers.ts';
import { generator, KINDS, type Kind, median, pattern, words } from './words.ts';

const [path = '', ...rest] = process.argv.slice(2);
const option = (name: string, otherwise: string): string => {
  const k = rest.indexOf(`--${name}`);
  return k < 0 ? otherwise : (rest[k + 1] ?? otherwise);
};
const limit = 1000 * Number(option('limit', '60'));
const folder = mkdtempSync(join(tmpdir(), 'dictum-bench-'));

/** [n, p, sets of each kind here, sets of each kind elsewhere] */
const SIZES: readonly (readonly [number, number, number, number])[] = rest.includes('--small')
  ? [
      [20, 8, 40, 3],
      [100, 30, 15, 3],
    ]
  : [
      [20, 8, 100, 5],
      [100, 30, 40, 5],
      [300, 100, 12, 3],
      [1000, 300, 3, 1],
    ];

interface Row {
  readonly n: number;
  readonly p: number;
  readonly kind: Kind;
  readonly tool: string;
  readonly ms: number;
  readonly worst: number;
  readonly decided: string;
}
const table: Row[] = [];
/** Tools that ran into the limit; they are asked no more. */
const givenUp = new Set<string>();

function here(m: Instance, kind: Kind, sets: readonly number[][]): boolean[] {
  const times: number[] = [];
  const answers = sets.map((set) => {
    const before = process.cpuUsage();
    const answer = realizeSet(m, set);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
    const goal = judge({ predicate: 'realizable', pattern: [set] });
    const shape = { ...m, neurons: 1 };
    const refused = answer.realizable
      ? refusal(goal, { rule: 'realizes', ...encoderDocument({ we: [answer.e] }) }, shape)
      : refusal(not(goal), { rule: 'farkas', neuron: 1, on: answer.on, off: answer.off }, shape);
    if (refused) throw new Error(`refused: ${refused}`);
    return answer.realizable;
  });
  const yes = answers.filter(Boolean).length;
  table.push({
    n: m.features.length,
    p: m.np,
    kind,
    tool: 'dictum',
    ms: median(times),
    worst: Math.max(...times),
    decided: `${yes} yes, ${sets.length - yes} no, all replayed`,
  });
  return answers;
}

/** What the tool takes to start and to read next to nothing. */
function startUp(peer: Peer): number {
  const file = join(folder, `tiny.${peer.ending}`);
  writeFileSync(file, peer.write(words(path, 2, 1), [0]));
  return median([1, 2, 3, 4, 5].map(() => timed(peer.command, peer.args(file), limit).cpu));
}

function elsewhere(
  m: Instance,
  kind: Kind,
  peer: Peer,
  start: number,
  sets: readonly number[][],
  expected: readonly boolean[],
): void {
  const times: number[] = [];
  const tally = { right: 0, wrong: 0, none: 0 };
  sets.forEach((set, k) => {
    if (givenUp.has(peer.name)) return;
    const file = join(folder, `set.${peer.ending}`);
    writeFileSync(file, peer.write(m, set));
    const { cpu, output } = timed(peer.command, peer.args(file), limit);
    times.push(Math.max(0, cpu - start));
    if (output === undefined) givenUp.add(peer.name);
    const answer = output === undefined ? undefined : peer.reads(output);
    tally[answer === undefined ? 'none' : answer === expected[k] ? 'right' : 'wrong']++;
  });
  table.push({
    n: m.features.length,
    p: m.np,
    kind,
    tool: peer.name,
    ms: median(times),
    worst: Math.max(...times),
    decided: `${tally.right} the same, ${tally.wrong} other, ${tally.none} none in ${limit / 1000} s`,
  });
}

const asked = PEERS.filter((peer) => option('peers', peer.name).split(',').includes(peer.name));
const peers = asked.filter((peer) => installed(peer.command));
for (const peer of asked)
  if (!peers.includes(peer)) console.log(`missing: ${peer.name} (${peer.command}): ${peer.install}`);
const starts = new Map(peers.map((peer) => [peer.name, startUp(peer)]));
for (const [name, ms] of starts) console.log(`start-up of ${name}: ${ms.toFixed(1)} ms of processor, subtracted below`);

for (const [n, p, many, few] of SIZES) {
  const m = words(path, n, p);
  for (const kind of KINDS) {
    const random = generator(n + kind.length);
    const sets = Array.from({ length: many }, () => pattern(m, kind, random));
    const answers = here(m, kind, sets);
    for (const peer of peers) {
      if (givenUp.has(peer.name)) continue;
      elsewhere(m, kind, peer, starts.get(peer.name) ?? 0, sets.slice(0, few), answers);
    }
    for (const row of table.filter((r) => r.n === n && r.kind === kind)) {
      console.log(
        `${`${n} x ${p}`.padEnd(11)} ${kind.padEnd(8)} ${row.tool.padEnd(15)} ${row.ms.toFixed(2).padStart(10)} ms  worst ${row.worst.toFixed(1).padStart(9)}  ${row.decided}`,
      );
    }
  }
  const best = KINDS.map((kind) => {
    const of = table.filter((r) => r.n === n && r.kind === kind);
    const ours = of.find((r) => r.tool === 'dictum')?.ms ?? 1;
    const others = of.filter((r) => r.tool !== 'dictum' && r.ms > 10 && !/[1-9]\d* none/.test(r.decided));
    const fastest = others.sort((a, b) => a.ms - b.ms)[0];
    return fastest
      ? `${kind}: ${(fastest.ms / ours).toFixed(1)} times faster than ${fastest.tool}`
      : `${kind}: no peer between 10 ms and ${limit / 1000} s`;
  });
  console.log(`  ${best.join('; ')}`);
}
const out = option('out', '');
if (out !== '') writeFileSync(out, `${JSON.stringify({ format: 'dictum/bench-realize@1', limit, table }, null, 2)}\n`);
