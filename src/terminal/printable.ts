/**
 * Text from files on its way to a terminal. Escaped are control characters (C0, DEL, C1), which could move the cursor or recolour the
 * screen, the separators that break lines, and the characters that turn the direction of text (Unicode TR 9: marks, embeddings,
 * overrides, isolates), behind which a label could show as another one.
 */
const LONGEST = 400;
/** A verdict has its own bounds on what it lists, and none of its facts may be cut off. */
const LONGEST_VERDICT = 20_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same without the line feed
const BUT_LINES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

export const printableVerdict = (text: string): string => printable(text, LONGEST_VERDICT);

/** A piece of a line, a name say: no line feeds either, and overlong text is cut. */
export function printable(text: string, longest: number = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : text;
  return cut.replace(UNSEEN, escaped);
}

/** Whole lines of ours, whatever stands in them. */
export const visible = (text: string): string => text.replace(BUT_LINES, escaped);
