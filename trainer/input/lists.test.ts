import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTrainingLists } from '../../src/formats/distill.ts';
import { writeRankGptHits, writeRankLlm } from '../../src/formats/hits.ts';
import { testFolder } from '../testing/folder.ts';
import { readLists } from './lists.ts';

const folder = testFolder('lists');
const file = (text: string) => {
  const path = join(folder, 'lists.jsonl');
  writeFileSync(path, text);
  return path;
};
const lists = ['q1', 'q2'].map((id) => ({
  query: { id, text: `query ${id}` },
  positives: [],
  candidates: [1, 2, 3].map((n) => ({ passage: { id: `p${n}`, text: `text ${n}` }, rank: n, score: 4 - n })),
}));

describe('lists of candidates', () => {
  it.each([
    ['RankGPT hits, JSON lines', writeRankGptHits(lists, { lines: true })],
    ['RankGPT hits, one list', `\ufeff${writeRankGptHits(lists)}`],
    ['rank_llm requests', writeRankLlm(lists)],
    ['InstructDistill training lists', writeTrainingLists(lists)],
  ])('are read from %s', async (_, text) => {
    const read = await readLists(file(text), 2);
    expect(read.map(({ query }) => query)).toEqual(lists.map(({ query }) => query));
    for (const { candidates } of read) expect(candidates).toEqual(lists[0]!.candidates.slice(0, 2));
  });

  it('keep the id of a query without hits', async () => {
    const read = await readLists(file(writeRankGptHits([{ query: lists[1]!.query, candidates: [] }])));
    expect(read).toMatchObject([{ query: { id: 'q2' }, candidates: [] }]);
  });

  const good = writeRankGptHits(lists, { lines: true });
  it.each([
    ['a broken line', `${good}{"query": }\n`, /lists\.jsonl, line 3: not valid JSON/],
    ['a file that is cut off', good.slice(0, -20), /line 2: the JSON value that starts here is incomplete/],
    [
      'a list that is cut off',
      '[{"query": "a", "hits": [{"content": "x"}]},\n',
      /line 1: the JSON value that starts here/,
    ],
    [
      'a training list’s passage without text',
      '{"query": "a", "retrieved_passages": [{"docid": "1", "text": " "}]}',
      /line 1: “retrieved_passages\[0\]\.text”: the passage has no text/,
    ],
    ['an id used twice', `${good}${good}`, /line 3: the query id “q1” was used on line 1/],
    ['an empty query', '{"query": " ", "hits": []}', /line 1: the query is empty/],
    [
      'a passage without text',
      '\n{"query": "a", "hits": [{"content": " "}]}',
      /line 2: “hits\[0\]\.content”/,
    ],
    ['nothing', '\n', /it contains no queries/],
  ])('name file and line of %s', async (_, text, message) => {
    await expect(readLists(file(text))).rejects.toThrow(message);
  });

  it('name a file that is missing or no text', async () => {
    await expect(readLists(join(folder, 'none.jsonl'))).rejects.toThrow(/there is no such file/);
    const path = join(folder, 'binary');
    writeFileSync(path, Uint8Array.of(0x7b, 0xff, 0xfe));
    await expect(readLists(path)).rejects.toThrow(/not UTF-8/);
  });
});
