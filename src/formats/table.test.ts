import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './lines.ts';
import { RecordReader } from './table.ts';
import { processorMs } from './testing/processor-time.ts';

function read(text: string, delimiter = ',', quoting = true) {
  const records: { fields: string[]; line: number }[] = [];
  const unclosed: number[] = [];
  const reader = new RecordReader(delimiter, quoting, {
    record: (fields, line) => records.push({ fields, line }),
    unclosed: (line) => unclosed.push(line),
  });
  const lines = new LineSplitter({
    line: (t, n) => reader.line(t, n),
    tooLong: () => expect.unreachable(),
  });
  lines.push(text);
  lines.finish();
  reader.finish();
  return { records, unclosed };
}

const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '\t', '😀'), maxLength: 8 });
const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });

describe('RecordReader, with tabs', () => {
  const fields = (text: string) => read(text, '\t').records.map((record) => record.fields);

  it('takes a quote for a character unless the whole field is quoted', () => {
    const rows = [
      'd1\t"Stay" is a song.',
      'd2\t"To be brave is to act, said the captain.',
      'd3\tA harbour.',
      'd4\tNothing is lost," he answered.',
      'd5\tA 5" nail.',
      'd6\t"""Quoted"" twice"',
      'd7\t"Whole"\t"',
      '"d8\t"a"b\t"c"d"',
    ];
    expect(fields(rows.join('\n'))).toEqual([
      ...rows.slice(0, 5).map((row) => row.split('\t')),
      ['d6', '"Quoted" twice'],
      ['d7', 'Whole', '"'],
      ['"d8', '"a"b', '"c"d"'],
    ]);
  });

  it('reads fields over several lines, however many stray quotes there are', () => {
    const strays = Array.from({ length: 100 }, (_, i) => `s${i}\t"To be ${i}`);
    const { records, unclosed } = read(
      [...strays, 'd1\t"one\n\ntwo, 5""\tor so"\tx', 'd2\ty'].join('\n'),
      '\t',
    );
    expect(unclosed).toEqual([]);
    expect(records.slice(0, 100).map((r) => r.fields)).toEqual(strays.map((row) => row.split('\t')));
    expect(records.slice(100)).toEqual([
      { fields: ['d1', 'one\n\ntwo, 5"\tor so', 'x'], line: 101 },
      { fields: ['d2', 'y'], line: 104 },
    ]);
  });

  it('does not take rows for one field because one begins with a quotation and another ends with one', () => {
    const rows = ['id\ttext', 'd1\t"Stay away, he said', 'd2\tfine', 'd3\tsize 5"', 'd4\tend'];
    expect(fields(rows.join('\n'))).toEqual(rows.map((row) => row.split('\t')));
    const three = [
      'id\ttitle\ttext',
      'd0\t"A"\t"B"',
      'd1\t"Stay\tHe went to "Go"',
      'd2\t"On\tand on"',
      'd3\t"Up\tx',
      'd4\t"\ty"',
    ];
    expect(fields(three.join('\n'))).toEqual([
      ['id', 'title', 'text'],
      ['d0', 'A', 'B'],
      ...three.slice(2).map((row) => row.split('\t')),
    ]);
    // Where the writer is seen to quote, the rule holds to the letter.
    expect(fields('"id"\t"text"\n"d1"\t"a\nb\tc"')).toEqual([
      ['id', 'text'],
      ['d1', 'a\nb\tc'],
    ]);
  });

  it('loses no character to quoting, whatever the input', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('"', '""', '\t', '\n', 'x', '"\t', '\n"'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const { records, unclosed } = read(text, '\t');
        expect(unclosed).toEqual([]);
        const kept = records
          .flatMap((r) => r.fields)
          .join('')
          .replace(/["\t\n]/g, '');
        expect(kept).toBe(text.replace(/["\t\n]/g, ''));
        for (const [i, { line }] of records.entries())
          if (i > 0) expect(line).toBeGreaterThan(records[i - 1]!.line);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['\t', ','])('is linear in hostile input (delimiter %j)', (delimiter) => {
    const units = [
      '"',
      '""',
      '"x',
      `"x${delimiter}`,
      '"x\n',
      '""\n',
      `"${delimiter}""x`,
      `"x${delimiter}""`,
      '\n"',
      `a${delimiter}"b\n`,
    ];
    for (const unit of units) {
      for (const start of ['', '"', `id${delimiter}text\n`, `id${delimiter}text\n"`]) {
        const started = processorMs();
        read(start + unit.repeat(100_000 / unit.length), delimiter);
        expect(processorMs() - started).toBeLessThan(2000);
      }
    }
  });
});

describe('RecordReader', () => {
  it('reads back what papaparse writes', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(',', ';', '\t'), (table, delimiter) => {
        const text = Papa.unparse(table, { delimiter, newline: '\r\n', quotes: true });
        expect(read(text, delimiter).records.map((r) => r.fields)).toEqual(table);
      }),
    );
  });

  it('reads unquoted and half-quoted tables as papaparse does', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const text = Papa.unparse(table, { newline: '\n' });
        const theirs = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' }).data;
        expect(read(`${text}\n`).records.map((r) => r.fields)).toEqual(theirs);
      }),
    );
  });

  it('knows the line each record starts on', () => {
    expect(read('a,"1\n2\n3"\nb,"x"\n"c\n",d').records.map((r) => r.line)).toEqual([1, 4, 5]);
  });

  it('keeps what stands after a closing quote, and quotes inside an unquoted field', () => {
    expect(read('"a"b,5" disk').records[0]!.fields).toEqual(['ab', '5" disk']);
    expect(read('s2,"C" Street west,"a" ,"D"\n').records[0]!.fields).toEqual([
      's2',
      'C Street west',
      'a',
      'D',
    ]);
  });

  it('gives up only the record with the stray quote, however many there are', () => {
    const bad = Array.from({ length: 101 }, (_, i) => (i === 0 ? `"open ${i}` : `ok ${i},x`)).join('\n');
    const { records, unclosed } = read(bad);
    expect(unclosed).toEqual([1]);
    expect(records).toHaveLength(100);
    expect(records[0]).toEqual({ fields: ['ok 1', 'x'], line: 2 });
  });

  it('ends on any text', () => {
    const hostile = fc.string({ unit: fc.constantFrom('"', ',', '\n', 'x'), maxLength: 200 });
    fc.assert(
      fc.property(hostile, (text) => {
        const { records, unclosed } = read(text);
        const lines = text.split('\n').length;
        expect(records.length + unclosed.length).toBeLessThanOrEqual(lines);
        for (const { line } of records) expect(unclosed).not.toContain(line);
      }),
    );
  });

  it('without quoting splits at every delimiter', () => {
    expect(read('"a\tb"\t"c', '\t', false).records[0]!.fields).toEqual(['"a', 'b"', '"c']);
  });
});
