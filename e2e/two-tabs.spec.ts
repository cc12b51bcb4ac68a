/** Two tabs of the page side by side: neither overwrites what the other has. */
import type { Page } from '@playwright/test';
import { App, METHODS } from './app.ts';
import { QUERY, teaPassages } from './corpus.ts';
import { expect, test } from './test.ts';

/** The page writes a moment after the last change. */
const written = (page: Page) => page.waitForTimeout(600);

test('each tab keeps its own corpus, query, settings and results; grades are shared', async ({
  app,
  page,
  context,
}) => {
  const [first, second] = [teaPassages(3), teaPassages(8).slice(4)].map((texts) => texts.join('\n'));
  await app.open();
  await app.give(first as string, QUERY, 3);
  await app.rank();
  await written(page);

  const other = new App(await context.newPage());
  await other.open();
  // A new tab begins with what was saved last, and says that it goes its own way.
  await expect(other.box('Corpus')).toHaveValue(first as string);
  await expect(other.page.getByText(/open in another tab too/)).toBeVisible();
  await other.expectAll('done');
  await other.give(second as string, 'tea with cold water', 4);
  await other.rank();
  await other.spin('Candidates').fill('6');
  await written(other.page);
  // The first tab writes last, then both are reloaded: as alone.
  await app.write('Query', 'how much water');
  await app.rank();
  const orders = async () => Promise.all([app, other].flatMap((of) => METHODS.map((name) => of.ids(name))));
  const before = await orders();
  await written(page);
  await Promise.all([page.reload(), other.page.reload()]);
  await expect(app.box('Corpus')).toHaveValue(first as string);
  await expect(app.box('Query')).toHaveValue('how much water');
  await expect(app.spin('Candidates')).toHaveValue('3');
  await expect(other.box('Corpus')).toHaveValue(second as string);
  await expect(other.box('Query')).toHaveValue('tea with cold water');
  await expect(other.spin('Candidates')).toHaveValue('6');
  for (const of of [app, other]) await expect(of.items('Teacher').first()).toBeVisible();
  expect(await orders()).toEqual(before);

  // Grades are about texts, not tabs: each sees the other's, and both survive.
  const grade = (of: App, key: string) =>
    of
      .items('BM25')
      .first()
      .focus()
      .then(() => of.page.keyboard.press(key));
  const stored = () =>
    page.evaluate(
      () => (JSON.parse(localStorage.getItem('rankscope.grades') ?? '{}').data ?? []) as unknown[],
    );
  // At almost the same time: each writes before it has heard of the other.
  await grade(app, '3');
  await grade(other, '2');
  await expect.poll(async () => (await stored()).length).toBe(2);
  await written(page);
  await written(other.page);
  expect(await stored()).toHaveLength(2);
  // One that is taken back does not come back from the other tab.
  await page.bringToFront();
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(async () => (await stored()).length).toBe(1);
  await written(other.page);
  expect(await stored()).toHaveLength(1);
  expect(other.faults).toEqual([]);
});

test('a corpus that is too large for the box stays with its tab', async ({ app, page, context }) => {
  const large = (word: string) =>
    Array.from({ length: 6000 }, (_, i) => `${word} number ${i} of a long list of ${word}s`);
  const size = (of: App, count: string) => of.page.getByText(`${count} passages ·`);
  await app.open();
  await app.openFile('apples.txt', large('apple').join('\n'));
  await expect(size(app, '6,000')).toBeVisible();
  await written(page);
  const other = new App(await context.newPage());
  await other.open();
  await expect(size(other, '6,000')).toBeVisible();
  await other.openFile('pears.txt', large('pear').slice(0, 5000).join('\n'));
  await expect(size(other, '5,000')).toBeVisible();
  await written(other.page);
  await Promise.all([page.reload(), other.page.reload()]);
  await expect(size(app, '6,000')).toBeVisible();
  await expect(size(other, '5,000')).toBeVisible();
  await expect(app.box('Corpus')).toHaveValue(/^apple number 0/);
  await expect(other.box('Corpus')).toHaveValue(/^pear number 0/);
});
