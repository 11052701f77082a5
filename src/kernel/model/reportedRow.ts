/** `dictum/report@1`: one row of a table of results, its figures as printed, each standing for the interval that rounds to it. */
import type { Node } from '../document/node.ts';
import { Rational, ZERO } from '../numbers/rational.ts';
import { malformed } from '../numbers/rejection.ts';
import type { Format } from './instance.ts';
import type { ReportedRow, Rounded } from './subject.ts';

/** `84.90`: a decimal without sign and exponent. */
export function rounded(text: string): Rounded | undefined {
  const decimals = /^[0-9]{1,9}(?:\.([0-9]{1,9}))?$/.exec(text);
  const value = decimals ? Rational.parse(text) : undefined;
  if (!value) return undefined;
  const half = Rational.of(1n, 2n * 10n ** BigInt(decimals?.[1]?.length ?? 0));
  const low = value.minus(half);
  return { text, low: low.sign() < 0 ? ZERO : low, high: value.plus(half) };
}

export function readRounded(node: Node): Rounded {
  return rounded(node.text()) ?? malformed('not-a-number', node.path, 'a decimal "84.90" as printed', node.text());
}

function readReport(node: Node): ReportedRow {
  const parts = node.fields(['format', 'name', 'source', 'tau', 'recovery', 'mean', 'denominators']);
  const format = parts.format.word(['dictum/report@1']);
  const tau = parts.tau.rational();
  if (tau.sign() < 0) malformed('out-of-range', parts.tau.path, 'tau >= 0', `${tau}`);
  return {
    format,
    name: parts.name.text(),
    source: parts.source.text(),
    tau,
    recovery: readRounded(parts.recovery),
    mean: readRounded(parts.mean),
    denominators: parts.denominators.items().map((item) => item.index(1, 999_999_999)),
  };
}

export const REPORT: Format<ReportedRow> = { name: 'dictum/report@1', read: readReport };
