import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './lines.ts';
import { RecordReader } from './table.ts';

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
