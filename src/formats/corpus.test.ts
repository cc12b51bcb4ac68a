import { describe, expect, it } from 'vitest';
import { CorpusParser, parseCorpus } from './corpus.ts';

const texts = (text: string, options = {}) => parseCorpus(text, options).passages.map((p) => p.text);
const ids = (text: string, options = {}) => parseCorpus(text, options).passages.map((p) => p.id);

describe('plain text', () => {
  it('takes one passage a line and numbers them', () => {
    const corpus = parseCorpus('first\nsecond\nthird');
    expect(corpus.format).toBe('lines');
    expect(corpus.passages).toEqual([
      { id: 'p01', text: 'first' },
      { id: 'p02', text: 'second' },
      { id: 'p03', text: 'third' },
    ]);
    expect(corpus.problems).toEqual([]);
  });

  it('takes blocks where a blank line stands between paragraphs', () => {
    const corpus = parseCorpus('a one\na two\n\n \nb one\r\nb two\r\n\r\n');
    expect(corpus.format).toBe('blocks');
    expect(corpus.passages.map((p) => p.text)).toEqual(['a one\na two', 'b one\nb two']);
  });

  it('does not take leading or trailing blank lines for separators', () => {
    expect(texts('\n\none\ntwo\n\n\n')).toEqual(['one', 'two']);
  });

  it('widens generated ids with the number of passages', () => {
    const hundred = ids(Array.from({ length: 100 }, (_, i) => `text ${i}`).join('\n'));
    expect([hundred[0], hundred[8], hundred[99]]).toEqual(['p001', 'p009', 'p100']);
    expect(ids(Array.from({ length: 99 }, (_, i) => `text ${i}`).join('\n'))[98]).toBe('p99');
  });

  it('keeps ids before a tab and generates the others without a clash', () => {
    expect(ids('p02\tfirst\nsecond without id\nx9\tthird')).toEqual(['p02', 'p02-2', 'x9']);
  });

  it('reads CRLF, CR, a byte order mark, emoji and right-to-left text', () => {
    expect(texts('\ufeffone\r\ntwo 👩‍🚀\r\nشكرا جزيلا\r\n')).toEqual(['one', 'two 👩‍🚀', 'شكرا جزيلا']);
    expect(texts('one\rtwo\rthree')).toEqual(['one', 'two', 'three']);
  });
});

describe('problems and notices', () => {
  it('names both lines of a repeated id', () => {
    const corpus = parseCorpus('d1\tone\nd2\ttwo\nd1\tthree');
    expect(corpus.passages.map((p) => p.text)).toEqual(['one', 'two']);
    expect(corpus.problems).toHaveLength(1);
    expect(corpus.problems[0]!.line).toBe(3);
    expect(corpus.problems[0]!.reason).toMatch(/“d1”.*line 1.*line 3/);
  });

  it('removes control characters and says so', () => {
    const corpus = parseCorpus('a\u0000b\u0007c\u000cd\nsecond line of ordinary text');
    expect(corpus.passages[0]!.text).toBe('abc d');
    expect(corpus.notices.map((n) => n.code)).toContain('control-characters');
    expect(corpus.notices[0]!.message).toMatch(/^3 control characters/);
  });

  it('replaces lone surrogates and leaves pairs', () => {
    expect(texts('{"text":"a\\ud800b 😀"}\n{"text":"x"}')[0]).toBe('a\ufffdb 😀');
  });

  it('speaks up on empty, single and identical', () => {
    expect(parseCorpus('').notices.map((n) => n.code)).toEqual(['empty']);
    expect(parseCorpus(' \n\n ').notices.map((n) => n.code)).toEqual(['empty']);
    expect(parseCorpus('one').notices.map((n) => n.code)).toEqual(['single']);
    const same = parseCorpus('same\nother\nsame\nsame');
    expect(same.notices[0]!.message).toMatch(/^2 passages repeat .*p03 = p01/);
  });

  it('refuses binary input', () => {
    expect(() =>
      parseCorpus('PK\u0003\u0004\u0000\u0000\ufffd\ufffd\u0000zip', { fileName: 'a.zip' }),
    ).toThrow(/a\.zip is not plain text/);
  });

  it('notices a blank line that comes after the sample', () => {
    const many = Array.from({ length: 8000 }, (_, i) => `passage number ${i}`).join('\n');
    const corpus = parseCorpus(`${many}\n\nlast`);
    expect(corpus.format).toBe('lines');
    expect(corpus.passages).toHaveLength(8001);
    expect(corpus.notices.map((n) => n.code)).toContain('late-blank-line');
  });
});

