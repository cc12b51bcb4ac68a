import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCorpus } from './corpus.ts';
import { readTrainingLists } from './distill.ts';
import { readHits } from './hits.ts';
import { asId, describeJson, JsonFault, MAX_DEPTH, parseJson } from './json.ts';
import { parseJsonValues } from './json-check.ts';
import { readQueries } from './queries.ts';

/** Bigints as JSON numbers, which JSON.stringify refuses to write. */
function write(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[ ${value.map(write).join(' ,')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)} :${write(inner)}`)}\n}`;
}

describe('parseJson', () => {
  const large = fc
    .bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
    .filter((n) => n > 2n ** 53n || n < -(2n ** 53n));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      large,
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, min: -1e15, max: 1e15 }).map((n) => (Object.is(n, -0) ? 0 : n)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree')),
      fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('tree'), { noNullPrototype: true }),
    ),
  }));

  it('keeps the digits of every whole number and reads all else as JSON.parse does', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const text = write(value);
        expect(parseJson(text)).toEqual(expectLarge(value) ? value : JSON.parse(text));
        expect(write(parseJson(text))).toBe(text);
      }),
    );
    expect(parseJson('[9007199254740991, -9007199254740993, 0.1234567890123456]')).toEqual([
      9007199254740991,
      -9007199254740993n,
      0.1234567890123456,
    ]);
    expect(parseJson('1436278513418522000001')).toBe(1436278513418522000001n);
  });

  it('refuses what is no JSON, and nesting that would exhaust the stack', () => {
    expect(() => parseJson('{"a": 1234567890123456789,}')).toThrow(JsonFault);
    expect(() => parseJson('')).toThrow(/not valid JSON/);
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(MAX_DEPTH))).toEqual([expect.anything()]);
    for (const depth of [MAX_DEPTH + 1, 1_000_000]) {
      expect(() => parseJson(nested(depth))).toThrow(/nested deeper than 200 levels/);
      expect(() => parseJson(`{"a":${'{"a":'.repeat(depth)}`)).toThrow(/nested deeper/);
    }
    // Brackets side by side, or in strings, are not nested.
    expect(parseJson(`[${'[],'.repeat(500)}"${'[{'.repeat(500)}\\"["]`)).toHaveLength(501);
  });

  it('describes a value without its own toString', () => {
    for (const value of [parseJson('{"toString": 1}'), [[]], null, undefined, true, 12345678901234567890n]) {
      expect(describeJson(value)).toMatch(/^(an object|a list|null|nothing|“.+”)$/);
    }
  });
});

function expectLarge(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(expectLarge);
}

describe('ids that are large numbers', () => {
  const A = '9007199254740993';
  const B = '9007199254740992000001';

  it.each(['id', '_id', 'pid', 'passage_id', 'docid', 'doc_id', 'document_id', 'corpus-id', 'docno', 'key'])(
    'keep their digits under the key %s',
    (key) => {
      const rows = [A, B].map((id) => `{"${key}":${id},"text":"some words"}`);
      for (const text of [rows.join('\n'), `[${rows.join(',')}]`]) {
        expect(parseCorpus(text).passages.map(({ id }) => id)).toEqual([A, B]);
      }
      const [list] = readHits(`{"query":"q","hits":[${rows.join(',')}]}`);
      expect(list!.candidates.map(({ passage }) => passage.id)).toEqual([A, B]);
      const requests = readHits(
        `{"query":{"text":"q","qid":${A}},"candidates":[{"${key}":${B},"doc":"words"}]}`,
      );
      expect(requests[0]!.query.id).toBe(A);
      expect(requests[0]!.candidates[0]!.passage.id).toBe(B);
      const [training] = readTrainingLists(
        `{"query":"q","query_id":${B},"retrieved_passages":[${rows.join(',')}]}`,
      );
      expect([training!.query.id, ...training!.candidates.map(({ passage }) => passage.id)]).toEqual([
        B,
        A,
        B,
      ]);
    },
  );

  it('keep their digits in queries and hits', () => {
    for (const key of ['_id', 'id', 'qid', 'query_id']) {
      expect(readQueries(`{"${key}": ${A}, "text": "q"}`)).toEqual([{ id: A, text: 'q' }]);
    }
    const [list] = readHits(`{"query":"q","hits":[{"content":"t","qid":${A},"docid":${B},"score":${A}}]}`);
    expect(list!.query.id).toBe(A);
    expect(list!.candidates[0]!.score).toBe(Number(A));
  });

  it('are refused where the digits are unknown', () => {
    expect(asId(1e21)).toBeUndefined();
    const corpus = parseCorpus('{"id": 1e21, "text": "words"}\n{"id": 7, "text": "words"}');
    expect(corpus.problems).toEqual([
      { line: 1, reason: expect.stringMatching(/“id” is a number with too many digits/) },
    ]);
    expect(() => readQueries('{"id": 1.5e300, "text": "q"}', 'q.jsonl')).toThrow(
      /q\.jsonl, line 1: “id”: is a number/,
    );
  });
});

