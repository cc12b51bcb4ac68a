/** Race, schedules over one cache of comparisons, relevance generation, templates. */
import { METHODS } from './app.ts';
import { QUERY, teaCorpus, teaPassages } from './corpus.ts';
import { onePage } from './one-page.ts';
import { expect, test } from './test.ts';
import { watchColumns, watched } from './watch.ts';

test('Race runs both workers at once and says so', async ({ app, page }) => {
  await watchColumns(page);
  await app.open();
  await app.give(teaCorpus(20), QUERY, 20);
  // A race of loaded models: the student's few calls must not be over before the teacher is loaded.
  await app.modelsReady();
  await app.rank('Race');
  const { seen, faults } = await watched(page);
  expect(faults).toEqual([]);
  const both = seen.some(
    ({ all }) => all.includes('Student:running/scoring') && all.includes('Teacher:running/scoring'),
  );
  expect(both, 'student and teacher were scoring at the same moment').toBe(true);
  for (const name of ['Student', 'Teacher'] as const) await expect(app.region(name)).toContainText('race');
  await expect(app.region('BM25')).not.toContainText('race');
});

onePage('a change of schedule or of one passage asks only what is new', async ({ app, page }) => {
  const n = 7;
  const pairs = n * (n - 1);
  await app.preset({ k: n, schedule: 'heapsort' });
  await app.open();
  await app.give(teaCorpus(n), QUERY);
  await app.rank();
  const heap = await app.calls('Teacher');
  expect(heap.cached).toBe(0);
  expect(heap.answered).toBeGreaterThan(0);

  await app.combo('Pairs to compare').selectOption({ label: 'All pairs' });
  await expect(app.region('Teacher')).toHaveAttribute('data-stale', 'true');
  await expect(app.region('BM25')).not.toHaveAttribute('data-stale');
  await app.rank();
  await expect(app.region('Teacher')).not.toHaveAttribute('data-stale');
  const all = await app.calls('Teacher');
  expect(all.answered).toBe(pairs);
  expect(all.cached).toBe(heap.asked);
  expect(await app.calls('Student')).toMatchObject({ asked: 0, cached: n });
  // Look-ups are not work: no ratio is made of them.
  await expect(page.getByRole('main')).not.toContainText(/×\d/);
  await expect(page.getByRole('main')).toContainText(`${heap.asked + n} cached`);

  await expect(app.spin('Passes')).toHaveCount(0);
  await app.combo('Pairs to compare').selectOption({ label: 'Sliding window' });
  await app.spin('Passes').fill('2');
  await app.rank();
  const sliding = await app.calls('Teacher');
  expect(sliding.answered).toBeGreaterThan(0);
  expect(sliding.asked).toBe(0);
  await expect(app.region('Teacher')).toContainText('PRP sliding window');

  // A random graph of so many calls: every pair of it is known.
  await app.combo('Pairs to compare').selectOption({ label: 'Sparse random graph' });
  await app.spin('Calls').fill('16');
  await app.rank();
  expect(await app.calls('Teacher')).toMatchObject({ answered: 16, asked: 0 });
  await expect(app.region('Teacher')).toContainText('PRP sparse, 16 calls');
  expect((await app.ids('Teacher')).toSorted()).toEqual((await app.ids('BM25')).toSorted());

  // An edit of one passage asks only about that passage.
  await app.combo('Pairs to compare').selectOption({ label: 'All pairs' });
  const passages = teaPassages(n).with(2, 'White tea tolerates water that is a little too hot.');
  await app.write('Corpus', passages.join('\n'));
  await app.rank();
  expect(await app.calls('Student')).toMatchObject({ asked: 1, cached: n - 1 });
  expect(await app.calls('Teacher')).toMatchObject({ asked: 2 * (n - 1), cached: (n - 1) * (n - 2) });
});

