/** Duel: people decide first, then see what teacher and student said. No model is needed. */
import { violations } from './looks.ts';
import { expect, test } from './test.ts';

test('an audience decides pairs of a recorded run by key and by tap, leaves, comes back, and sees where they part', async ({
  app,
  page,
}) => {
  const main = page.getByRole('main');
  const pair = page.getByRole('status').filter({ hasText: /^Pair/ });
  await page.goto('./#/duel?sample=town');
  await expect(main).toHaveAttribute('data-replay', 'true');
  await app.spin('Pairs').fill('4');
  await app.spin('Pairs').press('Enter');
  await expect(pair).toHaveText('Pair 1 of 4');
  await expect(page.getByRole('region', { name: 'Passage B', exact: true })).toBeVisible();
  // Nothing that was said of them, and nothing to scroll on a projector.
  await expect(main).not.toContainText(/teacher|student/i);
  await page.setViewportSize({ width: 1280, height: 720 });
  expect(await main.evaluate((node) => node.scrollHeight <= innerHeight)).toBe(true);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('=');
  await page.keyboard.press('b');
  await expect(pair).toHaveText('Pair 4 of 4');
  await page.keyboard.press('Backspace');
  await expect(pair).toHaveText('Pair 3 of 4');
  expect(await violations(page)).toEqual([]);

  // Away and back, by way of the presentation.
  await page.keyboard.press('Escape');
  await app.button('Present').click();
  await app.button('Duel').click();
  await expect(pair).toHaveText('Pair 3 of 4');
  await page.setViewportSize({ width: 390, height: 844 });
  await app.button('Passage B').click();
  await app.button('Passage A').click();
  await expect(
    page.getByRole('status').filter({ hasText: /^People agree with the teacher on \d of \d pair/ }),
  ).toBeVisible();
  await expect(page.getByRole('row', { name: /^People and teacher \d of \d/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Teacher and student \d of \d/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const others = page.getByText(/^Where nobody disagrees/);
  if ((await page.getByRole('button', { name: /^Open decision/ }).count()) === 0) await others.click();
  await page
    .getByRole('button', { name: /^Open decision/ })
    .first()
    .click();
  await expect(page.getByRole('dialog', { name: 'Decision', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');

  await app.button('Add 5 pairs').click();
  await expect(pair).toHaveText('Pair 5 of 9');
  await app.button('Results so far').click();
  await app.button('Start again').click();
  await app.button('Undo').click();
  await expect(app.button('Go on: 5 pairs left')).toBeVisible();
});