describe('tables', () => {
  it('finds columns by header, in any order, with quoted fields over lines', () => {
    const csv = 'Title,_id,ignored,Text\n"A, b",7,x,"He said ""no"".\nThen left."\nC,8,y,plain\n';
    const corpus = parseCorpus(csv);
    expect(corpus.format).toBe('csv');
    expect(corpus.passages).toEqual([
      { id: '7', title: 'A, b', text: 'He said "no".\nThen left.' },
      { id: '8', title: 'C', text: 'plain' },
    ]);
  });

  it('numbers problems by the line a record starts on', () => {
    const csv = 'id,text\n1,"two\nlines"\n2\n3,ok\n';
    const corpus = parseCorpus(csv, { fileName: 'x.csv' });
    expect(corpus.problems.map((p) => p.line)).toEqual([4]);
    expect(corpus.passages.map((p) => p.id)).toEqual(['1', '3']);
  });

  it('loses one row, not the file, to a stray quote', () => {
    const corpus = parseCorpus('id,text\n1,"never closed\n2,fine\n3,fine too\n');
    expect(corpus.passages.map((p) => p.id)).toEqual(['2', '3']);
    expect(corpus.problems).toEqual([{ line: 2, reason: expect.stringContaining('never closed') }]);
  });

  it('reads MS MARCO rows as they are, quotes included', () => {
    const corpus = parseCorpus('0\t"Quoted start of text\n1\tplain\n', { fileName: 'collection.tsv' });
    expect(corpus.passages).toEqual([
      { id: '0', text: '"Quoted start of text' },
      { id: '1', text: 'plain' },
    ]);
  });

  it('does not take prose with commas for a table', () => {
    expect(parseCorpus('Text, as we know it, is old.\nBooks, too.').format).toBe('lines');
  });

  it('guesses the columns of a csv without known names and says so', () => {
    const corpus = parseCorpus('1;Title;Some longer text\n2;Other;More text here', { fileName: 'x.csv' });
    expect(corpus.passages[1]).toEqual({ id: '2', title: 'Other', text: 'More text here' });
    expect(corpus.notices.map((n) => n.code)).toContain('columns');

    const movies = parseCorpus('movieId,movieName,mentions\n7,Some Like It Hot,4\n9,The Third Man,3', {
      fileName: 'm.csv',
    });
    expect(movies.passages).toEqual([
      { id: '7', text: 'Some Like It Hot' },
      { id: '9', text: 'The Third Man' },
    ]);
    expect(movies.notices[0]!.message).toMatch(/column 1 as id, column 2 as text, line 1 as names/);
  });

  it('reads MS MARCO documents: id, address, title, text', () => {
    const rows = 'D1\thttps://a.b/c\tA title\tThe long body of it\nD2\thttp://d.e\tTwo\tAnother long body\n';
    expect(parseCorpus(rows).passages[1]).toEqual({ id: 'D2', title: 'Two', text: 'Another long body' });
  });

  it('keeps ids of two columns even where one repeats', () => {
    expect(parseCorpus('d1\tone\nd1\ttwo').problems[0]!.reason).toMatch(/line 1 and again on line 2/);
  });
});

describe('JSON', () => {
  it('reads BEIR and Anserini lines', () => {
    const corpus = parseCorpus('{"_id":"a","title":"T","text":"x"}\n{"id":5,"contents":"y"}\n');
    expect(corpus.format).toBe('jsonl');
    expect(corpus.passages).toEqual([
      { id: 'a', title: 'T', text: 'x' },
      { id: '5', text: 'y' },
    ]);
  });

  it('names bad lines and goes on', () => {
    const corpus = parseCorpus(
      '{"_id":"a","text":"x"}\n{"_id":"b","text":\n{"_id":"c"}\n[1]\n{"_id":"d","text":"z"}',
    );
    expect(corpus.passages.map((p) => p.id)).toEqual(['a', 'd']);
    expect(corpus.problems.map((p) => p.line)).toEqual([2, 3, 4]);
    for (const { reason } of corpus.problems) expect(reason.length).toBeGreaterThan(20);
  });

  it('reads an array over many lines', () => {
    const text = JSON.stringify(
      [
        { id: 'a', text: 'x ] } "' },
        { id: 'b', text: 'y' },
      ],
      null,
      2,
    );
    const corpus = parseCorpus(text);
    expect(corpus.format).toBe('json');
    expect(corpus.passages.map((p) => p.text)).toEqual(['x ] } "', 'y']);
  });

  it('reports an array that is cut off', () => {
    const text = '[\n{"id":"a","text":"x"},\n{"id":"b","te';
    const corpus = parseCorpus(text);
    expect(corpus.passages.map((p) => p.id)).toEqual(['a']);
    expect(corpus.problems.map((p) => p.line)).toEqual([3]);
  });
});

describe('CorpusParser', () => {
  it('does not depend on how the input is cut', () => {
    const inputs = [
      '\ufeffone\r\ntwo\r\n\r\nthree 😀\r\n',
      'id,text\r\n1,"a ""b""\r\nc"\r\n2,d\r\n',
      '[{"id":"a","text":"x\\"]"},\n {"id":"b","text":"y"}]',
      '{"_id":"a","text":"x"}\n{"_id":"b","text":"y"}',
    ];
    for (const input of inputs) {
      const whole = parseCorpus(input);
      expect(whole.passages.length).toBeGreaterThan(1);
      for (const size of [1, 2, 3, 7]) {
        const parser = new CorpusParser();
        for (let i = 0; i < input.length; i += size) parser.push(input.slice(i, i + size));
        expect(parser.finish()).toEqual(whole);
      }
    }
  });
});
