/**
 * Which words a sentence has to have, and which it may not, for what was proved: written from the goals of docs/certificate-format.md, section 5,
 * and not from the sentences.
 */
import type { Fact, Judged } from '../../src/kernel/proof/fact.ts';

export interface Demand {
  readonly must: readonly RegExp[];
  readonly never: readonly RegExp[];
}

const demand = (must: readonly RegExp[], never: readonly RegExp[] = []): Demand => ({ must, never });

/** Of a fact of a judgement. */
function ofJudged(fact: Judged): Demand {
  const no = fact.truth ? [] : [/\b(?:no|not)\b/];
  const negative = fact.truth ? [/\bcarries no\b|is not realizable|^no\b/] : [];
  switch (fact.relation) {
    case 'realizable':
      // Gates alone were decided: neither "realizable" nor "active" may be said of neurons.
      return fact.gates
        ? demand([/\bgates?\b/, /\bopen on\b/, ...no], [/realizable/, /\bactive on\b/, /can show/, ...negative])
        : demand([/realizable/, ...no], [/\bgate/, ...negative]);
    case 'exists':
      return fact.truth
        ? demand([/^some configuration has/])
        : demand([/^no configuration has all that is asked for, since /]);
    case 'local-minimum':
      return demand([/the configuration is/, /local minimum of L~/, ...no], [/global/, /\bcarries\b/]);
    case 'global-minimum':
      return demand([/global minimum of L~/, fact.of === 'ground-truth' ? /ground-truth/ : /the configuration/, ...no]);
    case 'reconstructs':
      return demand([/for every x/]);
    case 'partial-minimum':
      return fact.stationary
        ? demand([/both gradients 0/, /L~ > 0/, ...no], [/partial minimum/, ...negative])
        : demand(
            [/partial minimum/, /positive loss/, ...no, ...(fact.face ? [/on a face/] : [])],
            [/both gradients 0/, ...negative],
          );
    case 'critical': {
      const face = fact.face ? [/on a face/, /gradient is not 0/] : [];
      const says = {
        any: demand([/critical point/, ...no, ...face], [/local minimum/, /saddle/, ...negative]),
        minimum: demand([/local minimum of L~/, ...no, ...face], [/no local minimum of L~.*: L~/, ...negative]),
        saddle: demand([/critical point that is no local minimum of L~/, ...no, ...face], negative),
      };
      return says[fact.as];
    }
    case 'strict-trap':
      return demand([/\bstrict\b/, /at no kink/, /local minimum/, ...no]);
    case 'some-weights':
      return fact.truth
        ? demand([/^with the weights M = /, /both gradients 0/, /L~ > 0/])
        : demand([/^with no weights M > 0 /, /both gradients 0/], [/L~/, /partial minimum/]);
    case 'refuted-near':
      return demand([/^every instance within \S+ of this one/, /refutes T6/, /is realizable/, /no partial minimum/]);
    case 'least-loss':
      if (fact.by === 'rank-bound') {
        const closed = fact.loss?.[0] === fact.loss?.[1];
        return closed
          ? demand([/a configuration reaches/, /none has less: it is a global minimum/])
          : demand([/a configuration reaches/, /none has less than/, /over all encoders and decoders/], [/minimum/]);
      }
      return demand([
        /^the least L~ there is/,
        /over all encoder rows and decoder columns of one neuron/,
        /ReLU, (?:no|with a) bias/,
      ]);
    case 'valley-exit':
      return demand(
        [
          /the configuration/,
          fact.to === 'zero' ? /to L~ = 0/ : /to L~/,
          ...(fact.truth ? [/never rises/] : [/no path/]),
        ],
        [/minimum/],
      );
    case 'strictly-dead':
      return demand([/negative on every feature/, ...no]);
    case 'spanning':
      return demand([/positive on no feature/, ...(fact.truth ? [/span positively/] : [/not 0/])]);
    case 'counted':
      return demand(
        [
          fact.gates ? /gate can be open on/ : /neuron can show/,
          /\bjust\b/,
          ...(fact.of === 'chambers' ? [/at its kink/] : []),
        ],
        [fact.gates ? /neuron can show/ : /gate/, ...(fact.of === 'sets' ? [/kink|chamber/] : [])],
      );
    case 'unique-codes':
      return demand(
        [new RegExp(`${fact.k}-sparse codes`), /one point/, ...(fact.truth ? [/^no two /] : [/^two /])],
        fact.signed ? [/>= 0/] : [],
      );
    case 'definite':
      return demand([/positive semidefinite/, ...no, ...(fact.what.matrix === 'hessian' ? [/Hessian/] : [/lambda/])]);
    case 'best-loss-at-most':
      return demand([/best loss/, fact.truth ? /no larger/ : /is larger/]);
    case 'independent-codes':
      return demand([/independent/, /some decoder/, ...(fact.anchors > 0 ? [/anchored/] : [])]);
    case 'biconvex':
      return demand([/convex/, ...(fact.gates ? [/gates as they are/] : []), ...no]);
  }
}

export const demandOf = (fact: Fact): Demand => {
  if ('by' in fact && 'truth' in fact) return ofJudged(fact as Judged);
  switch (fact.relation) {
    case 'stationary':
      return demand(
        fact.kinks && fact.truth ? [/gradients? (?:are|is) 0/, /kinks/] : [/gradients/],
        fact.truth ? [/not 0/] : [],
      );
    case 'zero-loss':
      return demand(fact.feature === undefined ? [/every d/] : [/is not/]);
    case 'decrease':
      return demand(fact.by === '0' ? [/does not lower/] : [/lowers L~ by/], fact.by === '0' ? [/lowers/] : []);
    default:
      return demand([/./]);
  }
};
