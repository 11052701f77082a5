/** Colour on a terminal, none elsewhere, and none where NO_COLOR (no-color.org) is set. */
type Colour = 'red' | 'green' | 'bold';

const CODES: Readonly<Record<Colour, readonly [number, number]>> = { red: [31, 39], green: [32, 39], bold: [1, 22] };

const wanted = (): boolean =>
  process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';

export function paint(colour: Colour, text: string): string {
  const [on, off] = CODES[colour];
  return wanted() ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}
