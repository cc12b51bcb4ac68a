/** Rows side by side, padded with 0 to the next multiple of `multiple`. */
export function padRows(rows: readonly Int32Array[], multiple: number) {
  const longest = rows.reduce((most, row) => Math.max(most, row.length), 1);
  const length = Math.ceil(longest / multiple) * multiple;
  const ids = new Int32Array(rows.length * length);
  const mask = new Int32Array(rows.length * length);
  for (const [r, row] of rows.entries()) {
    ids.set(row, r * length);
    mask.fill(1, r * length, r * length + row.length);
  }
  return { ids, mask, length };
}
