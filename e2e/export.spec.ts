/** The two files of the menu "Export", field by field as issue 3 words them. */
import type { Page } from '@playwright/test';
import type { App } from './app.ts';
import { QUERY, teaPassages } from './corpus.ts';
import { expect, test } from './test.ts';

const N = 6;

/** BEIR lines with titles, so that ids and titles can be looked for in the exports. */
const rows = teaPassages(N).map((text, i) => ({ _id: `tea-${i}`, title: `Cup ${i}`, text }));

async function ranked(app: App, page: Page): Promise<void> {
  await app.preset({ k: N });
  await app.open();
  await app.openFile('tea.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  await expect(page.getByText(`${N} passages`).first()).toBeVisible();
  await app.write('Query', QUERY);
  await app.rank();
}

/** Positions by score, best first; equal scores keep first-stage order. */
const bestFirst = (scores: readonly number[]): number[] =>
  scores.map((_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);

test('a whole run: Decisions (JSON) field by field, and a TREC run with three tags', async ({
  app,
  page,
}) => {
  await ranked(app, page);
  await app.items('BM25').first().focus();
  await page.keyboard.press('3');
  const { version, query, candidates, methods } = await app.decisions();
  expect(version).toBe(2);
  expect(query).toBe(QUERY);
  const ids = candidates.map(({ id }) => id);
  expect(ids).toEqual(await app.ids('BM25'));
  for (const [i, candidate] of candidates.entries()) {
    const row = rows.find(({ _id }) => _id === candidate.id);
    expect(candidate).toMatchObject({ id: row?._id, title: row?.title, text: row?.text, rank: i + 1 });
    expect(candidate.score).toBeGreaterThan(0);
  }
  expect(candidates.map(({ grade }) => grade)).toEqual([3, ...Array(N - 1).fill(undefined)]);

  const { bm25, student, teacher } = methods;
  expect(bm25).toMatchObject({ template: null, checkpoint: null, state: 'done', order: ids });
  expect(bm25.scores).toEqual(candidates.map(({ score }) => score));
  for (const [name, method] of [
    ['Student', student],
    ['Teacher', teacher],
  ] as const) {
    expect(method.state).toBe('done');
    expect(method.order).toEqual(await app.ids(name));
    expect(method.scores).toHaveLength(N);
    expect(method.checkpoint).toEqual({
      name: expect.any(String),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      dtype: 'int8',
      device: 'wasm',
      // Of a run with times: what they were measured on.
      runtime: expect.stringMatching(/^onnxruntime-web /),
      threads: expect.any(Number),
    });
    // When each answer came, to the end.
    const times = method.log!.map(([, at]) => at as number);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(method.log!.at(-1)?.slice(0, 3)).toEqual(['done', times.at(-1), method.log![0]![2]]);
    expect(method.template).toMatchObject({
      id: expect.any(String),
      text: expect.stringContaining('{query}'),
    });
  }

  // Student: one score a passage, ranked by the Yes logit.
  expect(student.scored.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const yes = ids.map((id) => student.scored.find((s) => s.id === id)?.score as number);
  for (const one of student.scored) {
    expect(one).toMatchObject({ cached: false, score: one.logits[0] });
    expect(one.tokens).toBeGreaterThan(5);
    expect(one.ms).toBeGreaterThan(0);
  }
  expect(student.order).toEqual(bestFirst(yes).map((i) => ids[i]));

  // Teacher: every ordered pair once; c_ab by Eq. 4, scores by Eq. 5.
  expect(teacher.decisions).toHaveLength(N * (N - 1));
  expect(new Set(teacher.decisions.map(({ a, b }) => `${a} ${b}`)).size).toBe(N * (N - 1));
  const points = new Map(ids.map((id) => [id, 0]));
  for (const decision of teacher.decisions) {
    const { a, b, logitA, logitB, preference, tokens, ms, cached } = decision;
    expect(Object.keys(decision).filter((key) => key !== 'cuts')).toEqual([
      'a',
      'b',
      'logitA',
      'logitB',
      'preference',
      'tokens',
      'ms',
      'cached',
    ]);
    expect(a).not.toBe(b);
    expect(preference).toBe(logitA > logitB ? 1 : logitA < logitB ? 0 : 0.5);
    expect(Number.isInteger(tokens) && tokens > 5).toBe(true);
    expect(ms).toBeGreaterThan(0);
    expect(cached).toBe(false);
    points.set(a, (points.get(a) as number) + preference);
    points.set(b, (points.get(b) as number) + 1 - preference);
  }
  const sums = ids.map((id) => points.get(id) as number);
  const order = bestFirst(sums);
  expect(teacher.order).toEqual(order.map((i) => ids[i]));
  expect(teacher.scores).toEqual(order.map((i) => sums[i]));

  // Ranked again: the same decisions, now from the cache.
  await app.rank();
  const again = (await app.decisions()).methods.teacher.decisions;
  expect(again.every(({ cached }) => cached)).toBe(true);
  const logits = (list: typeof again) => list.map((d) => `${d.a} ${d.b} ${d.logitA} ${d.logitB}`).sort();
  expect(logits(again)).toEqual(logits(teacher.decisions));

  // TREC run: one file, three tags, each in the order of its column.
  const lines = (await app.saved('TREC run'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '));
  expect(lines.every((fields) => fields.length === 6 && fields[1] === 'Q0')).toBe(true);
  const tags = [...new Set(lines.map((fields) => fields[5] as string))];
  expect(tags).toHaveLength(3);
  expect(new Set(lines.map(([query]) => query)).size).toBe(1);
  for (const [i, name] of (['BM25', 'Student', 'Teacher'] as const).entries()) {
    const run = lines.filter((fields) => fields[5] === tags[i]);
    expect(run.map((fields) => fields[2])).toEqual(await app.ids(name));
    expect(run.map((fields) => Number(fields[3]))).toEqual(run.map((_, at) => at + 1));
    // trec_eval sorts by score, ties by id: the scores written must give the column's order.
    const scores = run.map((fields) => Number(fields[4]));
    expect(
      scores.every((score, at) => at === 0 || score < (scores[at - 1] as number) || tied(run, scores, at)),
    ).toBe(true);
  }
});

/** trec_eval puts the larger id first among equal scores. */
function tied(run: readonly string[][], scores: readonly number[], at: number): boolean {
  return scores[at] === scores[at - 1] && (run[at]?.[2] as string) < (run[at - 1]?.[2] as string);
}

test('with nothing ranked or nothing found the exports say so instead of failing', async ({ app, page }) => {
  await app.preset({ fill: false });
  await app.open();
  await app.button('Export').click();
  for (const name of ['TREC run', 'Decisions (JSON)']) {
    await expect(page.getByRole('menuitem', { name, exact: true })).toBeDisabled();
  }
  await page.keyboard.press('Escape');
  await app.give(teaPassages(4).join('\n'), 'xylophone');
  await app.rank();
  expect(await app.saved('TREC run')).toBe('');
  const { candidates, methods } = await app.decisions();
  expect(candidates).toEqual([]);
  expect(methods.teacher.decisions).toEqual([]);
});
