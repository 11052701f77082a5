/** Columns of text, as wide as their widest entry; the first row is the head. */

export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, k) => rows.reduce((most, row) => Math.max(most, row[k]?.length ?? 0), 0));
  return rows
    .map((row) =>
      row
        .map((text, k) => text.padEnd(widths[k] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
