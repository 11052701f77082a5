/** The result of a training run in words. */

import { table } from '../../terminal/table.ts';
import type { Metrics } from '../../train/metrics/metrics.ts';
import type { TrainResult } from '../../train/run/result.ts';

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

export function trainText({ config, seconds, steps, metrics, taus }: TrainResult, folder: string): string {
  const speed = steps > 0 ? `, ${Math.round((steps * config.batch) / seconds)} samples a second` : '';
  return `${config.name}: ${config.method.kind}, ${config.steps} steps of ${config.batch} on ${config.backend}${speed}
${metricsText(metrics, taus)}${folder}: result.json, metrics.csv, report.html, checkpoint.safetensors
`;
}

export function metricsText({ usage, recovery, absorption, detection }: Metrics, taus: readonly number[]): string {
  const fvu = usage.fvu === null ? 'not defined (all targets are equal)' : usage.fvu.toPrecision(4);
  const use = `FVU ${fvu}, error ${usage.error.toPrecision(4)}, L0 ${usage.l0.toFixed(2)}, dead ${percent(usage.dead)}, dense ${percent(usage.dense)}, on ${usage.inputs} inputs\n`;
  const rows = (recovery ?? []).map((r) => [
    `${r.by}, ${r.similarity}, ${r.match}${r.anchors === 'out' ? ', without anchored' : ''}`,
    r.mean.toFixed(4),
    ...r.recovered.map(percent),
  ]);
  const head = ['recovery by', 'mean', ...taus.map((tau) => `> ${tau}`)];
  const matched = rows.length === 0 || recovery?.some(({ match }) => match === 'one-to-one');
  const leftOut = matched ? '' : 'one-to-one is left out: so many neurons and features take too long to match\n';
  const rate = absorption?.rate ?? undefined;
  const absorbed = rate === undefined ? '' : `absorption: ${percent(rate)} of the inputs with a child active\n`;
  const detected =
    detection &&
    `precision ${detection.precision.toFixed(4)}, recall ${detection.recall.toFixed(4)}, F1 ${detection.f1.toFixed(4)}, MCC ${detection.mcc?.toFixed(4) ?? 'left out'}, uniqueness ${detection.uniqueness.toFixed(4)}, shrinkage ${detection.shrinkage.toFixed(4)}, features of an input ${detection.trueL0.toFixed(2)}\n`;
  return `${use}${detected ?? ''}${rows.length > 0 ? `${table([head, ...rows])}\n` : ''}${leftOut}${absorbed}`;
}
