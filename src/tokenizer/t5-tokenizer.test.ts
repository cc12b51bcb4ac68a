/**
 * Token ids: equal to what transformers and transformers.js give for T5, and the same with the cache
 * of words as without, whatever the text.
 */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tinyTokenizer } from '../../trainer/testing/tiny-checkpoint.ts';
import { RankscopeError } from '../errors.ts';
import { T5Tokenizer } from './t5-tokenizer.ts';

const SHARED = new URL('../../../shared', import.meta.url).pathname;
const FLAN = `${SHARED}data/flan-t5-small-tokenizer/`;
const VECTORS = `${SHARED}reference/t5/t5_tokenizer_vectors.json`;
const EMBEDDED = ['demo-teacher', 'demo-student'].map(
  (name) => new URL(`../../public/models/${name}/`, import.meta.url).pathname,
);

function open(folder: string): T5Tokenizer {
  const json = (file: string) => JSON.parse(readFileSync(folder + file, 'utf8')) as unknown;
  return new T5Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'), folder);
}

function openTiny(): T5Tokenizer {
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  return new T5Tokenizer(JSON.parse(tokenizerJson), JSON.parse(tokenizerConfigJson), 'tiny/');
}

interface Vector {
  readonly source: string;
  readonly name: string;
  readonly text: string;
  readonly ids: readonly number[];
}

/**
 * Sources whose tokenizer.json splits at white space before it marks words: white space at the end of
 * a text (or of the text before a special token) is not a token there, in FLAN-T5's file it is "▁".
 */
const SPLITS_AT_SPACE = ['transformers.js Xenova/t5-small', 'transformers.js google-t5/t5-small'];
/** A file with prepend_scheme "first": words after a special token get no "▁" there. */
const FIRST_ONLY = 'transformers.js Xenova/t5-tokenizer-new';

/** Why FLAN-T5's own tokenizer.json cannot give a case's ids; undefined when it must. */
function excluded({ source, text }: Vector): string | undefined {
  if (SPLITS_AT_SPACE.includes(source) && (/\s$/.test(text) || /\s<\/s>/.test(text)))
    return 'space at the end';
  if (source === FIRST_ONLY && /<\/s>\S/.test(text)) return 'no mark after a special token';
  return undefined;
}

describe.skipIf(!existsSync(VECTORS) || !existsSync(FLAN))(
  'ids equal the T5 reference vectors (skipped when ../shared/reference/t5 or ../shared/data/flan-t5-small-tokenizer is missing)',
  () => {
    const vectors = existsSync(VECTORS) ? (JSON.parse(readFileSync(VECTORS, 'utf8')) as Vector[]) : [];
    const tokenizer = existsSync(FLAN) ? open(FLAN) : openTiny();
    const held = vectors.filter((vector) => excluded(vector) === undefined);

    for (const source of new Set(vectors.map((vector) => vector.source))) {
      const cases = held.filter((vector) => vector.source === source);
      const left = vectors.filter((vector) => vector.source === source).length - cases.length;
      it(`${source}: ${cases.length} texts${left > 0 ? ` (${left} excluded: another tokenizer.json)` : ''}`, () => {
        for (const { text, ids } of cases) {
          expect([...tokenizer.encode(text), tokenizer.eosId], JSON.stringify(text)).toEqual(ids);
          expect([...tokenizer.encodeWhole(text), tokenizer.eosId], JSON.stringify(text)).toEqual(ids);
        }
      });
    }

    it('excludes no case that it could give', () => {
      expect(held.length).toBeGreaterThanOrEqual(57);
      for (const vector of vectors.filter((one) => excluded(one) !== undefined)) {
        expect([...tokenizer.encodeWhole(vector.text), tokenizer.eosId]).not.toEqual(vector.ids);
      }
    });
  },
);

/** Words of all kinds with every kind of space between them: what people paste. */
const words = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('the', 'River', 'naïve', 'e\u0301', '…', '﹘', '—', '“x”', 'ﬁ', '¨', 'ΑΣ', 'İ', '～', '▁'),
  fc.constantFrom('你好', 'שלום', 'العربية', 'हिन्दी', '👩‍👩‍👧', '🇩🇪', '\ud800', '\udc00x', 'aaaa', 'zzzzzzz'),
  fc.constantFrom('\u0000', '\u0007', '\u007f', '\u0085', '\u00a0', '\u200b', '\u2028', '\ufeff', '\ufffd'),
  fc.constantFrom('</s>', '<pad>', '<unk>', '<extra_id_0>', '<extra_id_', '</s'),
);
const spaces = fc.constantFrom('', ' ', ' ', ' ', '  ', '\n', '\n\n', ' \n', '\r\n', '\t', ' \u00a0 ');
const texts = fc
  .array(fc.tuple(words, spaces), { maxLength: 25 })
  .map((pairs) => pairs.map((pair) => pair.join('')).join(''));

/** Text as most passages are: no line ends, no rare characters. */
const plainTexts = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
      fc.constantFrom(
        'The',
        'naïve',
        'ÀÉÎ',
        '“River’s”',
        'wait…',
        'a–b',
        '—',
        'ß',
        'Ÿ',
        '</s>',
        '<extra_id_7>',
        '',
      ),
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(' '));

