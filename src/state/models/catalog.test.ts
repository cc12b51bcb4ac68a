/** The lists that the page starts from: what is of no use is refused, what is only shown may be missing. */
import { describe, expect, it, vi } from 'vitest';
import { readModels, readSample, readSampleIndex } from './catalog.ts';

const model = { id: 'demo', role: 'student', name: 'Demo', path: 'demo/', bytes: 7 };
const entry = {
  id: 'kitchen',
  title: 'Kitchen',
  description: '',
  file: 'kitchen.json',
  passages: 0,
  queries: 0,
  bytes: 0,
};
const answering = (data: unknown) => async () => structuredClone(data);
const malformed = { code: 'bad-input', message: expect.stringMatching(/does not have the expected shape/) };

describe('the list of models', () => {
  it('is read, without fields that it does not know', async () => {
    const data = { version: 1, models: [{ ...model, later: 1 }] };
    expect(await readModels(answering(data))).toEqual([model]);
  });

  it.each([
    null,
    [],
    {},
    { version: 2, models: [] },
    { version: 1, models: {} },
    { version: 1, models: [7] },
    { version: 1, models: [{ ...model, role: 'pupil' }] },
    { version: 1, models: [{ ...model, path: '' }] },
    { version: 1, models: [{ ...model, bytes: '7' }] },
  ])('is refused as %j', async (data) => {
    await expect(readModels(answering(data))).rejects.toMatchObject(malformed);
  });
});

describe('samples', () => {
  it('need an id, a title and a file; what is only shown has a stand-in', async () => {
    const { id, title, file } = entry;
    const data = { samples: [{ id, title, file, description: 3, passages: 'many' }] };
    expect(await readSampleIndex(answering(data))).toEqual([entry]);
    await expect(readSampleIndex(answering({ samples: [{ id, title }] }))).rejects.toMatchObject(malformed);
  });

  it('have passages and queries with texts, and grades where there are any', async () => {
    const data = {
      passages: [
        { id: 'p', text: 'a' },
        { id: 'q', title: 'T', text: 'b' },
        { id: 'r', title: 3, text: 'c' },
      ],
      queries: [
        { id: '1', text: 'x', grades: { p: 3 } },
        { id: '2', text: 'y' },
      ],
    };
    const { passages, queries } = await readSample(answering(data), entry);
    expect(passages.map(({ title }) => title)).toEqual([undefined, 'T', undefined]);
    expect(queries.map(({ grades }) => grades)).toEqual([{ p: 3 }, {}]);
    const broken = { ...data, passages: [{ id: 'p' }] };
    await expect(readSample(answering(broken), entry)).rejects.toMatchObject(malformed);
  });

  it('lose a grade that is none, and no other, and say which in the console', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const grades = { a: 3, b: '2', c: 0, d: 4, e: 1.5, f: null };
    const data = {
      passages: [{ id: 'a', text: 'a' }],
      queries: [
        { id: '1', text: 'x', grades },
        { id: '2', text: 'y', grades: 'none' },
      ],
    };
    const { queries } = await readSample(answering(data), entry);
    expect(queries.map((query) => query.grades)).toEqual([{ a: 3, c: 0 }, {}]);
    const said = warn.mock.calls.map(([text]) => String(text));
    warn.mockRestore();
    expect(said.map((text) => /query 1: the grade of (\w) is (\S+), not/.exec(text)?.slice(1))).toEqual([
      ['b', '"2"'],
      ['d', '4'],
      ['e', '1.5'],
      ['f', 'null'],
    ]);
  });
});
