/** axe in both themes and both sizes, in every state of the screen; the whole job by keyboard alone. */
import type { Locator, Page } from '@playwright/test';
import type { App } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { LOOKS, violations } from './looks.ts';
import { expect, test } from './test.ts';

/** axe reads the whole page eleven times in a test. */
test.setTimeout(240_000);

async function closed(page: Page, opened: Locator): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(opened).toHaveCount(0);
}

async function everyState(app: App, page: Page): Promise<string[]> {
  const found: string[] = [];
  const look = async (where: string) =>
    found.push(...(await violations(page)).map((one) => `${where}: ${one}`));
  await app.open();
  await expect(app.box('Corpus')).not.toHaveValue('');
  await look('idle');
  await app.combo('Pairs to compare').selectOption({ label: 'Sliding window' });
  await app.rank();
  await look('done');
  await app.items('Student').first().click();
  await look('passage');
  await closed(page, page.getByRole('dialog'));
  await page.getByRole('button', { name: 'Edit teacher prompt' }).click();
  await look('template editor');
  await closed(page, page.getByRole('dialog'));
  await app.button('Export').click();
  await look('menu');
  await closed(page, page.getByRole('menu'));
  await expect(app.button('Export')).toBeFocused();
  await app
    .region('Teacher')
    .getByRole('button', { name: /how nDCG is computed/ })
    .click();
  await look('explanation');
  await closed(page, page.getByRole('dialog'));
  await app.write('Query', 'xylophone');
  await look('stale');
  await app.rank();
  await look('filled up');
  await app.write('Query', '?!');
  await app.rank();
  await look('nothing found');
  await app.openFile(
    'broken.jsonl',
    '{"id": "a", "text": "tea"}\n{"id": "b", "text": tea}\n{"id": "c", "text": "tea"}\n',
  );
  await expect(page.getByRole('dialog', { name: /bad line/ })).toBeVisible();
  await look('bad lines');
  await closed(page, page.getByRole('dialog'));
  await look('an error');
  await page.goto('./#/models');
  await expect(page.getByRole('heading', { name: 'Models' })).toBeVisible();
  await look('models');
  return found;
}

for (const { colorScheme: theme, viewport } of LOOKS) {
  test.describe(`${theme}, ${viewport.width} px`, () => {
    test.use({ viewport, colorScheme: theme, contextOptions: { reducedMotion: 'reduce' } });
    test('axe finds nothing in any state', async ({ app, page }) => {
      await app.preset({ k: 4 });
      expect(await everyState(app, page)).toEqual([]);
      // Light letters are what makes a theme dark.
      const ink = await page.evaluate(() => getComputedStyle(document.body).color);
      const sum = (ink.match(/[\d.]+/g) ?? []).slice(0, 3).reduce((total, part) => total + Number(part), 0);
      expect(sum > 382).toBe(theme === 'dark');
    });
  });
}

/** Tab until something has focus; what cannot be reached within 60 steps cannot be reached. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let step = 0; step < 60; step++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not reach it.');
}

test('the whole job by keyboard alone', async ({ app, page }) => {
  await app.preset({ k: 4 });
  await app.open();
  await tabTo(page, app.box('Corpus'));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(teaCorpus(4));
  await tabTo(page, app.box('Query'));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(QUERY);
  await page.keyboard.press('ControlOrMeta+Enter');
  await app.expectAll('done');

  // One stop a column; arrows move in it, and to the same passage beside it.
  await tabTo(page, app.items('BM25').first());
  await page.keyboard.press('ArrowDown');
  const second = (await app.ids('BM25'))[1];
  await page.keyboard.press('3');
  await page.keyboard.press('ArrowRight');
  const row = app.region('Student').locator(`[data-passage-id=${second}]`);
  await expect(row).toBeFocused();
  await expect(row.getByRole('button', { name: 'Grade 3' })).toHaveCount(1);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: second });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(row).toBeFocused();
  await page.keyboard.press('Backspace');
  await expect(row.getByRole('button', { name: 'Not judged' })).toHaveCount(1);

  for (
    let step = 0;
    step < 60 && !(await app.button('Export').evaluate((b) => b === document.activeElement));
    step++
  ) {
    await page.keyboard.press('Shift+Tab');
  }
  await expect(app.button('Export')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'TREC run' })).toBeFocused();
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect((await downloading).suggestedFilename()).toMatch(/\.json$/);
  await expect(app.button('Export')).toBeFocused();

  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  await expect(help).toContainText('Rank');
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);
});
