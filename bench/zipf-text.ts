/**
 * Synthetic text with the statistics that an index feels: word frequencies by Zipf's law in two
 * regimes (exponent 1 for the 5,000 words everybody uses, steeper beyond: Ferrer i Cancho and Solé
 * 2001), function words on top as in English, a vocabulary that grows with the text.
 * Seeded: the same seed gives the same corpus on every machine.
 */
import { seededRandom } from '../src/random.ts';
import type { Passage } from '../src/types.ts';

const FUNCTION_WORDS =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also did many off before must well back through years much where your way down should because long each just state those people too mr how little good world make very year still see own work men day get here between both life being under three never know same last another while us might great old go come since against right came take used himself few house use place during high without again home around small however found mrs part school thought went say general once upon war every does got united left number course until always away something fact water less public put thing almost enough'.split(
    ' ',
  );
const ONSETS = 'b c d f g h j k l m n p r s t v w z b d f l m n p r s t ch st th tr'.split(' ');
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'a', 'e', 'ou'];
const CODAS = ['', '', '', '', 'n', 'r', 's', 't', 'l', 'm'];

/** The word of a rank (0 = most frequent): function words, then invented ones, longer as they get rarer. */
export function wordOfRank(rank: number): string {
  const common = FUNCTION_WORDS[rank];
  if (common !== undefined) return common;
  const random = seededRandom(rank + 7919);
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)]!;
  let word = '';
  for (let n = 1 + Math.floor(Math.log10(rank) / 2.5 + random()); n > 0; n--) {
    word += pick(ONSETS) + pick(VOWELS) + pick(CODAS);
  }
  return word;
}

const KERNEL = 5000;
const TAIL = 1.6;

export interface ZipfText {
  passage(): Passage;
  /** A query of 3 to 12 words, half of them drawn as in running text, half by the order of magnitude of their rank. */
  query(): string;
}

/** @param vocabulary words that can occur; about 40 % of the tokens are among the first hundred */
export function zipfText(seed: number, vocabulary = 400_000): ZipfText {
  const random = seededRandom(seed);
  const cumulative = new Float64Array(vocabulary);
  let sum = 0;
  for (let rank = 0; rank < vocabulary; rank++) {
    sum += rank < KERNEL ? 1 / (rank + 2.7) : KERNEL ** (TAIL - 1) / rank ** TAIL;
    cumulative[rank] = sum;
  }
  const words = new Array<string | undefined>(vocabulary);
  const word = (rank: number): string => {
    words[rank] ??= wordOfRank(rank);
    return words[rank]!;
  };
  const draw = (): number => {
    const target = random() * sum;
    let [low, high] = [0, vocabulary - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! < target) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  let count = 0;
  return {
    passage() {
      const length = 50 + Math.floor(random() * 100);
      const tokens: string[] = [];
      for (let i = 0; i < length; i++)
        tokens.push(word(draw()) + (random() < 0.08 ? (random() < 0.5 ? '.' : ',') : ''));
      count++;
      return { id: `p${count}`, text: tokens.join(' ') };
    },
    query() {
      const length = 3 + Math.floor(random() * 10);
      const ranks = Array.from({ length }, () =>
        random() < 0.5 ? draw() : Math.floor(vocabulary ** random()),
      );
      return ranks.map((rank) => word(Math.min(rank, vocabulary - 1))).join(' ');
    },
  };
}
