/**
 * What the tests rank: short passages in plain words, each with "tea" and "water" in it, all different.
 * Short keeps a run of hundreds of comparisons fast; nothing here depends on how good a ranking is.
 */

const TEAS = ['Green', 'Black', 'White', 'Oolong', 'Mint', 'Ginger', 'Rooibos', 'Jasmine'];
const FACTS = [
  'tea wants water at seventy degrees, never boiling.',
  'tea turns bitter when it stands in water for long.',
  'tea tastes flat if the water has boiled twice.',
  'tea needs fresh cold water and a warm pot.',
  'tea leaves give water a clear, pale colour.',
  'tea stays good for a year away from light and water.',
  'tea was poured over with hot water three times a day.',
  'tea bags dropped into lukewarm water float.',
];

export const QUERY = 'how hot should the water for tea be';

/** `count` different passages (64 at most), all of them candidates for `QUERY`. */
export function teaPassages(count: number): string[] {
  const passages = FACTS.flatMap((fact, row) =>
    TEAS.map((_, column) => `${TEAS[(column + row) % TEAS.length]} ${fact}`),
  );
  if (count > passages.length) throw new Error(`Only ${passages.length} passages can be made.`);
  return passages.slice(0, count);
}

/** The same as one would paste it: a passage a line. */
export const teaCorpus = (count: number): string => teaPassages(count).join('\n');

/** Ids that the page gives to passages without one: p01, p02 … */
export const generatedIds = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `p${String(i + 1).padStart(2, '0')}`);