test('exact top k has the first places of all pairs, with fewer calls; the student is fused with BM25', async ({
  app,
  page,
}) => {
  const n = 10;
  await app.preset({ k: n, schedule: 'topk' });
  await app.open();
  // Passages that differ: of the judge's opinion on the others' small differences hardly any call can be spared.
  await app.combo('Sample').selectOption({ label: 'Town services FAQ' });
  await app.write('Query', 'where and when can I park in town');
  await app.spin('Top').fill('3');
  await app.rank();
  const first = await app.calls('Teacher');
  expect(first.answered).toBeGreaterThan(0);
  expect(first.answered).toBeLessThan(n * (n - 1));
  await expect(app.region('Teacher')).toContainText('PRP exact top k, k = 3');
  await expect(app.region('Teacher')).toContainText('The first 3 stand as with all pairs');
  const topk = (await app.decisions()).methods.teacher;
  expect(topk).toMatchObject({ method: 'prp-topk', top: 3 });

  // All answers that it had are known; the rest is asked, and the top does not move.
  await app.combo('Pairs to compare').selectOption({ label: 'All pairs' });
  await expect(app.spin('Top')).toHaveCount(0);
  await app.rank();
  expect(await app.calls('Teacher')).toMatchObject({ answered: n * (n - 1), cached: first.asked });
  const all = (await app.decisions()).methods.teacher;
  expect(topk.order.slice(0, 3)).toEqual(all.order.slice(0, 3));

  // Now everything is known, and a forecast of the same question is exact.
  await app.combo('Pairs to compare').selectOption({ label: 'Exact top k' });
  await expect(app.spin('Top')).toHaveValue('3');
  await app.rank();
  expect(await app.calls('Teacher')).toMatchObject({ asked: 0, cached: first.answered });

  // Fused with BM25 the Student column has another order, of the answers that it has.
  await app.combo('Fuse with BM25').selectOption('By places (RRF)');
  await expect(app.region('Student')).toHaveAttribute('data-stale', 'true');
  await app.rank();
  expect(await app.calls('Student')).toMatchObject({ asked: 0, cached: n });
  const fused = (await app.decisions()).methods.student;
  expect(fused.fusion).toEqual({ by: 'rrf' });
  expect(Math.max(...fused.scores)).toBeLessThanOrEqual(2 / 61);

  // Query likelihood, fused by scores; a reload keeps it.
  await app.spin('Candidates').fill('3');
  await app.combo('Student method').selectOption('qlm');
  await app.combo('Fuse with BM25').selectOption('By scores');
  // What the student's card says was best, on queries that are in no table.
  await expect(app.spin('Weight λ of the student')).toHaveValue('0.75');
  await app.spin('Weight λ of the student').fill('0.7');
  await app.rank();
  await expect(app.region('Student')).toContainText('Query likelihood + BM25 (λ = 0.7)');
  await page.reload();
  await expect(app.region('Student')).toContainText('Query likelihood + BM25 (λ = 0.7)');
  await expect(app.spin('Weight λ of the student')).toHaveValue('0.7');

  // Where the form of the model that reads a prompt once cannot be had, the column says why it takes so long.
  await page.route(/\/text-graphs-/, (route) => route.abort());
  await app.spin('Candidates').fill('2');
  await app.write('Query', 'a question that nobody has asked before');
  await app.rank();
  await expect(app.region('Student')).toContainText('slowly here');
});

onePage('the Student column can show relevance generation with the base', async ({ app, page }) => {
  await app.preset({ k: 5 });
  await app.open();
  await app.give(teaCorpus(5), QUERY);
  await app.rank();
  const student = (await app.decisions()).methods.student;
  // A replaced model's worker is ended, and its memory with it: two stay.
  const scorers = () => page.workers().filter((worker) => /scorer\.worker/.test(worker.url()));
  expect(scorers()).toHaveLength(2);
  const replaced = scorers();
  const base = page.getByRole('switch', { name: 'Base (not distilled)' });
  await expect(base).not.toBeChecked();
  // What it is, and what the student's own card says of the two; also while the base is shown.
  const explained = async () => {
    await app.button('Base: what it is').click();
    const box = page.getByRole('dialog', { name: 'What the base is' });
    await expect(box).toContainText('as many calls as the student');
    await expect(box).toContainText(
      /In nDCG@10 the student is .*: [+−]?\.\d{3} \([+−]?\.\d{3} to [+−]?\.\d{3}\)/,
    );
    await page.keyboard.press('Escape');
    await expect(box).toHaveCount(0);
  };
  await explained();
  await base.click();
  await expect(base).toBeChecked();
  await expect(app.region('Student')).toHaveAttribute('data-stale', 'true');
  await expect(app.region('Teacher')).not.toHaveAttribute('data-stale');
  await app.rank();
  await expect(app.region('Student')).toContainText('relevance generation');
  await expect(app.region('Student').getByRole('heading', { name: 'Base', exact: true })).toBeVisible();
  await expect(app.region('Student')).toHaveAttribute('data-method', 'base');
  await explained();
  const { methods } = await app.decisions();
  expect(methods.student.method).toBe('rg');
  // The base is the teacher's own checkpoint.
  expect(methods.student.checkpoint).toEqual(methods.teacher.checkpoint);
  expect(methods.student.checkpoint?.digest).not.toBe(student.checkpoint?.digest);
  // The browser reports a worker's end a moment after it.
  await expect.poll(() => scorers().length).toBe(2);
  expect(scorers().filter((worker) => replaced.includes(worker))).toHaveLength(1);
  expect(methods.student.template).toMatchObject({ labels: [expect.any(String), expect.any(String)] });
  for (const { score, logits } of methods.student.scored) {
    expect(score).toBeCloseTo((logits[0] as number) - (logits[1] as number), 5);
  }
  // The teacher had been asked before; the base had not.
  expect((await app.calls('Teacher')).asked).toBe(0);
  expect((await app.calls('Student')).asked).toBe(5);

  await page.getByRole('checkbox', { name: /true probabilities/ }).check();
  await app.rank();
  const eq2 = (await app.decisions()).methods.student;
  // Eq. 2: 1 + p(Yes) for yes, 1 − p(No) for no; either way between 0 and 2.
  for (const { score } of eq2.scored) {
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(2);
  }

  await base.click();
  await app.rank();
  expect((await app.decisions()).methods.student.checkpoint).toEqual(student.checkpoint);
});

