/** What a first visitor meets: columns that say what they will do, and a tour that can be taken or left. */
import { expect, type Page, test } from '@playwright/test';
import { violations } from './looks.ts';

const offer = (page: Page) => page.getByRole('region', { name: 'Tour' });

test('the empty columns say what each method will do, and in how many calls', async ({ page }) => {
  await page.goto('./');
  const column = (name: string) => page.getByRole('region', { name, exact: true });
  await expect(column('BM25')).toContainText('Finds the 10 passages that share most words with the query');
  await expect(column('Student')).toContainText('One score a passage makes the order: 10 calls.');
  await expect(column('Teacher')).toContainText('Every pair is asked, and each win counts: 90 calls.');
  await page.getByRole('spinbutton', { name: 'Candidates', exact: true }).fill('5');
  await expect(column('Teacher')).toContainText('20 calls');
  await page.getByRole('combobox', { name: 'Pairs to compare', exact: true }).selectOption('Heapsort');
  await expect(column('Teacher')).toContainText(/Heapsort decides which pairs are asked: up to \d+ calls/);
});

test('the tour: eight steps by keyboard, ended by Escape, never offered again, and found under Help', async ({
  page,
}) => {
  await page.goto('./');
  await expect(offer(page)).toBeVisible();
  expect(await violations(page, '.tour-offer')).toEqual([]);
  await offer(page).getByRole('button', { name: 'Take the tour' }).press('Enter');
  await expect(offer(page)).toHaveCount(0);
  const card = page.getByRole('dialog');
  const titles = new Set<string>();
  for (let step = 1; step <= 8; step++) {
    await expect(card).toContainText(`Tour, ${step} of 8`);
    titles.add((await card.getByRole('heading').textContent()) ?? '');
    const box = await card.boundingBox();
    expect(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= 1440 && box.y + box.height <= 900).toBe(
      true,
    );
    if (step === 2) expect(await violations(page, '.tour')).toEqual([]);
    await expect(page.getByRole('button', { name: step < 8 ? 'Next' : 'Done', exact: true })).toBeFocused();
    // It can be used meanwhile.
    if (step === 4)
      await page.getByRole('textbox', { name: 'Query', exact: true }).fill('what does a vaccine do');
    if (step === 4) await card.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
  }
  await expect(card).toHaveCount(0);
  expect(titles.size).toBe(8);

  await page.reload();
  await expect(page.getByRole('button', { name: 'Rank', exact: true })).toBeVisible();
  await expect(offer(page)).toHaveCount(0);

  // From the other screen too; Escape ends it, and focus goes back.
  await page.goto('./#/models');
  await page.getByRole('button', { name: 'Help', exact: true }).click();
  await page.getByRole('dialog', { name: 'Help' }).getByRole('button', { name: 'Take the tour' }).click();
  await expect(page.getByRole('dialog', { name: 'What is ranked' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Help', exact: true })).toBeFocused();
});

test('on a phone: skipped at once, or seen step by step inside the window', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('./');
  await offer(page).getByRole('button', { name: 'Take the tour' }).click();
  const card = page.getByRole('dialog');
  for (let step = 1; step <= 8; step++) {
    await expect(card).toContainText(`Tour, ${step} of 8`);
    const box = await card.boundingBox();
    expect(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844).toBe(
      true,
    );
    await card.getByRole('button', { name: step < 8 ? 'Next' : 'Done' }).click();
  }
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await offer(page).getByRole('button', { name: 'Skip the tour' }).click();
  await expect(offer(page)).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Rank', exact: true })).toBeVisible();
  await expect(offer(page)).toHaveCount(0);
});