describe('ids that are decimals', () => {
  it('are as written, or refused where they have too many digits to be known', () => {
    expect(asId(parseJson('1.25'))).toBe('1.25');
    for (const text of ['0.1234567890123456789', '12345678901234567.5', '1e21']) {
      expect(asId(parseJson(text))).toBeUndefined();
    }
  });
});

describe('ids of queries and passages', () => {
  it('are a list’s own where nothing else is', () => {
    const list = '"query":"a","hits":[{"docid":1,"content":"x"}]}';
    expect(readHits(`{"id":9007199254740993,${list}`)[0]!.query.id).toBe('9007199254740993');
    expect(readHits(`{"id":3,${list.replace('{"docid"', '{"qid":"q7","docid"')}`)[0]!.query.id).toBe('q7');
    const training = '{"_id":"q7","query":"a","retrieved_passages":[{"docid":1,"text":"x"}]}';
    expect(readTrainingLists(training)[0]!.query.id).toBe('q7');
  });

  it('are found under their other names, and where rank_llm’s doc has them', () => {
    const ids = (text: string) =>
      readHits(text).map(({ query, candidates }) => [query.id, candidates[0]!.passage.id]);
    expect(ids('{"query":"a","query_id":"7","hits":[{"docid":1,"content":"x"}]}')).toEqual([['7', '1']]);
    expect(
      ids('{"query":{"text":"a","query_id":7},"candidates":[{"doc":{"docid":9007199254740993,"text":"x"}}]}'),
    ).toEqual([['7', '9007199254740993']]);
    expect(() => readHits('{"query":"a","qid":1,"hits":[{"query_id":2,"docid":1,"content":"x"}]}')).toThrow(
      /“2”.*“1”/,
    );
  });
});

describe('names of keys', () => {
  it('prefers the passage’s own id to the document’s, and knows MS MARCO v2', () => {
    const passages = '{"pid":"p_1","passage":"Tugs pull.","spans":"(0,10)","docid":"d_1"}';
    const segments =
      '{"docid":"d_1#0","url":"http://a","title":"Tugs","headings":"H","segment":"Tugs pull."}';
    expect(parseCorpus(passages).passages).toEqual([{ id: 'p_1', text: 'Tugs pull.' }]);
    expect(parseCorpus(segments).passages).toEqual([{ id: 'd_1#0', title: 'Tugs', text: 'Tugs pull.' }]);
    expect(parseCorpus('docid\tpassage_id\tpassage\nd\tp\tTugs pull.').passages).toEqual([
      { id: 'p', text: 'Tugs pull.' },
    ]);
    for (const doc of [passages, segments]) {
      const [list] = readHits(`{"query":"q","hits":[${doc}]}`);
      expect(list!.candidates[0]!.passage).toEqual(parseCorpus(doc).passages[0]);
    }
    expect(parseCorpus('Doc ID,Text\n7,Tugs pull.').passages[0]!.id).toBe('7');
  });

  it('reads a filled key where an earlier one is empty', () => {
    const [list] = readHits('{"query":"q","hits":[{"docid":"d","text":"","content":"words"}]}');
    expect(list!.candidates[0]!.passage.text).toBe('words');
    expect(parseJsonValues('[1]', 'f')).toEqual([{ value: 1, line: 1 }]);
  });
});