/** A text in parts, cut anywhere, before a space or behind one; some are empty. */
const inParts = fc
  .tuple(fc.oneof(plainTexts, texts), fc.array(fc.tuple(fc.nat(), fc.nat(2)), { maxLength: 6 }))
  .map(([text, cuts]) => {
    const seams = cuts.map(([at, kind]) => {
      const place = at % (text.length + 1);
      const space = text.indexOf(' ', place);
      return kind === 0 || space < 0 ? place : space + kind - 1;
    });
    const sorted = [0, ...seams.sort((a, b) => a - b), text.length];
    return sorted.slice(1).map((end, i) => text.slice(sorted[i], end));
  });

const tokenizers: readonly (readonly [string, () => T5Tokenizer, boolean])[] = [
  ['FLAN-T5 (skipped when ../shared/data is missing)', () => open(FLAN), existsSync(FLAN)],
  ...EMBEDDED.map(
    (folder) =>
      [
        `${folder.split('/').at(-2)} (skipped when public/models is missing)`,
        () => open(folder),
        existsSync(`${folder}tokenizer.json`),
      ] as const,
  ),
  ['the test checkpoint', openTiny, true],
];

for (const [name, make, present] of tokenizers) {
  describe.skipIf(!present)(`the word cache of ${name}`, () => {
    it('gives the ids of the whole text', () => {
      const tokenizer = make();
      fc.assert(
        fc.property(texts, (text) => {
          const whole = tokenizer.encodeWhole(text);
          expect(tokenizer.encode(text)).toEqual(whole);
          // Once more, now from the cache.
          expect(tokenizer.encode(text)).toEqual(whole);
          expect(tokenizer.count(text)).toBe(whole.length);
        }),
        { numRuns: 400 },
      );
    });

    it('gives the ids of parts that are put together, also when they come again in other company', () => {
      const tokenizer = make();
      fc.assert(
        fc.property(inParts, inParts, (one, other) => {
          for (const parts of [one, other, [...one, ' ', ...other], [...other, ...one, ...other]]) {
            const whole = [...tokenizer.encodeWhole(parts.join('')), tokenizer.eosId];
            expect([...tokenizer.encodeParts(parts)]).toEqual(whole);
          }
        }),
        { numRuns: 400 },
      );
    });

    it('gives the ids of the whole text for plain text, too, which goes another way', () => {
      const tokenizer = make();
      fc.assert(
        fc.property(plainTexts, (text) => {
          expect(tokenizer.encode(text)).toEqual(tokenizer.encodeWhole(text));
        }),
        { numRuns: 400 },
      );
    });
  });
}

describe('a word longer than the library can take', () => {
  const tokenizer = openTiny();
  const long = 130_000;

  it('is segmented', () => {
    expect(() => tokenizer.encodeWhole('q'.repeat(long))).toThrowError(RangeError);
    // The mark of a word's beginning, then a token a letter.
    expect(tokenizer.count('q'.repeat(long))).toBe(long + 1);
  });

  it('keeps unknown characters in a row one token', () => {
    const unknown = '\u{1f9ff}';
    expect(tokenizer.encode(`${unknown.repeat(10_000)} the`)).toEqual(tokenizer.encode(`${unknown} the`));
  });
});

describe('added tokens that a normaliser can make of a text', () => {
  const { tokenizerJson, size } = tinyTokenizer();
  for (const [what, content, id] of [
    ['no piece', '{', size],
    ['no piece, of two characters', '{}', size],
    ['a piece under another id', 'ing', size],
  ] as const) {
    it(`have the ids that the library gives them: ${what}`, () => {
      const json = JSON.parse(tokenizerJson) as { added_tokens: object[]; normalizer: object };
      const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
      json.added_tokens.push({ id, content, ...flags });
      json.normalizer = { type: 'NFKC' };
      const tokenizer = new T5Tokenizer(json, {}, 'added/');
      for (const text of ['a \uff5bb', 'a\uff5b\uff5db the', '\uff49ng water', 'a{}b', 'water'])
        expect(tokenizer.encode(text), text).toEqual(tokenizer.encodeWhole(text));
      expect(tokenizer.encode(`the ${content}`)).toContain(id);
    });
  }
});

describe('labels', () => {
  const tokenizer = openTiny();
  it('are single tokens', () => {
    expect(tokenizer.token(tokenizer.labelId('Yes'))).toBe('▁yes');
  });

  for (const label of ['Yes No', 'quux', '', '你']) {
    it(`refuses “${label}”, saying what it becomes`, () => {
      expect(() => tokenizer.labelId(label)).toThrowError(
        expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(`“${label}”`) }),
      );
    });
  }
});

describe('a tokenizer.json that is none', () => {
  for (const [what, json] of [
    ['an empty object', {}],
    ['null', null],
    [
      'a BPE model',
      { ...JSON.parse(tinyTokenizer().tokenizerJson), model: { type: 'BPE', vocab: {}, merges: [] } },
    ],
  ] as const) {
    it(`is refused: ${what}`, () => {
      expect(() => new T5Tokenizer(json, {}, 'x/')).toThrowError(RankscopeError);
      expect(() => new T5Tokenizer(json, {}, 'x/')).toThrowError(/x\/: tokenizer\.json cannot be used/);
    });
  }

  it('is refused without the end token', () => {
    const json = JSON.parse(tinyTokenizer().tokenizerJson.replaceAll('"</s>"', '"</end>"')) as unknown;
    expect(() => new T5Tokenizer(json, {}, 'x/')).toThrowError(/no end token/);
  });
});
