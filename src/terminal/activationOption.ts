/** `--activation` of `dictum import`. */
import type { Activation } from '../kernel/model/instance.ts';
import { Rational } from '../kernel/numbers/rational.ts';
import { countFrom } from './arguments.ts';
import { fail } from './problem.ts';

/** `relu`, `jumprelu:1/2`, `topk:3` */
export function activationFrom(text: string): Activation {
  const [kind, parameter] = text.split(':', 2);
  const wrong = (): never =>
    fail('bad-arguments', { file: '--activation' }, 'relu, identity, gated, jumprelu:THETA, or a topk with :K', text);
  switch (kind) {
    case 'relu':
    case 'identity':
    case 'gated':
      return parameter === undefined ? { kind } : wrong();
    case 'jumprelu': {
      const theta = Rational.parse(parameter ?? '');
      return theta && theta.sign() >= 0 ? { kind, theta } : wrong();
    }
    case 'topk':
    case 'topk-pure':
    case 'batchtopk':
      return { kind, k: parameter === undefined ? wrong() : countFrom(parameter, '--activation', 1_000_000) };
    default:
      return wrong();
  }
}
