/** The known word that a mistyped one was probably meant to be. */

/**
 * The nearest of `known` by edit distance (Damerau's: a swap of neighbours is one edit), case aside.
 * @returns undefined where none is near: more than a third of its letters would have to change.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, edits: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  if (best && best.edits <= Math.max(1, Math.floor(best.name.length / 3))) return best.name;
  // A word that another begins with, or that begins with it: `lr` no, `learning` for `learningRate` yes.
  const begins = (a: string, b: string) => b.toLowerCase().startsWith(a.toLowerCase());
  return known.find((name) => word.length > 2 && (begins(word, name) || begins(name, word)));
}

/** Inserted, deleted and changed letters and swapped neighbours between two words. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, rows[i - 2]![j - 2]! + 1);
      row.push(edits);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
