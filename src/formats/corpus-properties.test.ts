import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import { binaryShare } from './clean.ts';
import { CorpusParser, detectFormat, parseCorpus } from './corpus.ts';

const word = fc.string({ unit: fc.constantFrom(...'abcdeäß“”\'",;:<>&😀שא 1'), minLength: 1, maxLength: 12 });
const text = word.map((w) => `t${w}`.trim());
const corpus = fc.uniqueArray(fc.record({ id: fc.stringMatching(/^[a-z0-9_.-]{1,8}$/), title: text, text }), {
  selector: ({ id }) => id,
  minLength: 2,
  maxLength: 8,
});

const cut = (input: string, size: number) => {
  const parser = new CorpusParser();
  for (let i = 0; i < input.length; i += size) parser.push(input.slice(i, i + size));
  return parser.finish();
};

describe('what was written is what is read', () => {
  it('BEIR lines', () => {
    fc.assert(
      fc.property(corpus, (passages) => {
        const beir = passages.map(({ id, ...rest }) => JSON.stringify({ _id: id, ...rest })).join('\n');
        expect(parseCorpus(beir).passages).toEqual(passages);
      }),
    );
  });

  it('CSV and TSV with a header, a JSON array', () => {
    fc.assert(
      fc.property(corpus, fc.constantFrom(',', '\t', ';'), (passages, delimiter) => {
        expect(parseCorpus(Papa.unparse(passages, { delimiter })).passages).toEqual(passages);
        expect(parseCorpus(JSON.stringify(passages, null, 1)).passages).toEqual(passages);
      }),
    );
  });

  it('id, tab, text', () => {
    fc.assert(
      fc.property(corpus, (passages) => {
        // A word above nothing but numbers is a header (columns.ts), as in a table of any other tool.
        const [first, ...others] = passages.map(({ id }) => Number.isFinite(Number(id)));
        fc.pre(first === true || others.includes(false));
        const plain = passages.map(({ id, text: t }) => ({ id, text: t }));
        expect(parseCorpus(plain.map((p) => `${p.id}\t${p.text}`).join('\r\n')).passages).toEqual(plain);
      }),
    );
  });
});

/** What is read, or the refusal of what is not text: more than a tenth control characters. */
function outcome<T>(read: () => T): T | { readonly refused: string } {
  try {
    return read();
  } catch (error) {
    if (error instanceof RankscopeError && error.code === 'bad-input') return { refused: error.message };
    throw error;
  }
}

describe('on any text', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        '"',
        ',',
        '\t',
        '\n',
        '\r',
        'id',
        'text',
        '\u0001',
        '\ud800',
        ' ',
        'word',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 60,
  });

  it('gives passages with unique ids and text, or says what is wrong, never anything else', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom('', 'x.csv', 'x.tsv', 'x.jsonl', 'x.json', 'x.txt'),
        (input, fileName) => {
          const padded = `some ordinary words to start with, so that it is text\n${input}`;
          const found = outcome(() => parseCorpus(padded, { fileName }));
          if ('refused' in found) {
            expect(binaryShare(padded)).toBeGreaterThan(0.1);
            return;
          }
          const { passages, problems, notices } = found;
          expect(new Set(passages.map(({ id }) => id)).size).toBe(passages.length);
          for (const p of passages) {
            expect(p.id).not.toBe('');
            expect(p.text).toBe(p.text.trim());
            expect(p.text).not.toMatch(/^$|[\u0000-\u0008\u000b-\u001f\u007f]/);
          }
          for (const { line, reason } of problems) {
            expect(line).toBeGreaterThan(0);
            expect(line).toBeLessThanOrEqual(padded.split(/\r\n|\r|\n/).length);
            expect(reason).not.toBe('');
          }
          if (passages.length < 2)
            expect(notices.map((n) => n.code)).toContain(passages.length ? 'single' : 'empty');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not depend on how it is cut', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 9 }), (input, size) => {
        const padded = `{"text": "some ordinary words"}\n${input}`;
        expect(outcome(() => cut(padded, size))).toEqual(outcome(() => parseCorpus(padded)));
      }),
      { examples: [['\u0001\u0000\u0000\u0001', 1]] },
    );
  });
});

describe('detectFormat', () => {
  it('knows formats by content', () => {
    const formats = (samples: string[]) => samples.map((s) => detectFormat(s).format);
    expect(
      formats(['{"a":1}\n{"b":2}', '[{"a":1}]', '[\n  {"a":1}]', '{\n "id": 1,\n "text": "x"\n}']),
    ).toEqual(['jsonl', 'json', 'json', 'json']);
    expect(formats(['id,text\n1,a', 'id\ttext\n1\ta', 'title;body\na;b', '1\ta\n2\tb'])).toEqual([
      'csv',
      'tsv',
      'csv',
      'tsv',
    ]);
    expect(formats(['[1] A citation.\n[2] Another.', '{so it goes}\nmore', 'a, b\nc, d', 'a\n\nb'])).toEqual([
      'lines',
      'lines',
      'lines',
      'blocks',
    ]);
  });

  it('takes a first line that is cut off for JSON all the same', () => {
    expect(detectFormat(`{"_id": "a", "text": "${'long '.repeat(20_000)}`).format).toBe('jsonl');
  });
});

describe('long input', () => {
  it('keeps a passage of 200 kB whole', () => {
    const long = 'word '.repeat(40_000).trim();
    expect(parseCorpus(`short\n${long}`).passages[1]!.text).toBe(long);
  });

  it('reports a line beyond all reason by its number and goes on', () => {
    const parser = new CorpusParser();
    parser.push('first\n');
    for (let i = 0; i < 17; i++) parser.push('x'.repeat(1024 * 1024));
    parser.push('\nlast');
    const { passages, problems } = parser.finish();
    expect(passages.map((p) => p.text)).toEqual(['first', 'last']);
    expect(problems).toEqual([{ line: 2, reason: expect.stringContaining('longer than 16 million') }]);
  });

  it('keeps a thousand problems and counts the rest', () => {
    const corpusText = `{"text":"ok"}\n${'{"a":1}\n'.repeat(1500)}`;
    const { problems, problemCount } = parseCorpus(corpusText);
    expect([problems.length, problemCount]).toEqual([1000, 1500]);
  });
});

const SHARED = new URL('../../../shared/data/', import.meta.url).pathname;
describe.skipIf(!existsSync(SHARED))('real collections (skipped where ../shared/data is missing)', () => {
  for (const [name, count] of [
    ['scifact', 5183],
    ['cranfield', 1400],
  ] as const) {
    it(`${name}: ${count} passages`, () => {
      const parsed = parseCorpus(readFileSync(`${SHARED}${name}/corpus.jsonl`, 'utf8'));
      expect(parsed.format).toBe('jsonl');
      expect(parsed.problems).toEqual([]);
      expect(parsed.passages.length + parsed.empty).toBe(count);
    });
  }
});
