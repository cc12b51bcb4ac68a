import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import { parseJsonValues } from './json-check.ts';
import { JsonSplitter } from './json-split.ts';

const object = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
const noProto = (value: unknown) => JSON.parse(JSON.stringify(value));

function split(text: string, size: number): unknown[] {
  const values: unknown[] = [];
  const splitter = new JsonSplitter({
    value: (piece) => values.push(JSON.parse(piece)),
    unfinished: () => expect.unreachable(),
  });
  for (let i = 0; i < text.length; i += size) splitter.push(text.slice(i, i + size));
  splitter.finish();
  return values;
}

describe('JsonSplitter', () => {
  it('finds the elements of any array, however it is indented and cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(object, fc.array(fc.integer()), fc.string(), fc.integer()), { maxLength: 5 }),
        fc.constantFrom(0, 2),
        fc.integer({ min: 1, max: 9 }),
        (items, indent, size) => {
          expect(split(JSON.stringify(items, null, indent), size)).toEqual(noProto(items));
        },
      ),
    );
  });

  it('finds objects that follow one another', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 5 }), fc.integer({ min: 1, max: 9 }), (items, size) => {
        expect(split(items.map((item) => JSON.stringify(item)).join('\n'), size)).toEqual(noProto(items));
      }),
    );
  });
});

describe('parseJsonValues', () => {
  it('names the line of the value that is wrong', () => {
    expect(() => parseJsonValues('[\n{"a":1},\n{"a":}\n]', 'x.json')).toThrow(
      /^x\.json, line 3: not valid JSON/,
    );
    expect(() => parseJsonValues('{"a":1}\n\n{"a":', 'x.json')).toThrow(/^x\.json, line 3: .*is incomplete/);
    // Cut off between two elements: each that is there is whole.
    expect(() => parseJsonValues('\n[{"a":1},\n{"a":2},\n', 'x.json')).toThrow(
      /^x\.json, line 2: .*is incomplete/,
    );
    expect(() => parseJsonValues('[', 'x.json')).toThrow(/^x\.json, line 1: .*is incomplete/);
    expect(parseJsonValues('[]', 'x.json')).toEqual([]);
  });

  it('throws only bad-input, on any text', () => {
    const hostile = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '1', '\n') });
    fc.assert(
      fc.property(hostile, (text) => {
        try {
          parseJsonValues(text, 'f');
        } catch (error) {
          expect(error).toBeInstanceOf(RankscopeError);
          expect((error as RankscopeError).code).toBe('bad-input');
        }
      }),
      { numRuns: 500 },
    );
  });
});
