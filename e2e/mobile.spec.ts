/** 390 px: one column at a time, nothing to scroll sideways, all three for assistive technology. */
import { METHODS } from './app.ts';
import { generatedIds, QUERY, teaCorpus } from './corpus.ts';
import { expectToFit } from './looks.ts';
import { expect, test } from './test.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test('one column at a time by the segmented control, all three in the accessibility tree', async ({
  app,
  page,
}) => {
  await app.preset({ k: 4 });
  await app.open();
  await expectToFit(page);
  for (const tab of await page.getByRole('navigation', { name: 'Screens' }).getByRole('link').all()) {
    await expect(tab, 'all tabs are in sight').toBeInViewport({ ratio: 1 });
  }
  await app.give(teaCorpus(4), QUERY);
  await app.rank();
  await expectToFit(page);
  const columns = page.getByRole('radiogroup', { name: 'Column' });
  for (const name of ['Teacher', 'Student', 'BM25'] as const) {
    await columns.getByRole('radio', { name }).click();
    await expect(columns.getByRole('radio', { name })).toBeChecked();
    for (const other of METHODS) {
      // Role queries leave out what assistive technology cannot reach.
      await expect(app.region(other)).toHaveCount(1);
      expect([...(await app.ids(other))].sort()).toEqual(generatedIds(4));
      await expect
        .poll(async () => {
          const box = await app.region(other).boundingBox();
          return box !== null && box.x > -20 && box.x + box.width < 410;
        })
        .toBe(other === name);
    }
    await expectToFit(page);
  }

  // Grades by touch; the passage fits the screen, whatever its words.
  const word = 'water'.repeat(80);
  await app.write('Corpus', `tea ${word}\nLong-${word}-id\ttea and water\ntea`);
  await app.write('Query', 'tea');
  await app.button('Rank').click();
  await app.expectState('BM25', 'done');
  await expectToFit(page);
  const row = app.items('BM25').first();
  await row.getByRole('button', { name: 'Not judged' }).tap();
  await page.getByRole('menuitemradio', { name: /^2/ }).tap();
  await expect(row.getByRole('button', { name: 'Grade 2' })).toBeVisible();
  for (const item of await app.items('BM25').all()) {
    await item.getByRole('paragraph').tap();
    const dialog = page.getByRole('dialog');
    const box = await dialog.boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
    const body = await dialog.evaluate((d) => [d.scrollWidth, d.clientWidth] as const);
    expect(body[0]).toBeLessThanOrEqual(body[1]);
    await dialog.getByRole('button', { name: 'Close' }).tap();
    await expect(dialog).toHaveCount(0);
  }
});
