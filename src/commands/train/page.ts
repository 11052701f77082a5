/** The page of a training run: one HTML file with its curves, recovery against tau (as the paper's Figure 6) and all figures. */

import { linePlot, type Series } from '../../terminal/linePlot.ts';
import type { TrainResult } from '../../train/run/result.ts';
import { metricsText } from './text.ts';

/** More points than this a curve does not need. */
const MOST_POINTS = 200;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export function trainPage(result: TrainResult): string {
  const { config, metrics, records, taus } = result;
  const every = Math.max(1, Math.ceil(records.length / MOST_POINTS));
  const thin = records.filter((_, k) => k % every === 0 || k === records.length - 1);
  const curve = (name: string, y: (at: (typeof records)[number]) => number): Series => ({
    name,
    points: thin.map((record) => ({ x: record.step, y: y(record) })),
  });
  const plots = [
    linePlot({
      title: 'Loss',
      x: 'step',
      y: 'log10',
      series: [curve('loss', (r) => log10(r.loss)), curve('squared error', (r) => log10(r.error))],
    }),
    linePlot({ title: 'Dead neurons', x: 'step', y: 'share', series: [curve('dead', (r) => r.dead)] }),
    linePlot({ title: 'L0', x: 'step', y: 'active latents of an input', series: [curve('L0', (r) => r.l0)] }),
    ...(metrics.bestMatches ? [recoveryPlot(metrics.bestMatches)] : []),
  ];
  const { records: _, ...figures } = result;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(config.name)}</title>
<style>body{font:15px/1.5 sans-serif;max-width:1340px;margin:2rem auto;padding:0 1rem}svg{max-width:640px;width:100%}pre{overflow:auto;background:#f4f4f4;padding:1rem}</style>
<h1>${escaped(config.name)}</h1>
<p>${escaped(config.method.kind)}, ${config.neurons} neurons, ${config.steps} steps of ${config.batch}, seed ${config.seed}, backend ${config.backend}, ${result.seconds.toFixed(1)} s</p>
${plots.join('\n')}
<pre>${escaped(metricsText(metrics, taus))}</pre>
<h2>Everything that is needed to run it again</h2>
<pre>${escaped(JSON.stringify({ ...figures, metrics: undefined }, null, 2))}</pre>
</html>
`;
}

const log10 = (x: number): number => Math.log10(Math.max(x, 1e-30));

/** Share of features whose best cosine is above tau. */
function recoveryPlot({ encoder, decoder }: { encoder: readonly number[]; decoder: readonly number[] }): string {
  const curve = (name: string, values: readonly number[]): Series => ({
    name,
    points: Array.from({ length: 51 }, (_, k) => ({
      x: k / 50,
      y: values.filter((value) => value > k / 50).length / values.length,
    })),
  });
  const series = [curve('by encoder', encoder), curve('by decoder', decoder)];
  return linePlot({ title: 'Recovered features', x: 'tau', y: 'share with best cosine > tau', series });
}
