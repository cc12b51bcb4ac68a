/** Files as strangers have them: quotes, missing parts, Excel's first line, many columns. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCorpus } from './corpus.ts';
import { openText } from './opening.ts';
import { readQrels } from './qrels.ts';
import { readQueries } from './queries.ts';
import { readTrecRun } from './runs.ts';
import { processorMs } from './testing/processor-time.ts';

const read = (text: string, fileName = '') => parseCorpus(text, { fileName });
const codes = (text: string) => read(text).notices.map(({ code }) => code);

describe('quotes in tables', () => {
  it('are characters in TSV, with a header or without, unless the whole field is quoted', () => {
    const rows = [
      'a\t"Go" is a word.',
      'b\t"Not closed, said he.',
      'c\tPlain.',
      'd\tClosed," she said.',
      'e\t6" pipe',
    ];
    const right = rows.map((row) => row.split('\t')).map(([id, text]) => ({ id, text }));
    expect(read(`id\ttext\n${rows.join('\n')}\n`).passages).toEqual(right);
    expect(read(rows.join('\n')).passages).toEqual(right);
    expect(read('id\ttext\na\t"two\nlines ""here"""\nb\t"x"').passages).toEqual([
      { id: 'a', text: 'two\nlines "here"' },
      { id: 'b', text: 'x' },
    ]);
  });

  it('keep the space after a closing quote in CSV', () => {
    expect(read('id,text\na,"C" Street west\nb,"x, y"\n').passages).toEqual([
      { id: 'a', text: 'C Street west' },
      { id: 'b', text: 'x, y' },
    ]);
  });
});

describe('CSV by other hands', () => {
  it('may have a space behind every delimiter, where its header has', () => {
    const rows = '1, "A, B", "say ""so"", C"\n2, plain, text\n';
    for (const header of ['id, title, text', '"id", "title", "text"']) {
      expect(read(`${header}\n${rows}`, 'x.csv').passages).toEqual([
        { id: '1', title: 'A, B', text: 'say "so", C' },
        { id: '2', title: 'plain', text: 'text' },
      ]);
    }
    // Without it, such quotes are prose.
    expect(read('id,text\n1,He said, "Yes", and left\n').passages[0]!.text).toBe('He said, "Yes", and left');
  });

  it('loses no row to a quote that is never closed, whatever quote comes next', () => {
    for (const later of ['3,"three"', '3,three"', '3,thr"ee']) {
      const { passages, problems } = read(`id,text\n1,"one\n2,two\n${later}\n4,four\n`);
      expect(problems).toEqual([{ line: 2, reason: expect.stringMatching(/never closed/) }]);
      expect(passages.map(({ id }) => id)).toEqual(['2', '3', '4']);
    }
    expect(read('id,text\n1,"Quay, 5\nHull, 7"\n2,b\n').passages[0]!.text).toBe('Quay, 5\nHull, 7');
  });

  it('may escape quotes by backslashes, which are known by what follows', () => {
    const csv = 'id,text\n1,"say \\"hi\\", now"\n2,"b \\"c\\""\n3,"d"\n';
    expect(read(csv).passages.map(({ text }) => text)).toEqual(['say "hi", now', 'b "c"', 'd']);
    expect(read('id,text,n\n1,"C:\\tugs\\",2\n').passages[0]!.text).toBe('C:\\tugs\\');
  });

  it('may be parted by vertical bars', () => {
    expect(read('id|text\n1|a, b\n').passages).toEqual([{ id: '1', text: 'a, b' }]);
  });
});

describe('a byte order mark in the middle', () => {
  it('began a file that was put behind another, and is left out', () => {
    expect(read('\ufeffid\ttext\n1\ta\n\ufeff2\tb\n').passages[1]).toEqual({ id: '2', text: 'b' });
    expect(read('\ufeff{"id":"1","text":"a"}\n\ufeff{"id":"2","text":"b"}\n').problems).toEqual([]);
    expect(readQueries('{"_id":"1","text":"a"}\n\ufeff{"_id":"2","text":"b"}\n')).toHaveLength(2);
    expect([...readQrels('\ufeffq1 0 d 1\n\ufeffq2 0 d 1\n').keys()]).toEqual(['q1', 'q2']);
    expect(readTrecRun('\ufeffq Q0 a 1 2 t\n\ufeffq Q0 b 2 1 t\n').get('q')).toHaveLength(2);
  });
});

describe('columns', () => {
  it('may be parted by a tab that is written as \\t in the first line', () => {
    expect(read('sep=\\t\nid\ttext\n1\ta\n', 'x.csv').passages).toEqual([{ id: '1', text: 'a' }]);
  });

  it('of ids that are no ids are a problem: made-up ones would match no judgment', () => {
    const { passages, problems } = read(
      '{"_id":{"$oid":"65f"},"text":"a"}\n{"docid":["x"],"text":"b"}\n{"id":null,"text":"c"}\n{"_id":"d","id":{},"text":"d"}',
    );
    expect(problems.map(({ line }) => line)).toEqual([1, 2]);
    expect(problems[0]!.reason).toMatch(/“_id” is an object; an id must be text or a number/);
    expect(passages.map(({ id }) => id)).toEqual(['p01', 'd']);
  });

  it('may be parted by what Excel says in its first line', () => {
    for (const [line, mark] of [
      ['sep=;', ';'],
      ['"sep=|"', '|'],
      ['sep=,', ','],
      ['SEP=\t', '\t'],
    ] as const) {
      const text = `${line}\r\nid${mark}title${mark}text\r\n7${mark}T${mark}"a${mark} b"\r\nbad\r\n`;
      const { passages, problems } = read(text, 'x.csv');
      expect(passages).toEqual([{ id: '7', title: 'T', text: `a${mark} b` }]);
      expect(problems.map((problem) => problem.line)).toEqual([4]);
    }
  });

  it('more than the header has do not vanish', () => {
    const last = read('id,text\n1,Hello, world\n2,fine,,\n');
    expect(last.passages.map(({ text }) => text)).toEqual(['Hello, world', 'fine']);
    expect(last.notices.map(({ message }) => message).join()).toMatch(/Line 2 has 3 columns instead of 2/);
    const inner = read('id,text,year\n1,Hello, world,1999\n2,fine,2000\n3,"a, b",2001,,\n');
    expect(inner.passages.map(({ id }) => id)).toEqual(['2', '3']);
    expect(inner.problems).toEqual([{ line: 2, reason: expect.stringMatching(/4 columns instead of 3/) }]);
  });

  it('are named by a header of any length where the file’s name says that it is a table', () => {
    const names = [
      'id',
      'Would you say that you are satisfied with what you got?',
      ...Array.from({ length: 200 }, (_, i) => `column${i}`),
      'text',
    ];
    const row = names.map((_, i) => `v${i}`).join();
    expect(read(`${names.join()}\n${row}\n`, 'survey.csv').passages).toEqual([{ id: 'v0', text: 'v202' }]);
  });

  it('that were read are named, and those that were left out', () => {
    expect(read('Doc-ID,Headline,url,Text,year\n1,a,b,c,d\n').fields).toEqual({
      id: ['Doc-ID'],
      title: ['Headline'],
      text: ['Text'],
      unused: ['url', 'year'],
      unusedCount: 2,
    });
    expect(read('1;Title;Some longer text\n2;Other;More text here', 'x.csv').fields).toMatchObject({
      id: ['column 1'],
      title: ['column 2'],
      text: ['column 3'],
    });
    const json =
      '{"_id":"a","text":"x","url":"u"}\n{"_id":"b","contents":"y","metadata":{}}\n{"_id":"c","text":""}';
    expect(read(json).fields).toEqual({
      id: ['_id'],
      title: [],
      text: ['text', 'contents'],
      unused: ['url', 'metadata'],
      unusedCount: 2,
    });
    expect(read('one\ntwo').fields).toBeUndefined();
    const many = read(`{"text":"x",${Array.from({ length: 500 }, (_, i) => `"k${i}":1`).join()}}`).fields!;
    expect([many.unused.length, many.unusedCount]).toEqual([20, 500]);
  });
});

describe('passages with a part missing', () => {
  it('may have a title and no key of a text, unless another key may be its misspelling', () => {
    expect(read('{"_id":"1","title":"Tugs","url":"u"}\n{"_id":"2","text":"b"}').passages[0]).toEqual({
      id: '1',
      text: 'Tugs',
    });
    expect(read('{"_id":"1","title":"Tugs","txet":"words"}').problems).toHaveLength(1);
  });

  it('are kept where there is a title, and left out and counted where there is neither', () => {
    const rows = [
      { _id: '1', title: '', text: 'Tugs pull.' },
      { _id: '2', title: '', text: '' },
      { _id: '3', title: 'Salt', text: '' },
      { _id: '4', title: 'Pepper', text: null },
      { _id: '5', title: null, text: null },
      { _id: '6', title: ' ', text: ' \n' },
    ];
    const csv = `_id,title,text\n${rows.map((r) => `${r._id},${r.title ?? ''},"${r.text ?? ''}"`).join('\n')}`;
    for (const text of [rows.map((row) => JSON.stringify(row)).join('\n'), JSON.stringify(rows), csv]) {
      const corpus = read(text);
      expect(corpus.problems).toEqual([]);
      expect(corpus.empty).toBe(3);
      expect(corpus.passages).toEqual([
        { id: '1', text: 'Tugs pull.' },
        { id: '3', text: 'Salt' },
        { id: '4', text: 'Pepper' },
      ]);
      expect(corpus.notices[0]!.message).toBe('3 passages left out that have neither text nor title.');
    }
    expect(codes('a\t\nb\tx\nc\ty')).toEqual(['left-out']);
    expect(codes('{"text":""}')).toEqual(['left-out', 'empty']);
  });

  it('are a problem where the key is missing or holds no text', () => {
    const { problems } = read(
      '{"id":1,"text":"x"}\n{"id":2,"title":"only","txt":"y"}\n{"id":3,"text":{"toString":1}}',
    );
    expect(problems.map(({ line }) => line)).toEqual([2, 3]);
    expect(problems[1]!.reason).toMatch(/“text” is an object; text is expected/);
  });
});

describe('hostile input', () => {
  it('of very many columns is read or refused with a line', () => {
    const cells = Array.from({ length: 300_000 }, (_, i) => `c${i}`);
    for (const delimiter of ['\t', ',']) {
      const row = cells.join(delimiter);
      const { passages, problems } = read(`${row}\n${row}\n${row}`, delimiter === ',' ? 'x.csv' : 'x.tsv');
      expect(passages.length + problems.length).toBeGreaterThan(0);
    }
  });

  it('of runs of spaces and line ends takes linear time', () => {
    for (const unit of ['\u0085', '\u00a0', ' ', '\t', '\u3000', '\u2028', ' \t', 'a ', '\ufeff', '\u200b']) {
      const run = unit.repeat(100_000);
      for (const text of [
        run,
        `a${run}b`,
        `{"text":${JSON.stringify(`a${run}b`)},"title":${JSON.stringify(run)},"id":${JSON.stringify(`x${run}y`)}}`,
        `id,title,text\n"a${run}b","c${run}d","e${run}"`,
        `id\ttext\na${run}b`,
      ]) {
        const started = processorMs();
        read(text);
        expect(processorMs() - started).toBeLessThan(2000);
      }
    }
  });
});

const CASES = new URL('../../../shared/cases/', import.meta.url).pathname;
describe.skipIf(!existsSync(CASES))(
  'cases that strangers met (skipped where ../shared/cases is missing)',
  () => {
    const passages = (file: string) => {
      const { text } = openText(readFileSync(CASES + file), { file });
      return read(text, file).passages;
    };

    it('are read as they stand', () => {
      for (const file of ['05-tsv-quotes/header.tsv', '05-tsv-quotes/noheader.tsv']) {
        expect(passages(file).map(({ id }) => id)).toEqual(['d1', 'd2', 'd3', 'd4', 'd5', 'd6']);
        expect(passages(file)[0]!.text).toMatch(/^"Stay" is/);
      }
      expect(passages('43-csv-quotes/short.csv')[0]!.text).toMatch(/^C Street/);
      expect(passages('06-big-ids/corpus.jsonl').map(({ id }) => id)).toEqual([
        '1436278513418522630',
        '1436278513418522631',
        '1436278513418522000001',
      ]);
      expect(passages('18-encodings/latin1.csv').map(({ text }) => text)).toEqual(
        passages('18-encodings/utf16.csv').map(({ text }) => text),
      );
      expect(passages('18-encodings/latin1.csv')[0]!.text).toContain('café près');
      expect(passages('16-gz/corpus.jsonl.gz')).toHaveLength(2);
      expect(passages('20-beir-missing/corpus.jsonl').map(({ id }) => id)).toEqual(['1', '3', '4']);
      expect(passages('37-marco-v2/passages.jsonl').map(({ id }) => id)).toHaveLength(3);
      expect(passages('37-marco-v2/segments.jsonl')).toHaveLength(2);
    });
  },
);
