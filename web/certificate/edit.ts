/** A text with one stretch of it changed. */
import type { Edit } from '../state/state.ts';

export const edited = (text: string, edit: Edit | undefined): string =>
  edit === undefined ? text : text.slice(0, edit.at) + edit.put + text.slice(edit.at + edit.cut);

/** What lies between the longest common beginning and end. */
export function editOf(from: string, to: string): Edit | undefined {
  if (from === to) return undefined;
  const most = Math.min(from.length, to.length);
  let at = 0;
  while (at < most && from[at] === to[at]) at++;
  let end = 0;
  while (end < most - at && from[from.length - 1 - end] === to[to.length - 1 - end]) end++;
  return { at, cut: from.length - at - end, put: to.slice(at, to.length - end) };
}

/** Other digits at places of the proof, in a random order: 1 to 9 for 1 to 9, so that numbers stay numbers. */
export function* otherDigits(text: string): Generator<Edit> {
  const from = text.indexOf('"witness"');
  const to = text.lastIndexOf('"id"');
  const places = [...text.slice(from, to).matchAll(/"-?[0-9]+(?:\/[0-9]+)?"/g)].flatMap(({ 0: number, index }) =>
    [...number].flatMap((letter, k) => (/[1-9]/.test(letter) ? [from + index + k] : [])),
  );
  while (places.length > 0) {
    const [at = 0] = places.splice(Math.floor(Math.random() * places.length), 1);
    yield { at, cut: 1, put: `${(Number(text[at]) % 9) + 1}` };
  }
}