onePage(
  'a template the checkpoint was not trained on says so, and its answers are kept apart',
  async ({ app, page }) => {
    await app.preset({ k: 4 });
    await app.open();
    await app.give(teaCorpus(4), QUERY);
    await app.rank();
    await expect(page.getByText(/was not trained on this wording/)).toHaveCount(0);
    await app.combo('Teacher prompt').selectOption({ label: 'Pairwise (PRP)' });
    await expect(page.getByText(/was not trained on this wording/)).toBeVisible();
    await app.rank();
    expect(await app.calls('Teacher')).toMatchObject({ asked: 12, cached: 0 });
    expect(await app.calls('Student')).toMatchObject({ asked: 0, cached: 4 });

    await page.getByRole('button', { name: 'Edit teacher prompt' }).click();
    const editor = page.getByRole('dialog', { name: /wording/ });
    const wording = editor.getByRole('textbox', { name: 'Wording' });
    await wording.fill('Which is better for {query}?\n\nA: {passage_a}');
    // What is missing is said while it is typed, and it cannot be used.
    await expect(editor).toContainText('passage_b');
    await expect(editor.getByRole('button', { name: 'Use' })).toBeDisabled();
    await wording.fill('Which is better for {query}?\n\nA: {passage_a}\n\nB: {passage_b}');
    await editor.getByRole('button', { name: 'Use' }).click();
    await app.rank();
    expect(await app.calls('Teacher')).toMatchObject({ asked: 12, cached: 0 });
    expect((await app.decisions()).methods.teacher.template?.text).toContain('Which is better for');

    // How titles are written is part of the question, too.
    await page.getByRole('button', { name: 'Edit teacher prompt' }).click();
    await editor.getByRole('checkbox', { name: /Title: … Content: …/ }).check();
    await editor.getByRole('button', { name: 'Use' }).click();
    await app.rank();
    expect(await app.calls('Teacher')).toMatchObject({ asked: 12, cached: 0 });
    expect((await app.decisions()).methods.teacher.template?.titles).toBe('labelled');
  },
);

test('a run expected to take more than a minute asks first', async ({ app, page }) => {
  await app.preset({ k: 100 });
  await app.open();
  await app.combo('Sample').selectOption({ label: 'Town services FAQ' });
  await app.write('Query', 'where and when can I park, and what does the library or the bus cost in town');
  // As many candidates as BM25 has found for this query, not as many as may be.
  const expected = page.locator('.expect [data-method="teacher"]');
  await expect(expected).toContainText(/[\d,]+ calls, about/, { timeout: 60_000 });
  await app.modelsReady();
  const estimate = await expected.innerText();
  const found = /([\d,]+) calls, about (\d+(?:\.\d+)?) (s|min)/.exec(estimate);
  const [, amount, unit] = found?.slice(1) ?? [];
  test.skip(
    Number(amount) * (unit === 'min' ? 60 : 1) < 80,
    `this machine is too fast to be asked: ${estimate}`,
  );
  await app.button('Rank').click();
  const question = page.getByRole('dialog', { name: 'This will take a while' });
  // What it asks about is what the rail says: the calls of both models.
  await expect(async () => {
    const [student = 0, teacher = 0] = (await page.locator('.expect dd:first-of-type').allInnerTexts()).map(
      (text) => Number(/([\d,]+) calls/.exec(text)?.[1]?.replaceAll(',', '')),
    );
    const text = `${(student + teacher).toLocaleString('en')} calls`;
    await expect(question).toContainText(text, { timeout: 1000 });
  }).toPass({ timeout: 15_000 });
  for (const name of ['Student', 'Teacher'] as const) await app.expectState(name, 'idle');
  await expect(question.getByRole('list', { name: 'What takes less time' })).toContainText(
    /Heapsort.*up to .* calls, about/,
  );
  await question.getByRole('button', { name: 'Not now' }).click();
  await expect(question).toHaveCount(0);
  for (const name of ['Student', 'Teacher'] as const) await app.expectState(name, 'idle');
  await app.button('Rank').click();
  await question.getByRole('button', { name: 'Rank anyway' }).click();
  await expect(app.region('Student')).toHaveAttribute('data-state', /running|done/);
  await app.button('Cancel').click();
  await app.expectState('Teacher', 'cancelled');
  for (const name of METHODS) await expect(app.region(name)).not.toHaveAttribute('data-state', 'running');
});
