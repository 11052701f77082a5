/** The packs that a claim names are those that prove what it may ask, or its negation: each of them, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Json, type JsonObject, parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { INSTANCE } from '../../src/kernel/model/instance.ts';
import type { Subject } from '../../src/kernel/model/subject.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import { Vector } from '../../src/kernel/numbers/vector.ts';
import { type Claim, rulesOf } from '../../src/kernel/proof/claim.ts';
import { type Goal, type Judgement, not, RULE_NAMES, type Rule } from '../../src/kernel/proof/goal.ts';
import { PACKS, RULES } from '../../src/solve/proofs/rules.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { source, under } from '../kernel/trusted.ts';

const folder = join(import.meta.dirname, '../../certificates');
const certificates = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && name !== 'manifest.json')
  .map((name) => parseJson(readFileSync(join(folder, name), 'utf8')) as JsonObject);

/** In place of a certificate of the paper's scale, which takes minutes. */
const SMALL =
  parseJson(`{ "format": "dictum/scale@1", "name": "small", "features": 2, "dimensions": 2, "neurons": 4, "entries": 1,
  "directions": { "seed": 1 }, "encoder": { "seed": 2 } }`);

function of(claim: Claim<Subject>): Subject[] {
  const documents = certificates.filter((certificate) => certificate.get('claim') === claim.id);
  const instances = documents.map((certificate) => certificate.get('instance') as Json);
  const { name, read } = claim.about ?? INSTANCE;
  return (name === 'dictum/scale@1' ? [SMALL] : instances).map((json) => read(new Node(json)));
}

/** The judgements of a goal, those about a configuration that exists among them, of a configuration of zeros, and those that exclude every one. */
function judgements(goal: Goal, m: Subject): Judgement[] {
  if (goal.kind === 'computed') return [];
  if (goal.kind !== 'judgement') return goal.of.flatMap((part) => judgements(part, m));
  if (goal.predicate !== 'exists' || m.format !== 'dictum/instance@1') return [goal];
  const zeros = (length: number): Vector[] => Array.from({ length: m.neurons }, () => Vector.zero(length));
  const at = { we: zeros(m.np), wd: zeros(m.nr) };
  const gate = m.activation.kind === 'gated' && { gate: { rows: zeros(m.np), bias: Vector.zero(m.neurons) } };
  // Where neurons compete zeros may tie.
  const such = goalOf(() => goal.such({ ...at, ...gate }));
  const unless = goal.unless && goalOf(goal.unless);
  return [goal, ...[such, unless].flatMap((part) => (part ? judgements(part, m) : []))];
}

/** What the instance does not bring, a configuration say, nobody asks of it. */
function goalOf(make: () => Goal): Goal | undefined {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof Rejection) return undefined;
    throw thrown;
  }
}

/** Whether the rule refuses every proof of it, as one that is for other judgements. */
function serves(rule: Rule<Subject>, judgement: Judgement, instance: Subject): boolean {
  try {
    rule(judgement, new Node(parseJson('{ "rule": "x" }')), { instance, rules: RULES, facts: [] });
  } catch (thrown) {
    if (!(thrown instanceof Rejection)) throw thrown;
    return !(thrown.code === 'wrong-rule' && thrown.found.startsWith('one for '));
  }
  return true;
}

test.each([...CLAIMS.values()].map((claim) => [claim.id, claim] as const))('%s', (_, claim) => {
  const instances = of(claim);
  expect(instances.length).toBeGreaterThan(0);
  const asked = new Map<string, readonly [Judgement, Subject]>();
  for (const reading of Object.values(claim.readings)) {
    for (const m of instances) {
      for (const make of [...reading.hypotheses.map(({ goal }) => goal), reading.conclusion]) {
        const goal = goalOf(() => make(m));
        for (const judgement of goal ? judgements(goal, m) : []) {
          const as = 'as' in judgement ? judgement.as : '';
          asked.set(`${judgement.predicate} ${as} ${'activation' in m ? m.activation.kind : ''}`, [judgement, m]);
        }
      }
    }
  }
  const needed = PACKS.filter((pack) =>
    [...asked.values()].some(([judgement, m]) =>
      [judgement, not(judgement) as Judgement].some((side) => [...pack.values()].some((rule) => serves(rule, side, m))),
    ),
  );
  const names = (packs: Claim['rules']): string[] => packs.map((pack) => [...pack.keys()].join()).sort();
  expect(names(claim.rules)).toEqual(names(needed));
});

test('every pack of the kernel is in the list of producers, with the names of the format, and no name is in two', () => {
  const made = under('src/kernel/rules').flatMap((file) => source(file).match(/= pack\(\{/g) ?? []);
  expect(PACKS).toHaveLength(made.length);
  expect([...RULES.keys()].sort()).toEqual([...RULE_NAMES].sort());
  expect(RULES.size).toBe(PACKS.reduce((count, pack) => count + pack.size, 0));
});

test('every rule is of some claim', () => {
  const used = new Set([...CLAIMS.values()].flatMap((claim) => [...rulesOf(claim).keys()]));
  expect([...RULES.keys()].filter((name) => !used.has(name))).toEqual([]);
});
