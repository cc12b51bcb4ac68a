import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import { readAllDecisions } from './decisions-read.ts';
import {
  isRepaired,
  readAnswers,
  readPermutations,
  readTrainingLists,
  repairPermutation,
  writePermutations,
  writeTrainingLists,
} from './distill.ts';
import { readHits, writeRankGptHits, writeRankLlm } from './hits.ts';
import { readQrels, writeBeirQrels, writeTrecQrels } from './qrels.ts';
import { readQueries, writeQueries } from './queries.ts';
import { readTrecRuns } from './runs.ts';

const id = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,8}$/);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((t) => `x${t}`.trim());
const passage = fc.oneof(fc.record({ id, text }), fc.record({ id, title: text, text }));
const candidates = fc
  .uniqueArray(fc.record({ passage, score: fc.double({ noNaN: true, noDefaultInfinity: true }) }), {
    selector: ({ passage: p }) => p.id,
    minLength: 1,
    maxLength: 6,
  })
  .map((list) => list.map((c, i) => ({ ...c, score: c.score + 0, rank: i + 1 })));
const lists = fc.array(fc.record({ query: fc.record({ id, text }), candidates }), { maxLength: 4 });

/** Every reader: nothing but 'bad-input' comes out of it, and the message names the file. */
function onlyBadInput(read: (text: string, file: string) => unknown, input: string): void {
  try {
    read(input, 'some-file');
  } catch (error) {
    expect(error).toBeInstanceOf(RankscopeError);
    expect((error as RankscopeError).code).toBe('bad-input');
    expect((error as RankscopeError).message).toContain('some-file');
  }
}

const readers = {
  readQueries,
  readQrels,
  readTrecRuns,
  readHits,
  readTrainingLists,
  readPermutations,
  readAllDecisions,
};
const hostile = fc.string({
  unit: fc.constantFrom(
    '{"query":',
    '"x"',
    '"hits":[',
    '}',
    ']',
    ',',
    '\t',
    ' ',
    '\n',
    '<top>',
    '<num>',
    '0',
    '1 > 2',
    '{"version":1',
    'Q0',
    '[[[',
    '9007199254740993',
  ),
  maxLength: 20,
});
describe.each(Object.entries(readers))('%s', (_, read) => {
  it('throws nothing but bad-input, naming the file', () => {
    fc.assert(fc.property(fc.oneof(hostile, fc.json(), fc.string()), (input) => onlyBadInput(read, input)));
  });
});

