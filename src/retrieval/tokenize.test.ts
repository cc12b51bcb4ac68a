import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldTerm } from './fold.ts';
import { forEachTerm, MAX_TERM, termsOf } from './tokenize.ts';

const stemming = 'none';
const folded = { stopWords: false, fold: true, stemming } as const;
const english = { stopWords: true, fold: true, stemming } as const;
const asWritten = { stopWords: false, fold: false, stemming } as const;
const stemmed = { stopWords: true, fold: true, stemming: 'english' } as const;

/** Any code points, but often those that have rules of their own. */
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  fc.constantFrom(...'aZ9é ß.İς東々カー\u3099ใด\u0e35👍🏽🇫🇷\u200d\u00ad\u0301\ufe0f\u05c1שم\u0640½㈱\ud800'),
);
const anyText = fc.string({ unit, maxLength: 60 });

describe('termsOf', () => {
  it.each([
    ['punctuation parts words', 'Wing-body: lift, drag (2.5)!', ['wing', 'body', 'lift', 'drag', '2', '5']],
    ['apostrophes part words', "l'avion, don’t", ['l', 'avion', 'don', 't']],
    ['underscores and line ends part words', 'snake_case\nnext\tline', ['snake', 'case', 'next', 'line']],
    [
      'case and accents fold',
      'CAFÉ Ångström naïve Straße Łódź',
      ['cafe', 'angstrom', 'naive', 'strasse', 'lodz'],
    ],
    ['composed and decomposed are one', 'e\u0301t\u00e9', ['ete']],
    ['compatibility forms fold', 'ﬁne Ｗｉｄｅ m²', ['fine', 'wide', 'm2']],
    ['Turkish and Greek capitals fold', 'İstanbul ΟΔΟΣ οδός', ['istanbul', 'οδοσ', 'οδοσ']],
    ['Hebrew points do not count', 'שָׁלוֹם', ['שלום']],
    ['Arabic vowel signs do not count', 'مُحَمَّد', ['محمد']],
    ['Indian vowel signs do count', 'हिन्दी', ['हिन्दी']],
    ['voiced kana stay voiced', 'ガ', ['ガ']],
    ['ideographs are terms', '東京都', ['東', '京', '都']],
    ['kana give pairs', 'コーヒー', ['コー', 'ーヒ', 'ヒー']],
    ['mixed Japanese', '食べる', ['食', 'べる']],
    ['Thai gives pairs of letters with their marks', 'ใจดี', ['ใจ', 'จดี']],
    ['Hangul gives pairs within a word', '한국어 배우기', ['한국', '국어', '배우', '우기']],
    ['a lone Hangul syllable is a term', '책 한 권', ['책', '한', '권']],
    ['Hangul beside other scripts', '3월 iPhone은 大韓민국', ['3', '월', 'iphone', '은', '大', '韓', '민국']],
    ['kana and Hangul make no pair', 'カ서울', ['カ', '서울']],
    ['decomposed Hangul is the same', '서울은'.normalize('NFD'), ['서울', '울은']],
    ['emoji are terms, whatever their tone', 'go 👍🏽👍 🎉!', ['go', '👍', '👍', '🎉']],
    ['a flag is a term', '🇫🇷🇩🇪', ['🇫🇷', '🇩🇪']],
    ['control characters part words', 'a\u0000b\u0007c', ['a', 'b', 'c']],
    ['invisible characters do not', 'ex\u00adam\u200dple \u202bשלום\u202c', ['example', 'שלום']],
    ['lone surrogates are passed over', 'a\ud800b', ['a', 'b']],
    ['nothing gives nothing', ' \n\t—…', []],
  ])('%s', (_, text, terms) => {
    expect(termsOf(text, folded)).toEqual(terms);
  });

  it('keeps case and accents when not folding, but not invisible characters', () => {
    expect(termsOf('CAFÉ Cafe\u0301 so\u00adft', asWritten)).toEqual(['CAFÉ', 'Café', 'soft']);
  });

  it('leaves out English stop-words, folded or not', () => {
    expect(termsOf("What are the wings of the plane? It's not there.", english)).toEqual(['wings', 'plane']);
    expect(termsOf('The THE wing', { ...english, fold: false })).toEqual(['wing']);
  });

  it('cuts runs without end', () => {
    expect(termsOf('x'.repeat(10_000), folded)).toEqual(['x'.repeat(MAX_TERM)]);
  });

  it('gives for a term that very term (queries and passages meet)', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, fold) => {
        const params = { ...folded, fold };
        for (const term of termsOf(text, params)) {
          // A compatibility form may decompose to several terms (½, ㈱); its parts must be stable.
          const again = termsOf(term, params);
          expect(again.flatMap((t) => termsOf(t, params))).toEqual(again);
        }
      }),
    );
  });

  it('names places inside the text, in order, each giving its term', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let before = -1;
        forEachTerm(text, asWritten, (term, start, end) => {
          expect(start).toBeGreaterThan(before);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(termsOf(text.slice(start, end), asWritten)).toContain(term);
          before = start;
        });
      }),
    );
  });
});

describe('stemming', () => {
  it.each([
    ['forms of a word become one term', 'Deduct deducted DEDUCTIBLE deductions', Array(4).fill('deduct')],
    ['verbs and nouns', 'commute commuting commuters', ['commut', 'commut', 'commut']],
    ['stop-words are told before it', "this was having (hav), isn't his", ['have', 'hav', 'isn']],
    [
      'digits, accents and other scripts stay',
      'm2s 2010s naïves ﬁnes λόγους коты',
      ['m2s', '2010s', 'naiv', 'fine', 'λογουσ', 'коты'],
    ],
  ])('%s', (_, text, terms) => {
    expect(termsOf(text, stemmed)).toEqual(terms);
  });
});

describe('foldTerm', () => {
  it('is idempotent', () => {
    fc.assert(
      fc.property(anyText, (text) => foldTerm(foldTerm(text)) === foldTerm(text)),
      { numRuns: 2000 },
    );
  });

  it('does not tell upper from lower case in Latin, Greek and Cyrillic', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'aézßøčαςωёяй'), maxLength: 10 });
    fc.assert(fc.property(letters, (text) => foldTerm(text.toUpperCase()) === foldTerm(text.toLowerCase())));
  });
});
