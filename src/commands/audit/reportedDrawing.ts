/** Reported figures on a line from 0 to 1: what is reported, and what it would have to be. */
import type { Drawing } from '../../explain/drawing.ts';
import { float } from '../../explain/step.ts';
import type { Subject } from '../../kernel/model/subject.ts';

const [WIDTH, LEFT, LINE] = [250, 20, 60];

const place = (share: number): number => LEFT + Math.max(0, Math.min(1, share)) * (WIDTH - 2 * LEFT);

function mark(share: number, words: string, kind: string, above: boolean): string {
  const x = place(share).toFixed(1);
  const anchor = share > 0.7 ? 'end' : share < 0.3 ? 'start' : 'middle';
  return `<g class="${kind}"><circle cx="${x}" cy="${LINE}" r="5"/></g><text class="ink" x="${x}" y="${above ? LINE - 14 : LINE + 24}" text-anchor="${anchor}">${words}</text>`;
}

/** Only of a row of a table: its mean beside its share. */
export function reportedDrawing(subject: Subject): Drawing | undefined {
  if (subject.format !== 'dictum/report@1') return undefined;
  const [share, mean] = [float(subject.recovery.low) / 100, float(subject.mean.low)];
  const least = share * float(subject.tau);
  const parts = [
    `<line class="axis" x1="${LEFT}" y1="${LINE}" x2="${WIDTH - LEFT}" y2="${LINE}"/>`,
    mark(mean, `mean ${subject.mean.text}`, mean < least ? 'bad' : 'on', true),
    mark(least, 'tau times recovery', 'off', false),
  ];
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} 100" width="${WIDTH}" role="img" aria-label="the reported mean ${subject.mean.text} beside tau times the recovery">${parts.join('')}</svg>`,
    caption: `From 0 to 1: the mean best match that is reported, and tau times the recovery of ${subject.recovery.text}%, below which it cannot be.`,
  };
}
