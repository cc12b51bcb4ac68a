/** Ask once, then change your mind: other orders, a budget of calls, a schedule step by step; by mouse and by key. */
import { join } from 'node:path';
import { expectToFit, violations } from './looks.ts';
import { expect, test } from './test.ts';

const N = 8;
const ALL = N * (N - 1);
const shots = process.env.SHOTS;

test('other orders, a budget and steps, from the decisions of one run', async ({ app, page }) => {
  await app.preset({ k: N });
  await app.open();
  await expect(app.box('Corpus')).not.toHaveValue('');
  await app.rank();
  const { teacher, bm25 } = (await app.decisions()).methods;
  await app.button('Inspect decisions').click();
  await page.getByRole('link', { name: 'Open as a page' }).click();
  await page.getByRole('radio', { name: 'Change your mind' }).click();

  // The paper's rule gives the order that stands in the column; another one is a click away.
  const rules = page.getByRole('region', { name: 'Ask once, then change your mind' });
  await rules.getByRole('button', { name: 'Wins (Eq. 5)' }).click();
  const beside = rules.getByRole('table', { name: /^Order by Wins/ });
  await expect(beside.locator('[data-moved]')).toHaveCount(0);
  await expect(beside.getByRole('row').nth(1)).toContainText(`1${teacher.order[0]}${teacher.order[0]}`);
  await rules.getByRole('button', { name: 'Bradley–Terry' }).press('Enter');
  await expect(rules).toContainText(/Order effect γ = −?\d*\.\d\d ± \.\d\d logits/);
  await expect(rules).toContainText('On a complete table it orders as the wins do');
  await rules.getByRole('button', { name: 'Tiers from cycles' }).click();
  await expect(rules.getByRole('list', { name: 'Tiers, best first' })).toBeVisible();

  // All calls buy all pairs' own order; none buys BM25's.
  const budget = page.getByRole('region', { name: 'A budget of calls' });
  const slider = budget.getByRole('slider', { name: 'Calls' });
  await slider.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', `${ALL} of ${ALL} calls`);
  await expect(budget.locator('[data-schedule="allPairs"]')).toContainText(`${ALL}, done`);
  await budget.getByRole('radio', { name: 'All pairs' }).click();
  const bought = budget.getByRole('table', { name: /^Order that/ });
  await expect(bought.locator('[data-moved]')).toHaveCount(0);
  await expect(budget.locator('[data-schedule="heapsort"]')).toContainText('done');
  await slider.press('Home');
  const rows = await bought.getByRole('row').allInnerTexts();
  expect(rows.slice(1).map((row) => row.split('\t')[2])).toEqual(bm25.order);
  await expect(budget.getByRole('img').locator('svg').first()).toBeVisible();
  await budget.getByRole('radio', { name: 'Seconds' }).click();
  await slider.press('End');

  // Step by step to the same order.
  const steps = page.getByRole('region', { name: 'Step through' });
  await expect(steps).toContainText(/ against .*\. 2 calls so far\./);
  await steps.getByRole('button', { name: 'Next' }).click();
  await expect(steps.getByRole('slider', { name: 'Step' })).toHaveValue('1');
  await expect(steps.getByRole('button', { name: 'Back' })).toBeEnabled();
  await steps.getByRole('slider', { name: 'Step' }).press('End');
  const heapsort = page.getByRole('region', { name: 'Ask once, then change your mind' });
  await heapsort.getByRole('button', { name: 'Heapsort' }).click();
  const sorted = await heapsort
    .getByRole('table', { name: /^Order by Heapsort/ })
    .getByRole('row')
    .allInnerTexts();
  const order = sorted.slice(1).map((row) => row.split('\t')[2]);
  await expect(steps).toContainText(`The order: ${order.join(', ')}.`);
  await steps.getByRole('radio', { name: 'Sliding window' }).click();
  await expect(steps.getByRole('list', { name: 'The list, best first' }).getByRole('listitem')).toHaveCount(
    N,
  );
  await steps.getByRole('button', { name: 'Play' }).click();
  await expect(steps.getByRole('button', { name: 'Pause' })).toBeVisible();
  await steps.getByRole('button', { name: 'Pause' }).click();

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      expect(await violations(page), `${colorScheme}, ${width}`).toEqual([]);
      await expectToFit(page, `${colorScheme}, ${width}`);
      if (!shots) continue;
      for (const [name, region] of Object.entries({ rules, budget, steps })) {
        await region.scrollIntoViewIfNeeded();
        await region.screenshot({ path: join(shots, `what-if-${name}-${colorScheme}-${width}.png`) });
      }
      await page.screenshot({ path: join(shots, `what-if-${colorScheme}-${width}.png`) });
    }
  }
});
