/**
 * Paths out of valleys (T6-valley) for SAEs of n features, n_p = n / 2, n_q = 2 n, weights 32-bit floats: the certificate, its replay by both checkers, and
 * python-flint in the same run, which multiplies the same integers and takes the rank of the codes modulo the same prime, without a certificate. Processor time,
 * medians; ranks have to be equal. `npx tsx bench/valleys.ts [--python PYTHON] [--rounds N] [--most N]`; PYTHON needs python-flint.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Checked, check } from '../src/kernel/certificate.ts';
import { parseJson } from '../src/kernel/document/json.ts';
import { Node } from '../src/kernel/document/node.ts';
import { type Instance, readInstance } from '../src/kernel/model/instance.ts';
import { dyadic } from '../src/landing/propose/dyadic.ts';
import { certify } from '../src/solve/decide/certify.ts';
import { sha256 } from '../src/terminal/digest.ts';
import { normal } from '../src/train/backend/random.ts';
import { CLAIMS } from '../theorems/statements.ts';
import { median, milliseconds, shown } from './milliseconds.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '3' },
    most: { type: 'string', default: '128' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'dictum-bench-'));
const SECOND = fileURLToPath(new URL('../verify/', import.meta.url));

/** How many of the rows are alive, and what the others are. */
const KINDS = {
  'all alive': (n: number, i: number) => (i < 2 * n ? 1 : 0),
  'three in four dead': (n: number, i: number) => (i < n / 2 ? 1 : 0),
  'each row four times': (n: number, i: number) => 2 ** Math.floor((2 * i) / n),
} as const;
type Kind = keyof typeof KINDS;

/** Normal 32-bit floats, exactly. */
function drawn(kind: Kind, n: number, seed: number): Instance {
  const [np, nq] = [n / 2, 2 * n];
  const text = (stream: number, k: number, size = 1): string =>
    `${dyadic(size * Math.fround(normal(seed, stream, k)))}`;
  const rows = (
    stream: number,
    height: number,
    width: number,
    size: (i: number) => number,
    from: (i: number) => number,
  ) =>
    Array.from({ length: height }, (_, i) =>
      Array.from({ length: width }, (_, k) => text(stream, from(i) * width + k, size(i))),
    );
  const one = (): number => 1;
  const same = (i: number): number => i;
  const features = rows(1, n, np, one, same).map((wp, d) => ({ label: `${d + 1}`, wp }));
  const we = rows(
    2,
    nq,
    np,
    (i) => KINDS[kind](n, i),
    (i) => (kind === 'each row four times' ? i % (n / 2) : i),
  );
  const document = {
    format: 'dictum/instance@1',
    name: kind,
    features,
    activation: { kind: 'relu' },
    neurons: nq,
    we,
    wd: rows(3, np, nq, one, same),
  };
  return readInstance(new Node(parseJson(JSON.stringify(document))));
}

const PEER = `
import json, sys, time, flint
job = json.load(open(sys.argv[1]))
scaled = lambda rows: [int(x * 2 ** 160) for row in rows for x in row]
n, p, nq, np = job["n"], job["p"], len(job["we"]), len(job["we"][0])
we, wp = flint.fmpz_mat(nq, np, scaled(job["we"])), flint.fmpz_mat(n, np, scaled(job["wp"]))
start = time.process_time()
z = we * wp.transpose()
rank = flint.nmod_mat(nq, n, [x if x > 0 else 0 for x in z.entries()], p).rank()
print(json.dumps({"ms": 1000 * (time.process_time() - start), "rank": rank,
    "versions": "python-flint " + flint.__version__ + ", FLINT " + flint.__FLINT_VERSION__}))
`;

const REPLAY = `
import sys, time
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import dictum_check
data = open(sys.argv[2], "rb").read()
start = time.process_time()
dictum_check.check(data)
print(1000 * (time.process_time() - start))
`;

function python(program: string, args: readonly string[], named = values.python): string | undefined {
  const { stdout, stderr, status } = spawnSync(named, ['-c', program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  if (status === 0) return stdout;
  console.warn(`${named}: ${stderr.trim().split('\n').at(-1)}`);
  return undefined;
}

let versions = 'no python-flint';

function row(kind: Kind, n: number): string {
  const claim = CLAIMS.get('T6-valley');
  if (!claim) throw new Error('no T6-valley');
  const times: number[][] = [[], [], [], []];
  let [moved, bytes] = [0, 0];
  for (let seed = 1; seed <= Number(values.rounds); seed++) {
    const instance = drawn(kind, n, seed);
    const [made, outcome] = milliseconds(() =>
      certify({ claim, reading: 'repaired', instance, proposals: {} }, sha256),
    );
    if (outcome.verdict !== 'holds') throw new Error(`${kind}, n = ${n}: ${JSON.stringify(outcome)}`);
    const text = outcome.certificate;
    const [replayed, checked] = milliseconds(() => check(text, CLAIMS, sha256));
    if (!(checked instanceof Checked)) throw new Error(`${kind}, n = ${n}: refused, ${checked.code}`);
    const file = join(folder, 'certificate.json');
    writeFileSync(file, text);
    const second = python(REPLAY, [SECOND, file], 'python3');
    if (second === undefined) throw new Error(`${kind}, n = ${n}: the second checker refuses it`);
    const { moved: freed, p } = JSON.parse(text).witness.conclusion;
    [moved, bytes] = [freed.length, text.length];
    const numbers = (rows: readonly { readonly entries: () => { toString(): string }[] }[]): number[][] =>
      rows.map((v) => v.entries().map((x) => quotient(`${x}`)));
    const job = join(folder, 'job.json');
    const wp = numbers(instance.features.map((f) => f.wp));
    writeFileSync(job, JSON.stringify({ n, p, wp, we: numbers(instance.configuration?.we ?? []) }));
    const answer = python(PEER, [job]);
    const peer = answer === undefined ? undefined : JSON.parse(answer);
    if (peer && peer.rank !== n - moved) throw new Error(`${kind}, n = ${n}: rank ${peer.rank}, not ${n - moved}`);
    versions = peer?.versions ?? versions;
    for (const [k, ms] of [made, replayed, Number(second), peer?.ms ?? Number.NaN].entries()) times[k]?.push(ms);
  }
  const [made, replayed, second, peer] = times.map(median) as [number, number, number, number];
  const cells = [made, replayed, second, peer].map((ms) => (Number.isNaN(ms) ? '-' : shown(ms)));
  return `| ${kind} | ${n} | ${moved} | ${(bytes / 1e6).toFixed(2)} | ${cells.join(' | ')} | ${Number.isNaN(peer) ? '-' : (replayed / peer).toFixed(1)} |`;
}

const quotient = (x: string): number => {
  const [num = '0', den = '1'] = x.split('/');
  return Number(num) / Number(den);
};

console.log(
  '| rows | n | freed | certificate, MB | certify, ms | check, ms | second checker, ms | python-flint, rank only, ms | check over python-flint |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
for (const kind of Object.keys(KINDS) as Kind[]) {
  for (let n = 16; n <= Number(values.most); n *= 2) console.log(row(kind, n));
}
rmSync(folder, { recursive: true });
console.log(`\nNode ${process.version}, ${versions}`);
