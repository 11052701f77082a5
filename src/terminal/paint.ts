/** Colour on a terminal, none elsewhere, and none where NO_COLOR (no-color.org) is set. */
import { randomBytes } from 'node:crypto';

type Colour = 'red' | 'green' | 'bold';

const CODES: Readonly<Record<Colour, readonly [number, number]>> = { red: [31, 39], green: [32, 39], bold: [1, 22] };

/** Stands for ESC [ until streams.ts writes it: another one in every process, so that no file can have it in a label. */
export const INK: string = `\u001b(${randomBytes(16).toString('hex')})`;

const wanted = (): boolean =>
  process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';

export function paint(colour: Colour, text: string): string {
  const [on, off] = CODES[colour];
  return wanted() ? `${INK}${on}m${text}${INK}${off}m` : text;
}
