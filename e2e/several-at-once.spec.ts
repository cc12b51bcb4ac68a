/** Setwise and listwise in the Teacher's column: choosing, ranking, what the Inspector shows, what is exported. */
import { QUERY, teaCorpus } from './corpus.ts';
import { expect, test } from './test.ts';

test('a teacher ranks several passages at once, and every answer can be read', async ({ app, page }) => {
  const n = 5;
  await app.preset({ k: n, schedule: 'setwise-heapsort', top: 2 });
  await app.open();
  await app.give(teaCorpus(n), QUERY);
  await expect(app.region('Teacher')).toContainText('names the one that answers the query best');
  await app.modelsReady();
  // The embedded teacher has learnt pairs alone, and the page says so.
  await expect(page.getByText('was never taught to compare several passages at once')).toBeVisible();
  await app.rank();
  await expect(app.region('Teacher')).toContainText('Setwise heapsort, 3 at once, k = 2');
  const setwise = await app.decisions();
  expect(setwise.methods.teacher.method).toBe('setwise-heapsort');
  const compared = setwise.methods.teacher.compared ?? [];
  expect(compared.length).toBe((await app.calls('Teacher')).answered);
  for (const { shown, winner, logits } of compared) {
    expect(shown).toContain(winner);
    expect(logits).toHaveLength(shown.length);
  }
  await app.button('Inspect decisions').click();
  const answers = page.getByRole('region', { name: 'Answers about several passages' });
  await expect(answers.getByRole('group')).toHaveCount(compared.length);
  await answers.getByRole('group').first().locator('summary').first().click();
  await expect(answers.getByRole('table')).toContainText(compared[0]!.winner);
  await expect(answers).toContainText('Given a query "how hot should the water for tea be", which of');
  await expect(answers).toContainText('logits of A, B and C are read');

  await app.combo('Pairs to compare').selectOption('listwise');
  await app.spin('Window').fill('3');
  await app.rank();
  const listwise = await app.decisions();
  expect(listwise.methods.teacher).toMatchObject({ method: 'listwise', window: 3, step: 2, repeats: 1 });
  const listed = listwise.methods.teacher.listed ?? [];
  expect(listed.map(({ shown }) => shown.length)).toEqual([3, 3]);
  for (const { shown, order } of listed) expect(order.toSorted()).toEqual(shown.toSorted());
  await answers.getByRole('group').first().locator('summary').first().click();
  await expect(answers).toContainText('The model wrote:');
});
