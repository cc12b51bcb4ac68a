import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LabelDecision, lineHead, writeLabelLine } from '../../src/formats/label-line.ts';
import { testFolder } from '../testing/folder.ts';
import { bestOf, type LabelList, ranksOf, readLabels, splitLists } from './labels.ts';

const folder = testFolder('train-labels');
const SOURCE = { kind: 'run', name: 'a teacher', digest: '0'.repeat(64) } as const;

function line(
  id: string,
  scores: readonly number[],
  text = `query ${id}`,
  decisions: readonly LabelDecision[] = [],
): string {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const candidates = scores.map((_, i) => ({
    passage: { id: `p${i}`, text: `text ${i}` },
    rank: i + 1,
    score: 9 - i,
  }));
  const label = { order, scores: order.map((i) => scores[i]!), decisions };
  return `${writeLabelLine(lineHead({ query: { id, text }, candidates }, SOURCE), label)}\n`;
}

function file(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join(''));
  return path;
}

const ids = (lists: readonly LabelList[]) => lists.map(({ query }) => query.id);

describe('labels', () => {
  it('are read from parts, each score at its passage', async () => {
    const parts = [
      file('1.jsonl', line('a', [1, 5, 3])),
      file('2.jsonl', line('b', [2, 1]), line('c', [0, 1])),
    ];
    const { lists, sources } = await readLabels(parts);
    expect(ids(lists)).toEqual(['a', 'b', 'c']);
    expect(lists[0]!.scores).toEqual([1, 5, 3]);
    expect(lists.map(({ line: at }) => at)).toEqual([1, 1, 2]);
    expect(sources).toEqual([SOURCE]);
  });

  it('keep how sure the teacher was of each pair, also of the best few', async () => {
    const decision = (a: number, b: number, lead: number): LabelDecision => ({
      a,
      b,
      logitA: lead,
      logitB: 0,
      cut: 0,
      preference: lead > 0 ? 1 : 0,
    });
    const decisions = [decision(0, 1, -3), decision(1, 0, 1), decision(1, 2, 2)];
    const path = file('p.jsonl', line('a', [1, 5, 3], 'q', decisions));
    const { lists } = await readLabels([path], { probabilities: true });
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    const p = lists[0]!.probabilities!;
    expect(p[0 * 3 + 1]).toBeCloseTo((sigmoid(-3) + sigmoid(-1)) / 2, 12);
    expect(p[2 * 3 + 1]).toBeCloseTo(sigmoid(-2), 12);
    expect(p[0 * 3 + 2]).toBeNaN();
    expect(bestOf(lists[0]!, 2).probabilities![1]).toBeCloseTo(sigmoid(2), 12);
    const undecided = file('n.jsonl', line('a', [1, 5, 3]));
    for (const { lists: plain } of [
      await readLabels([undecided], { probabilities: true }),
      await readLabels([path]),
    ]) {
      expect(plain[0]!.probabilities).toBeUndefined();
    }
  });

  it.each([
    [
      'candidates',
      line('a', [1, 2]).replace('"order"', '"ordre"'),
      /bad\.jsonl, line 1: there is no “order” in it/,
    ],
    ['half a line', line('a', [1, 2]).slice(0, -9), /line 1: the JSON value that starts here is incomplete/],
    ['a query twice', line('a', [1, 2]) + line('a', [1, 2]), /line 2: the query id “a” was used on line 1/],
    ['an order that is none', line('a', [1, 2]).replace('[1,0]', '[1,1]'), /line 1: .*order/],
    ['nothing', '\n', /it contains no labels/],
  ])('are refused with file and line: %s', async (_, text, message) => {
    await expect(readLabels([file('bad.jsonl', text)])).rejects.toThrow(message);
  });

  it('names both files of a query that two parts have', async () => {
    const parts = [file('x.jsonl', line('a', [1, 2])), file('y.jsonl', line('a', [1, 2]))];
    await expect(readLabels(parts)).rejects.toThrow(/y\.jsonl, line 1: .* was used in .*x\.jsonl, line 1/);
  });
});

describe('lists', () => {
  it('are ranked by score, equal ones in first-stage order', () => {
    expect(ranksOf([3, 9, 3, 0])).toEqual([2, 1, 3, 4]);
    expect(ranksOf([1, 1])).toEqual([1, 2]);
  });

  it('keep the teacher’s best in first-stage order', async () => {
    const [list] = (await readLabels([file('k.jsonl', line('a', [1, 5, 3, 5]))])).lists;
    const best = bestOf(list!, 3);
    expect([best.passages.map(({ id }) => id), best.scores]).toEqual([
      ['p1', 'p2', 'p3'],
      [5, 3, 5],
    ]);
  });

  it('are split, and what teaches nothing is counted', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => line(`q${i}`, [i, 1, 2]));
    const { lists } = await readLabels([file('s.jsonl', ...lines, line('one', [1]), line('tie', [4, 4]))]);
    const { training, validation, leftOut } = splitLists(lists, {});
    expect([training.length, validation.length, leftOut]).toEqual([57, 3, { short: 1, noPair: 1, held: 0 }]);
    expect(ids(training).some((id) => ids(validation).includes(id))).toBe(false);
    // The same queries whatever the order of the file.
    expect(new Set(ids(splitLists(lists.toReversed(), {}).validation))).toEqual(new Set(ids(validation)));
    expect(splitLists(lists, { holdOut: 0 }).validation).toEqual([]);
    // Of the best two of [0, 1, 1] none is better.
    const tied = splitLists(
      (await readLabels([file('t.jsonl', line('a', [0, 1, 1]), line('b', [0, 1, 2]))])).lists,
      { k: 2 },
    );
    expect([ids(tied.training), tied.leftOut.noPair]).toEqual([['b'], 1]);
  });

  it('do not teach what given lists validate, by id or by text', async () => {
    const { lists } = await readLabels([file('in.jsonl', ...['a', 'b', 'c'].map((id) => line(id, [1, 2])))]);
    const held = file('held.jsonl', line('a', [1, 2], 'another text'), line('z', [1, 2], ' Query B '));
    const { training, validation, leftOut } = splitLists(lists, {}, (await readLabels([held])).lists);
    expect([ids(training), ids(validation), leftOut.held]).toEqual([['c'], ['a', 'z'], 2]);
  });
});
