/**
 * Setwise and listwise in the Teacher's column, query likelihood in the Student's: choosing, ranking, what the Inspector shows,
 * what is exported, pinned, recorded, shared and replayed.
 */
import { readFile } from 'node:fs/promises';
import { QUERY, teaCorpus } from './corpus.ts';
import { expect, test } from './test.ts';

test('a teacher ranks several passages at once, and every answer can be read', async ({ app, page }) => {
  const n = 5;
  await app.preset({ k: n, schedule: 'setwise-heapsort', top: 2, studentMethod: 'qlm' });
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

  await app.button('Pin').click();
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

  await app.button('Compare with pin 1').click();
  await expect(page.getByRole('region', { name: 'Teacher compared', exact: true })).toContainText(
    'their orders alone can be compared',
  );
  await page.keyboard.press('Escape');

  // There are no games of two to explain a place; a likelihood is taken apart like logits.
  const first = app.items('Teacher').first();
  await first.focus();
  await page.keyboard.press('w');
  const why = page.getByRole('dialog', { name: /^Why here\?/ });
  await expect(why).toContainText('there are no games of two');
  await expect(why.getByRole('table').first()).toContainText('mean log p');
  await why.getByRole('button', { name: 'Leave out sentences one at a time' }).click();
  await expect(why).toContainText('the mean log-probability of the query’s tokens');
  await page.keyboard.press('Escape');
  await expect(first).toBeFocused();
  await app.button('Pictures').click();
  await expect(page.getByRole('figure', { name: /^Who stands where/ }).locator('svg')).toBeVisible();
  await expect(page.getByRole('figure', { name: /^Calls on one clock/ })).toContainText(
    `the teacher answered ${listed.length} calls`,
  );
  await page.goto('./#/');

  // As a recording and as a link it shows the same answers, and replays.
  const own = await app.ids('Teacher');
  const downloading = page.waitForEvent('download');
  await app.button('Export').click();
  await page.getByRole('menuitem', { name: 'Recording', exact: true }).click();
  const buffer = await readFile(await (await downloading).path());
  const choosing = page.waitForEvent('filechooser');
  await app.button('Open recording').click();
  await (await choosing).setFiles({ name: 'lists.json', mimeType: 'application/json', buffer });
  await expect(page.getByRole('region', { name: 'Recording', exact: true })).toContainText('lists.json');
  await expect(answers.getByRole('group')).toHaveCount(listed.length);
  await app.button('Step').click();
  await expect(app.region('Teacher')).toHaveAttribute('data-replay', 'true');
  await app.button('End replay').click();
  await app.button('Share').click();
  const link = await app.box('Link').inputValue();
  await app.button('Close').click();
  await page.goto(link);
  await expect(page.getByRole('region', { name: 'Recording', exact: true })).toContainText('From a link');
  expect(await app.ids('Teacher')).toEqual(own);
  await expect(answers.getByRole('group')).toHaveCount(listed.length);
});
