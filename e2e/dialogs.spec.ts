/** Dialogs and explanations: the way out of them, and that nothing of them is cut off. */
import { QUERY, teaCorpus } from './corpus.ts';
import { onePage } from './one-page.ts';
import { expect, test } from './test.ts';

test('Back closes a dialog before it leaves the screen', async ({ app, page }) => {
  await page.goto('./#/models');
  await expect(page.getByRole('heading', { name: 'Models', level: 2 })).toBeVisible();
  await page.getByRole('link', { name: 'Playground' }).click();
  await expect(app.button('Rank')).toBeVisible();
  const help = page.getByRole('dialog', { name: 'Help' });

  await app.button('Help').click();
  await expect(help).toBeVisible();
  await page.goBack();
  await expect(help).toHaveCount(0);
  await expect(app.button('Rank')).toBeVisible();

  // Closed by its own button it leaves nothing behind: the next Back leaves at once.
  await app.button('Help').click();
  await help.getByRole('button', { name: 'Close' }).click();
  await expect(help).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => history.state)).toBeNull();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Models', level: 2 })).toBeVisible();
});

test('a dialog open at a reload, or come back to by Forward, costs no press of Back', async ({
  app,
  page,
}) => {
  await page.goto('./#/models');
  await page.getByRole('link', { name: 'Playground' }).click();
  await expect(app.button('Rank')).toBeVisible();
  const entry = () => page.evaluate(() => history.state);
  await app.button('Help').click();
  await expect.poll(entry).toBe('rankscope-dialog');
  await page.reload();
  await expect(app.button('Rank')).toBeVisible();
  await expect.poll(entry).toBeNull();

  await app.button('Help').click();
  await page.goBack();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.evaluate(() => history.forward());
  await expect.poll(entry).toBeNull();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Models', level: 2 })).toBeVisible();
});

onePage('an edit of a prompt outlives Escape and Back, and goes with Discard', async ({ app, page }) => {
  await app.open();
  // Until its model is there, the wording is that of every model.
  await app.modelsReady();
  const wording = page.getByRole('dialog').getByRole('textbox', { name: 'Wording' });
  const edit = app.button('Edit teacher prompt');
  await edit.click();
  const before = await wording.inputValue();
  await wording.press('Control+End');
  await wording.pressSequentially(' Think twice.');
  await page.keyboard.press('Escape');
  await edit.click();
  await expect(wording).toHaveValue(`${before} Think twice.`);
  await expect(page.getByText('Your unfinished edit was kept.')).toBeVisible();
  await page.goBack();
  await expect(wording).toHaveCount(0);
  await edit.click();
  await expect(wording).toHaveValue(`${before} Think twice.`);
  await app.button('Discard').click();
  await edit.click();
  await expect(wording).toHaveValue(before);
});

onePage('an explanation of a figure is shown whole', async ({ app, page }) => {
  await app.preset({ k: 3 });
  await app.open();
  await app.give(teaCorpus(4), QUERY);
  await app.start();
  await app.expectState('BM25', 'done');
  await app
    .region('BM25')
    .getByRole('button', { name: /how nDCG is computed/ })
    .click();
  const box = page.getByRole('dialog', { name: 'How nDCG is computed' });
  await expect(box).toBeVisible();
  const hidden = await box.evaluate((node) =>
    [node, ...node.querySelectorAll('p')].map((part) => part.scrollWidth - part.clientWidth),
  );
  expect(Math.max(...hidden)).toBeLessThanOrEqual(1);
});
