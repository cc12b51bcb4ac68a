/** The figures around a run: what it will take, how long it still takes, what it has taken, and how far columns agree. */
import { QUERY, teaCorpus } from './corpus.ts';
import { onePage } from './one-page.ts';
import { expect } from './test.ts';

const N = 16;

onePage(
  'what is cached is not counted as work to come, and a bound is no longer shown at the end',
  async ({ app, page }) => {
    await app.preset({ k: N });
    await app.open();
    await app.give(teaCorpus(N), QUERY);
    await app.modelsReady();
    const expected = page.locator('.expect [data-method="teacher"]');
    await expect(expected).toContainText(/240 calls, (about|under) [\d.]+ s/);
    await app.rank();
    await expect(expected).toContainText('240 calls, all cached');
    // Heapsort's comparisons are among those of all pairs: how many it takes is known without asking.
    await app.combo('Pairs to compare').selectOption({ label: 'Heapsort' });
    await expect(expected).toContainText(/^Teacher\d+ calls, all cached/);
    const known = Number(/(\d+) calls/.exec(await expected.innerText())?.[1]);
    expect(known).toBeLessThan(240);
    await app.rank();
    expect(await app.calls('Teacher')).toEqual({ answered: known, planned: known, cached: known, asked: 0 });
    // One passage more: the most that heapsort can still ask is what it can have to do with that one.
    await app.write('Corpus', `${teaCorpus(N)}\nhot water for tea, and nothing else`);
    await app.spin('Candidates').fill(String(N + 1));
    await expect(expected).toContainText(/up to \d+ calls, .* cached/);
    await app.rank();
    await expect(app.region('Teacher')).not.toContainText('≤');
  },
);

onePage(
  'a column says what is left while it runs, the strip fills from the first call, and Resume adds up',
  async ({ app, page }) => {
    await app.preset({ k: 40 });
    await app.open();
    // Nothing of it has been answered yet.
    await app.give(teaCorpus(40), `${QUERY} in a cup`);
    await app.start();
    await app.answered('Teacher', 30);
    await expect(app.region('Teacher')).toContainText(/(about|up to) [\d.]+ (s|min) left/);
    const strip = page.locator('.strip');
    await expect(strip.locator('[data-method="teacher"]')).toContainText(/\d+ calls so far/);
    await expect(strip.locator('[data-method="student"]')).toContainText(/40 calls$/);
    // A schedule chosen now is for the next run: the column says that it is not this one's.
    await app.combo('Pairs to compare').selectOption({ label: 'Heapsort' });
    await expect(app.region('Teacher')).toContainText('PRP all pairs');
    await expect(app.region('Teacher')).toContainText('out of date');
    await app.combo('Pairs to compare').selectOption({ label: 'All pairs' });
    await app.button('Cancel').click();
    await app.expectState('Teacher', 'cancelled');
    await expect(app.region('Teacher')).not.toContainText('left');
    const seconds = async () => {
      const text = await app.region('Teacher').locator('.column-time').innerText();
      const [, value, unit] = /([\d.]+) (ms|s)/.exec(text) ?? [];
      return Number(value) / (unit === 'ms' ? 1000 : 1);
    };
    const before = await seconds();
    await app.button('Resume Teacher').click();
    await app.expectState('Teacher', 'done');
    expect(await seconds()).toBeGreaterThan(before);
    const { answered, cached } = await app.calls('Teacher');
    expect(answered).toBe(40 * 39);
    expect(cached).toBeGreaterThanOrEqual(30);
  },
);

onePage('passages with the same text are undecided, and the columns say why', async ({ app }) => {
  await app.open();
  const same = Array.from({ length: 5 }, (_, i) => `p${i}\tHot water makes good tea.`).join('\n');
  await app.give(same, QUERY);
  await app.rank();
  for (const name of ['Student', 'Teacher'] as const) {
    await expect(app.region(name)).toContainText('All passages have the same text.');
  }
  await expect(app.region('Student')).toContainText('All 5 passages got the same score');
  await expect(app.region('BM25')).toContainText(/τ Teacher\s*undecided/);
  await expect(app.region('Student')).toContainText(/τ Teacher\s*undecided/);
  // BM25's own scores, though all are the same, in an order that trec_eval keeps.
  const run = (await app.saved('TREC run')).split('\n').filter((line) => line.endsWith('rankscope-bm25'));
  const scores = run.map((line) => Number(line.split(' ')[4]));
  const shown = Number(
    await app
      .items('BM25')
      .first()
      .locator('.score-value')
      .innerText()
      .then((t) => /[\d.]+/.exec(t)?.[0]),
  );
  for (const score of scores) expect(score).toBeCloseTo(shown, 2);
  expect(new Set(scores).size).toBe(5);
  expect(scores.toSorted((a, b) => b - a)).toEqual(scores);
});
