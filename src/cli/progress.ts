/** A line on stderr that is overwritten, on a terminal only; '' clears it. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
