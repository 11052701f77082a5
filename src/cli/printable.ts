/**
 * Text from files on its way to a terminal: control characters, which could move the cursor or recolour the screen, are
 * written as escapes, and overlong text is cut.
 */
const LONGEST = 400;
/** A verdict has its own bounds on what it lists, and none of its facts may be cut off. */
const LONGEST_VERDICT = 20_000;

export const printableVerdict = (text: string): string => printable(text, LONGEST_VERDICT);

export function printable(text: string, longest: number = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : text;
  return cut.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
