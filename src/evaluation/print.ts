/** Values as trec_eval prints them, so that our tables can be compared with its outputs character by character. */

/**
 * Fixed decimals, exact ties to the even digit as C's printf does: 1/32 prints as 0.0312 with four,
 * where JavaScript's toFixed gives 0.0313.
 */
export function trecDecimals(value: number, digits = 4): string {
  const rounded = value.toFixed(digits);
  if (!Number.isFinite(value)) return rounded;
  // toFixed is exact: with 60 digits a tie between two decimals shows as a lone 5 followed by zeros.
  const exact = value.toFixed(60);
  const cut = exact.length - 60 + digits;
  if (!/^50*$/.test(exact.slice(cut))) return rounded;
  const truncated = exact.slice(0, cut);
  return Number(truncated.at(-1)) % 2 === 0 ? truncated : rounded;
}
