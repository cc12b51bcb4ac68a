/** The main job on WASM with the embedded models. */
import { METHODS } from './app.ts';
import { generatedIds, QUERY, teaCorpus, teaPassages } from './corpus.ts';
import { onePage } from './one-page.ts';
import { expect } from './test.ts';
import { course, watchColumns, watched } from './watch.ts';

onePage('a pasted corpus is ranked by BM25, student and teacher', async ({ app, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await watchColumns(page);
  await app.open();
  await page.evaluate((text) => navigator.clipboard.writeText(text), teaCorpus(12));
  await app.box('Corpus').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+v');
  await expect(page.getByText('12 passages', { exact: false }).first()).toBeVisible();
  await app.write('Query', QUERY);
  await app.rank();

  // Ten candidates by default; n calls for the student, n(n − 1) for the teacher.
  const found = await app.ids('BM25');
  expect(found).toHaveLength(10);
  expect(new Set(generatedIds(12))).toEqual(new Set([...generatedIds(12), ...found]));
  for (const name of ['Student', 'Teacher'] as const) {
    expect([...(await app.ids(name))].sort()).toEqual([...found].sort());
    const head = app.region(name);
    await expect(head).toContainText('WASM');
    await expect(head).toContainText('int8');
    await expect(head).toContainText('tok/s');
    await expect(head).toContainText(/Time\s*[\d.]+ m?s/);
  }
  expect(await app.calls('Student')).toEqual({ answered: 10, planned: 10, cached: 0, asked: 10 });
  expect(await app.calls('Teacher')).toEqual({ answered: 90, planned: 90, cached: 0, asked: 90 });
  await expect(page.getByText('10 calls against 90')).toBeVisible();

  const { seen, faults } = await watched(page);
  expect(faults).toEqual([]);
  const order = course({ seen, faults }, 'Teacher');
  expect(order[0]).toBe('idle');
  expect(order.at(-1)).toBe('done');
  expect(order.slice(1, -1).every((s) => /^running\/(queued|loading|scoring)$/.test(s))).toBe(true);
  // One model after the other: neither slows the other's clock.
  for (const { all } of seen) {
    expect(
      all.filter((s) => s === 'Student:running/scoring' || s === 'Teacher:running/scoring').length,
    ).toBeLessThan(2);
  }
});

onePage(
  'rows mark the terms, say their movement, lead to the same passage beside them, and are graded by key',
  async ({ app, page }) => {
    await app.preset({ k: 6 });
    await app.open();
    await app.give(teaCorpus(8), QUERY);
    await app.rank();
    const bm25 = await app.ids('BM25');
    await expect(app.items('BM25').first().locator('mark').first()).toHaveText(/^(hot|water|tea)$/i);

    const student = await app.ids('Student');
    for (const [at, id] of student.entries()) {
      const by = bm25.indexOf(id) - at;
      const words =
        by === 0 ? 'same rank as in BM25' : `${by > 0 ? 'up' : 'down'} ${Math.abs(by)} against BM25`;
      await expect(app.items('Student').nth(at)).toContainText(words);
    }

    const id = bm25[0] as string;
    await app.items('BM25').first().hover();
    for (const name of METHODS) {
      await expect(app.region(name).locator('[data-linked]')).toHaveAttribute('data-passage-id', id);
    }
    await page.mouse.move(0, 0);
    await expect(page.locator('[data-linked]')).toHaveCount(0);

    await expect(app.region('BM25')).toContainText('No grades yet');
    await app.items('BM25').first().focus();
    await page.keyboard.press('3');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('0');
    const [first, second, third] = bm25 as [string, string, string];
    for (const name of METHODS) {
      const of = (id: string) => app.region(name).locator(`[data-passage-id=${id}]`).getByRole('button');
      await expect(of(first)).toHaveAccessibleName('Grade 3');
      await expect(of(second)).toHaveAccessibleName('Grade 0');
      // Unjudged is a dash, not a zero.
      await expect(of(third)).toHaveText('–');
      await expect(app.region(name)).toContainText('2/6 judged');
    }
    // The one relevant passage is on top of BM25.
    await expect(app.region('BM25')).toContainText(/@1\s*1\.000\s*@5\s*1\.000/);
    // A digit typed into the query grades nothing.
    await app.box('Query').press('2');
    await expect(app.region('BM25')).toContainText('2/6 judged');
    await app.write('Query', QUERY);
    await app.items('BM25').first().focus();
    await page.keyboard.press('ControlOrMeta+z');
    await expect(app.region('BM25')).toContainText('1/6 judged');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(app.region('BM25')).toContainText('No grades yet');
  },
);

onePage(
  'a row opens its passage: full text, terms, id to copy, what a model did not read',
  async ({ app, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await app.preset({ k: 3 });
    await app.open();
    const long = `Tea and water. ${'The kettle sings and nobody listens to it. '.repeat(60)}The very end.`;
    await app.give([...teaPassages(2), long].join('\n'), 'tea water');
    await app.rank();
    const row = app.region('Teacher').locator('[data-passage-id=p03]');
    await row.click();
    const dialog = page.getByRole('dialog', { name: 'p03' });
    await expect(dialog).toContainText('The very end.');
    await expect(dialog.locator('mark').first()).toHaveText('Tea');
    await expect(dialog).toContainText(/Student stopped reading here/);
    await expect(dialog).toContainText(/Teacher stopped reading here/);
    await dialog.getByRole('button', { name: 'Copy id p03' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('p03');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(row).toBeFocused();
  },
);

onePage('a sample brings its corpus, its questions and its grades', async ({ app, page }) => {
  await app.open();
  await expect(app.box('Corpus')).not.toHaveValue('');
  await app.combo('Sample').selectOption({ label: 'Home cooking and food chemistry' });
  await expect(app.box('Corpus')).toHaveValue(/Yeast feeds on sugars/);
  const questions = page.getByRole('group', { name: 'Questions of this sample' }).getByRole('button');
  const question = await questions.first().innerText();
  await questions.first().click();
  await expect(app.box('Query')).toHaveValue(question);
  await app.spin('Candidates').fill('6');
  await app.rank();
  for (const name of METHODS) {
    await expect(app.region(name)).toContainText(/nDCG\s*@1\s*[.\d]+\s*@5\s*[.\d]+\s*@10\s*[.\d]+/);
    await expect(app.region(name).getByRole('button', { name: /judged/ })).toContainText(
      /\d+\/6 judged · .*gain/,
    );
  }
  await expect(app.region('Student')).toContainText(/τ\D*Teacher\s*−?[.\d]+/);
});