describe('queries', () => {
  it('come back as they were written', () => {
    const queries = fc.uniqueArray(fc.record({ id, text }), {
      selector: (q) => q.id,
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(queries, (list) => {
        expect(readQueries(writeQueries(list))).toEqual(list);
      }),
    );
  });

  it('reads tab-separated and colon-separated lines', () => {
    const expected = [
      { id: '12', text: 'what is x' },
      { id: '13', text: 'who: y' },
    ];
    expect(readQueries('12\twhat is x\r\n13\twho: y\r\n')).toEqual(expected);
    expect(readQueries('12:what is x\n13:who: y')).toEqual(expected);
  });

  it('passes over a first line of column names, and no other', () => {
    const expected = [{ id: '1', text: 'foo' }];
    for (const header of ['id\ttext', 'qid\tquery', 'query-id\ttitle']) {
      expect(readQueries(`${header}\n1\tfoo\n`)).toEqual(expected);
    }
    expect(readQueries('1\tfoo\nqid\tquery')).toHaveLength(2);
    expect(readQueries('id\twhat is an id')).toHaveLength(1);
  });

  it('reads classic topics, titles on the same or the next line, description as a fallback', () => {
    const topics = `<top>
<num> Number: 301
<title> International Organized Crime

<desc> Description:
Identify organizations.
</top>
<top>
<num>302</num>
<title>
Polio and
after</title>
</top>
<top>
<num> Number: 303
<desc> Description:
Only a description.
<narr> Narrative: not this.
</top>`;
    expect(readQueries(topics)).toEqual([
      { id: '301', text: 'International Organized Crime' },
      { id: '302', text: 'Polio and after' },
      { id: '303', text: 'Only a description.' },
    ]);
  });

  it('takes the columns that a header names, and numbers and null as dumps have them', () => {
    const expected = [{ id: '1', text: 'foo' }];
    expect(readQueries('category\tquery_id\tquery\nx\t1\tfoo\n')).toEqual(expected);
    for (const header of ['"id","question"\n', 'qid;query\n', 'topic\ttitle\textra\n']) {
      const between = header.includes('\t') ? '\t' : header.includes(',') ? ',' : ';';
      expect(
        readQueries(
          `${header}1${between}"say ""foo"" now"${header.includes('extra') ? `${between}x` : ''}\n\n`,
        ),
      ).toEqual([{ id: '1', text: 'say "foo" now' }]);
    }
    expect(() => readQueries('id,query\n1,"foo\n2,bar', 'q')).toThrow(/q, line 2: a quotation mark/);
    expect(readQueries('sep=;\nid;query\n1;foo')).toEqual(expected);
    // With tabs a quote is a character unless the whole field is quoted.
    expect(readQueries('qid\tquery\n1\t"Stay" is a song\n2\t"a\tb""\n3\tc').map((q) => q.text)).toEqual([
      '"Stay" is a song',
      '"a b""',
      'c',
    ]);
    // Without a header a quote is a quote, as in MS MARCO's files.
    expect(readQueries('1\t"foo"')).toEqual([{ id: '1', text: '"foo"' }]);
    expect(readQueries('1\tfoo\tbar')).toEqual([{ id: '1', text: 'foo bar' }]);
    expect(readQueries('{"_id": 1, "text": null, "title": "foo"}')).toEqual(expected);
    expect(readQueries('{"_id": "1", "text": 2020}')).toEqual([{ id: '1', text: '2020' }]);
    expect(readQueries('{"qid": 9007199254740993, "query": "foo"}')[0]!.id).toBe('9007199254740993');
    expect(() => readQueries('{"_id": "1", "text": null}', 'q')).toThrow(/q, line 1: query “1” has no text/);
    expect(() => readQueries('\tfoo', 'q')).toThrow(/q, line 1: expected an id, a tab/);
    expect(() => readQueries('qid\tquery\n\tfoo', 'q')).toThrow(/q, line 2: the query “foo” has no id/);
  });

  it('names lines in errors', () => {
    expect(() => readQueries('1\ta\n2\tb\n1\tc', 'q.tsv')).toThrow(/^q\.tsv, line 3: .*“1”.*line 1/);
    expect(() => readQueries('1\ta\nno tab here', 'q.tsv')).toThrow(/^q\.tsv, line 2: expected an id, a tab/);
    expect(() => readQueries('{"_id":"1","text":"a"}\n{"_id":"2"}', 'q.jsonl')).toThrow(
      /q\.jsonl, line 2.*“text”/,
    );
    expect(() => readQueries('', 'q')).toThrow(/q: it has no queries/);
  });
});

describe('queries in tables', () => {
  it('lose nothing behind a delimiter', () => {
    expect(readQueries('id, query\n1, "what, is"\n2, how, and why\n').map((query) => query.text)).toEqual([
      'what, is',
      'how, and why',
    ]);
    expect(() => readQueries('id,query,lang\n1,how, and why,en\n', 'q.csv')).toThrow(
      /^q\.csv, line 2: 4 columns instead of 3/,
    );
  });
});

describe('qrels', () => {
  it('come as JSON, too, with ids as written', () => {
    const expected = new Map([
      ['9007199254740993', new Map([['d1', 1]])],
      ['q2', new Map([['12345678901234567890', 0]])],
    ]);
    const lines =
      '{"query-id":9007199254740993,"corpus-id":"d1","score":1.0}\n{"query-id":"q2","corpus-id":12345678901234567890,"score":0}\n';
    expect(readQrels(lines)).toEqual(expected);
    expect(readQrels(`[${lines.trim().replace('\n', ',')}]`)).toEqual(expected);
    expect(readQrels('{"9007199254740993":{"d1":1},"q2":{"12345678901234567890":0}}')).toEqual(expected);
    expect(() => readQrels('{"qid":"q","docid":"d","score":0.5}', 'x')).toThrow(/^x, line 1: the grade/);
    expect(() => readQrels('{"q":["d"]}', 'x')).toThrow(/^x, line 1: “q”: expected an object/);
  });

  it('have four fields where tabs and spaces part them', () => {
    expect(readQrels('q1\t0 d1\t1\nq2\td 2\t1\n')).toEqual(
      new Map([
        ['q1', new Map([['d1', 1]])],
        ['q2', new Map([['d 2', 1]])],
      ]),
    );
  });

  it('take a first line for names only if it has no digits', () => {
    expect(readQrels('topic iter doc rel\nq1 0 d1 1\n').size).toBe(1);
    expect(() => readQrels('q1 0 d1 relevant\nq1 0 d2 1\n', 'x')).toThrow(/^x, line 1: the grade/);
  });

  const qrels = fc
    .dictionary(id, fc.dictionary(id, fc.integer({ min: -1, max: 4 }), { minKeys: 1 }), { maxKeys: 4 })
    .map((o) => new Map(Object.entries(o).map(([q, g]) => [q, new Map(Object.entries(g))])));

  it('come back as they were written, in both formats', () => {
    fc.assert(
      fc.property(qrels, (value) => {
        expect(readQrels(writeTrecQrels(value))).toEqual(value);
        expect(readQrels(writeBeirQrels(value))).toEqual(value);
      }),
    );
  });

  it('names lines in errors', () => {
    expect(() => readQrels('1 0 a 1\n1 0 a 2', 'q')).toThrow(/q, line 2: .*grade 2 here and 1 on line 1/);
    expect(() => readQrels('1 0 a 1\n1 0 b high', 'q')).toThrow(
      /q, line 2: the grade must be a whole number/,
    );
    expect(() => readQrels('1 0 a 1\n1 b', 'q')).toThrow(/q, line 2: expected/);
    expect(readQrels('1 0 a 1\n1 0 a 1').get('1')).toEqual(new Map([['a', 1]]));
    // A mistake on the first line is not a header.
    expect(() => readQrels('1 0 a 1.5\n1 0 b 1', 'q')).toThrow(/q, line 1: the grade must be a whole number/);
    expect(readQrels('query-id\tcorpus-id\tscore\n1\ta\t1')).toEqual(new Map([['1', new Map([['a', 1]])]]));
  });
});

describe('hits', () => {
  it('come back as they were written, in every format', () => {
    fc.assert(
      fc.property(lists, (value) => {
        expect(readHits(writeRankGptHits(value))).toEqual(value);
        expect(readHits(writeRankGptHits(value, { lines: true }))).toEqual(value);
        expect(readHits(writeRankLlm(value))).toEqual(value);
      }),
    );
  });

  it('keep the mark of candidates that only fill the list up', () => {
    const query = { id: 'q', text: 'words' };
    const filled = { passage: { id: 'b', text: 'other' }, rank: 2, score: 0, filled: true as const };
    const list = { query, candidates: [{ passage: { id: 'a', text: 'words' }, rank: 1, score: 2 }, filled] };
    expect(readHits(writeRankGptHits([list], { lines: true, firstStage: 'BM25' }))).toEqual([list]);
  });

  it('orders by rank and fills in what is missing', () => {
    const input =
      '[{"query":"q","hits":[{"content":"b","docid":2,"rank":2},{"content":"a","docid":7,"rank":1}]}]';
    const [list] = readHits(input);
    expect(list!.query).toEqual({ id: 'q1', text: 'q' });
    expect(list!.candidates).toEqual([
      { passage: { id: '7', text: 'a' }, rank: 1, score: 0 },
      { passage: { id: '2', text: 'b' }, rank: 2, score: 0 },
    ]);
  });

  it('have a title for a text where a passage has no other, and its own id before the document’s', () => {
    const hits = [
      { pid: 'a', docid: 'd', content: 'x', rank: 2 },
      { pid: 'c', docid: 'd', title: 'Salt', content: null, rank: 1 },
      { docid: 'd', title: 'Sea', rank: 3 },
    ];
    const expected = [
      { id: 'c', text: 'Salt' },
      { id: 'a', text: 'x' },
      { id: 'd', text: 'Sea' },
    ];
    const candidates = [
      { docid: 'c', doc: { contents: '', title: 'Salt' } },
      { docid: 'a', doc: { segment: 'x', title: '' } },
      { docid: 'd', doc: { title: 'Sea' } },
    ];
    for (const line of [
      { query: 'q', hits },
      { query: 'q', candidates },
    ]) {
      const [list] = readHits(JSON.stringify(line));
      expect(list!.candidates.map(({ passage }) => passage)).toEqual(expected);
    }
    for (const empty of [{ content: '', title: ' ' }, { content: null }, { title: '' }]) {
      expect(() => readHits(JSON.stringify({ query: 'q', hits: [empty] }), 'h')).toThrow(
        /^h, line 1: “hits\[0\]\.content”/,
      );
    }
  });

  it('names line and place in errors', () => {
    const twice = '[\n{"query":"q","hits":[{"content":"a","docid":"1"},{"content":"b","docid":"1"}]}]';
    expect(() => readHits(twice, 'h.json')).toThrow(/h\.json, line 2: .*“1” appears twice/);
    expect(() => readHits('{"query":"q","hits":[{"docid":"1"}]}', 'h')).toThrow(
      /h, line 1: “hits\[0\]\.content”/,
    );
    expect(() => readHits('{"query":"q"}', 'h')).toThrow(/“hits”: expected a list, found nothing/);
  });
});

describe('InstructDistill files', () => {
  it('have permutations with digits of any script, in a list or as lines', () => {
    for (const answer of ['３ > １ > ２', '[٣] > [١]', '𝟛 > 𝟙', '३ > १']) {
      expect(repairPermutation(answer, 3)).toMatchObject({ order: [2, 0, 1], outOfRange: 0 });
    }
    expect(repairPermutation('三 > 一', 3)).toMatchObject({ order: [0, 1, 2], otherText: true });
    expect(readPermutations('"2 > 1"\n"1 > 2"\n')).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('training lists come back as they were written', () => {
    const training = lists.map((all) => all.map((list) => ({ ...list, positives: [] })));
    fc.assert(
      fc.property(training, (value) => {
        expect(readTrainingLists(writeTrainingLists(value))).toEqual(value);
      }),
    );
  });

  it('permutations come back as they were written', () => {
    const order = fc
      .integer({ min: 1, max: 10 })
      .chain((n) => fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n }));
    fc.assert(
      fc.property(fc.array(order, { maxLength: 5 }), (orders) => {
        expect(readPermutations(writePermutations(orders))).toEqual(orders);
      }),
    );
  });

  /** The authors' receive_response: digits alone, repeats dropped, then what is in range, then the rest. */
  function asTheAuthorsDo(answer: string, size: number): number[] {
    const words = [...answer]
      .map((c) => (/[0-9]/.test(c) ? c : ' '))
      .join('')
      .trim();
    const numbers = words === '' ? [] : words.split(/ +/).map((word) => Number(word) - 1);
    const once = numbers.filter((n, i) => numbers.indexOf(n) === i);
    const all = [...Array(size).keys()];
    const named = once.filter((n) => all.includes(n));
    return [...named, ...all.filter((n) => !named.includes(n))];
  }

  it('repairs any answer as the authors’ code does', () => {
    const answer = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('1', '2', '3', '0', ' ', '>', ' > ', '[', ']', 'x', '\n') }),
    );
    fc.assert(
      fc.property(answer, fc.integer({ min: 0, max: 5 }), (text, size) => {
        expect(repairPermutation(text, size).order).toEqual(asTheAuthorsDo(text, size));
      }),
    );
  });

  it('completes a partial permutation and counts what it repairs', () => {
    const read = (answer: string | null, size: number) =>
      readAnswers(JSON.stringify([answer]), 'p', [size])[0]!;
    const none = { otherText: false, repeated: 0, outOfRange: 0, appended: 0 };
    expect(read('[3] > [1]', 4)).toEqual({ ...none, order: [2, 0, 1, 3], appended: 2 });
    expect(read('', 0)).toEqual({ ...none, order: [] });
    for (const nothing of ['', null, ' ']) {
      expect(read(nothing, 2)).toEqual({ ...none, order: [0, 1], otherText: true, appended: 2 });
    }
    expect(read('2 > 2 > 1', 2)).toEqual({ ...none, order: [1, 0], repeated: 1 });
    expect(read('2 > 0 > 7 > 1', 2)).toEqual({ ...none, order: [1, 0], outOfRange: 2 });
    expect(read('Ranking: [2] > [1].', 2)).toEqual({ ...none, order: [1, 0], otherText: true });
    expect([read('2 > 1', 2), read('2', 2)].map(isRepaired)).toEqual([false, false]);
    expect([read('2 > 2', 2), read('9', 2), read('x', 2)].map(isRepaired)).toEqual([true, true, true]);
    expect(() => readPermutations('["1 > 2"]', 'p', [2, 2])).toThrow(/1 permutations for 2 queries/);
    expect(() => readPermutations('[[1, 2]]', 'p', [2])).toThrow(/permutation 1: expected text.* a list/);
  });

  it('refuses what it would repair where that is asked', () => {
    const strict = (text: string, size: number) => readPermutations(text, 'p', [size], { strict: true });
    expect(strict('["[3] > [1]"]', 4)).toEqual([[2, 0, 1, 3]]);
    expect(() => strict('[""]', 2)).toThrow(/expected text such as "3 > 1 > 2"/);
    expect(() => strict('["1 > 5"]', 4)).toThrow(
      /p, line 1: permutation 1: it names passages that do not exist/,
    );
    expect(() => strict('["1 > 0"]', 2)).toThrow(/do not exist/);
    expect(() => strict('["1 > 1"]', 2)).toThrow(/twice/);
  });

  it('have a title for a text where a passage has no other', () => {
    const read = (passages: object[]) =>
      readTrainingLists(JSON.stringify({ query: 'q', retrieved_passages: passages }));
    const [list] = read([
      { docid: 'b', title: 'Salt', text: null },
      { docid: 'c', text: 'x' },
    ]);
    expect(list!.candidates.map(({ passage }) => passage)).toEqual([
      { id: 'b', text: 'Salt' },
      { id: 'c', text: 'x' },
    ]);
    expect(() => read([{ docid: 'a', title: '', text: '' }])).toThrow(
      /retrieved_passages\[0\]\.text”: the passage has no text/,
    );
  });
});

const SHARED = new URL('../../../shared/data/', import.meta.url).pathname;
describe.skipIf(!existsSync(SHARED))('real files (skipped where ../shared/data is missing)', () => {
  it('TREC DL 2021: both qrels files say the same', () => {
    const trec = readQrels(readFileSync(`${SHARED}trec-dl21/qrels/test.trec`, 'utf8'));
    expect(trec.size).toBe(53);
    expect(readQrels(readFileSync(`${SHARED}trec-dl21/qrels/test.tsv`, 'utf8'))).toEqual(trec);
    expect(readQueries(readFileSync(`${SHARED}trec-dl21/queries.jsonl`, 'utf8'))).toHaveLength(53);
  });
});
