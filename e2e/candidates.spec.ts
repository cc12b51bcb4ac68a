/** A question of one's own in other word forms: stems find it, the rest of the list is filled up and says so. */
import { METHODS } from './app.ts';
import { expect, test } from './test.ts';

const QUESTION = 'can I deduct my commute';
/** p02 and p05 have other forms of the question's words, the rest none of them. */
const CORPUS = [
  'Parking fines are never refunded.',
  'Costs that arise at home may be deductible.',
  'Send the form by the end of May.',
  'Keep receipts for seven years.',
  'Commuters rarely get anything back.',
  'A new card takes two weeks.',
].join('\n');

test('a question in other word forms lists k candidates, found by stems and filled up', async ({
  app,
  page,
}) => {
  await app.open();
  await app.give(CORPUS, QUESTION, 5);
  await app.rank();
  const bm25 = app.region('BM25');
  const ids = await app.ids('BM25');
  expect(ids.slice(0, 2).sort()).toEqual(['p02', 'p05']);
  expect(ids.slice(2)).toEqual(['p01', 'p03', 'p04']);
  for (const name of METHODS) expect([...(await app.ids(name))].sort()).toEqual([...ids].sort());
  expect((await app.calls('Teacher')).answered).toBe(20);
  await expect(bm25).toContainText('2 of 6 passages · 3 with no shared words');
  await expect(bm25).toContainText('English stemming');
  await expect(app.items('BM25').filter({ hasText: 'no shared words' })).toHaveCount(3);
  const row = (id: string) => app.items('BM25').and(page.locator(`[data-passage-id="${id}"]`));
  await expect(row('p02').locator('mark')).toHaveText('deductible');
  await expect(row('p05').locator('mark')).toHaveText('Commuters');
  await expect(row('p01').locator('mark')).toHaveCount(0);

  await test.step('the passage view names the word and its form', async () => {
    await row('p02').click();
    await expect(page.getByRole('dialog')).toContainText(/BM25 adds up: deduct \(as deductible\) [\d.]+ = /);
    await page.keyboard.press('Escape');
    await row('p03').click();
    await expect(page.getByRole('dialog')).toContainText('no shared words');
    await expect(page.getByRole('dialog')).not.toContainText('BM25 adds up');
    await page.keyboard.press('Escape');
  });

  await test.step('the exported BM25 run has what BM25 retrieved, the others rank all', async () => {
    const lines = (await app.saved('TREC run')).trim().split('\n');
    const tagged = (tag: string) => lines.filter((line) => line.endsWith(tag));
    expect(tagged('rankscope-bm25').map((line) => line.split(/\s+/)[2])).toEqual(ids.slice(0, 2));
    expect(tagged('rankscope-pointwise-yes')).toHaveLength(5);
    const { candidates, methods } = await app.decisions();
    expect(candidates.map(({ filled }) => filled ?? false)).toEqual([false, false, true, true, true]);
    expect(methods.bm25.order).toEqual(ids.slice(0, 2));
  });

  await test.step('both can be switched off', async () => {
    await page.getByText('BM25 parameters', { exact: true }).click();
    await page.getByRole('checkbox', { name: 'Fill up with passages that share no word' }).uncheck();
    await expect(bm25).toHaveAttribute('data-stale', 'true');
    await app.rank();
    expect(await app.ids('BM25')).toEqual(ids.slice(0, 2));
    await page.getByRole('checkbox', { name: /^Stem English words/ }).uncheck();
    await app.rank();
    expect(await app.ids('BM25')).toEqual([]);
    await expect(bm25).toContainText('No passage has a word of the query in it');
    await expect(bm25).not.toContainText('English stemming');
    await page.reload();
    await page.getByText('BM25 parameters', { exact: true }).click();
    await expect(page.getByRole('checkbox', { name: /^Stem English words/ })).not.toBeChecked();
    await expect(page.getByRole('checkbox', { name: /^Fill up/ })).not.toBeChecked();
  });
});
