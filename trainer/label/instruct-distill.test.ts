/**
 * InstructDistill's two files as its own code has them (../shared/reference/field-notes.md; the authors'
 * pairwise_ranking.py and instruction_distill.py): what `label` writes is that, and comes back.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { label } from '../commands/label.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';

const folder = testFolder('instruct-distill');
const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');
const lines = (name: string) =>
  read(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const passage = (docid: string, text: string) => ({ docid, text });
/** As in marco-train-10k.jsonl: no ids of queries, positives that may or may not be among the retrieved. */
const training = [
  {
    query: 'how large is the house',
    positive_passages: [passage('11', 'a large house')],
    retrieved_passages: [
      passage('7', 'small light'),
      passage('11', 'a large house'),
      passage('3', 'cold water'),
    ],
  },
  { query: 'what is not there', positive_passages: [passage('5', 'gold')], retrieved_passages: [] },
  {
    query: 'people of the town',
    positive_passages: [passage('9', 'one day')],
    retrieved_passages: [passage('8', 'people in town'), passage('2', 'time')],
  },
];

/** What the authors' receive_response does with the two files: numbers count from 1, best first, what is not named last. */
function received(data: typeof training, responses: readonly string[]): string[][] {
  return data.map(({ retrieved_passages: passages }, i) => {
    const named = (responses[i]!.match(/\d+/g) ?? []).map((number) => Number(number) - 1);
    const rest = passages.map((_, at) => at).filter((at) => !named.includes(at));
    return [...named, ...rest].map((at) => passages[at]!.docid);
  });
}

/** Order of the passages in a file of labels. */
const ranked = (name: string) =>
  lines(name).map(({ hits, order }) => order.map((at: number) => hits[at].docid as string));

beforeAll(async () => {
  await writeTinyCheckpoint(at('teacher'), { dtypes: ['fp32'], seed: 8 });
  writeLines(at('train.jsonl'), training);
});

/** The command, its words apart. */
const labelled = (...args: readonly string[]) => label.run([...args, '--json']);

beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

describe('InstructDistill', () => {
  it('reads the authors’ lists and answers as their code does, and writes them again', async () => {
    // As Python's json.dump writes it; 3 > 1 > 2 is not the list of places that it would be the other way round.
    const text = '["3 > 1 > 2", "", "2"]';
    writeFileSync(at('perms.json'), text);
    await labelled(
      ...['--input', at('train.jsonl'), '--permutations', at('perms.json'), '--output', at('read.jsonl')],
      ...['--write-permutations', at('perms-again.json'), '--write-lists', at('train-again.jsonl')],
    );
    expect(ranked('read.jsonl')).toEqual(received(training, JSON.parse(text)));
    expect(ranked('read.jsonl')).toEqual([['3', '7', '11'], [], ['2', '8']]);
    expect(JSON.parse(read('perms-again.json'))).toEqual(['3 > 1 > 2', '', '2 > 1']);
    // Keys of ours (ids, scores) stand beside theirs, which are as they were.
    expect(lines('train-again.jsonl')).toMatchObject(training);
  });

  it('gets a teacher’s labels that their code reads, and that come back the same', async () => {
    await labelled(
      ...['--checkpoint', at('teacher'), '--input', at('train.jsonl'), '--output', at('labels.jsonl')],
      ...['--write-permutations', at('out.json'), '--write-lists', at('lists.jsonl')],
    );
    const responses = JSON.parse(read('out.json')) as string[];
    expect(responses).toHaveLength(training.length);
    for (const [i, response] of responses.entries()) {
      expect(response).toMatch(/^(\d+( > \d+)*)?$/);
      const numbers = response.split(' > ').filter(Boolean).map(Number);
      expect(numbers.sort()).toEqual(training[i]!.retrieved_passages.map((_, at) => at + 1));
    }
    expect(received(lines('lists.jsonl'), responses)).toEqual(ranked('labels.jsonl'));
    await labelled(
      ...['--input', at('lists.jsonl'), '--permutations', at('out.json'), '--output', at('back.jsonl')],
    );
    expect(ranked('back.jsonl')).toEqual(ranked('labels.jsonl'));
    expect(lines('back.jsonl').map(({ query }) => query)).toEqual(training.map(({ query }) => query));
  });
});
