/** Lesson 5: every task by keyboard, after it failed; decisions chosen; the square dragged; a call measured; in a room, on paper. */
import { figure, isDone, notDone, open, press, task } from './learn.ts';
import { expect, test } from './test.ts';

const TITLE = 'What n(n − 1) costs';

test('lesson 5 by keyboard: each task fails, then is done', async ({ page }) => {
  await open(page, '/cost', TITLE);
  const square = page.getByRole('slider', { name: 'Passages' });
  await expect(square).toHaveCount(0);
  await press(page.getByRole('button', { name: '380' }), 'Enter');
  await expect(page.getByText('Yes. 20 × 19 = 380')).toBeVisible();
  await press(square, 'PageUp', 2);
  await press(square, 'ArrowDown', 3);
  await expect(task(page, 1)).toContainText('702 calls for 27 passages: there is more to spend');
  await press(square, 'ArrowRight', 6);
  await expect(task(page, 1)).toContainText('1,056 calls for 33 passages: too many');
  await notDone(page, 1);
  await press(square, 'ArrowLeft');
  await isDone(page, 1);
  // Nothing measured here has been asked for: the figure says whose seconds these are.
  await expect(figure(page).getByText('That is not your machine.')).toBeVisible();

  await press(page.getByRole('radio', { name: 'How it grows' }), 'ArrowRight');
  await press(page.getByRole('button', { name: 'Yes', exact: true }), 'Enter');
  await expect(page.getByText('Not quite. After one pass p016 is first.')).toBeVisible();
  await press(page.getByRole('button', { name: 'Next', exact: true }), 'Enter', 5);
  await expect(task(page, 2)).toContainText('p001 meets p006, and wins');
  await notDone(page, 2);
  await press(page.getByRole('radio', { name: 'Sliding window' }), 'ArrowRight');
  await expect(figure(page).getByText('Heapsort asks 46 of 90 calls.')).toBeVisible();
  await expect(task(page, 2)).toContainText('This is heapsort');
  await press(page.getByRole('radio', { name: 'Heapsort' }), 'ArrowLeft');
  await press(page.getByRole('slider', { name: 'Step' }), 'ArrowRight', 6);
  await isDone(page, 2);

  await press(page.getByRole('radio', { name: 'Step by step' }), 'ArrowRight');
  await press(page.getByRole('button', { name: 'Heapsort' }), 'Enter');
  await expect(page.getByText('Not quite. For 45 calls: Exact top k, k = 3 .912')).toBeVisible();
  const budget = page.getByRole('slider', { name: 'Budget' });
  await press(budget, 'PageUp');
  await expect(task(page, 3)).toContainText('With 55 calls it is done, and would be with fewer');
  await notDone(page, 3);
  await press(budget, 'ArrowLeft', 7);
  await isDone(page, 3);

  // Other decisions: the tasks say that they are not about these.
  const source = page.getByRole('combobox', { name: 'Decisions of' });
  await source.selectOption('bicycles');
  await expect(figure(page).getByText('why does a moving bike stay upright')).toBeVisible();
  await press(page.getByRole('button', { name: 'Start again' }), 'Enter');
  await notDone(page, 3);
});

test('the square and the budget are dragged; a call is measured in this browser', async ({ page }) => {
  await open(page, '/cost?shown=1', TITLE);
  const drag = async (name: string, x: number, y: number): Promise<void> => {
    const box = (await page.getByRole('slider', { name, exact: true }).boundingBox())!;
    const [left, top] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(left, top);
    await page.mouse.down();
    await page.mouse.move(left + x, top + y, { steps: 3 });
    await page.mouse.up();
  };
  const value = async (name: string) =>
    Number(await page.getByRole('slider', { name, exact: true }).getAttribute('aria-valuenow'));
  await drag('Passages', 60, 60);
  expect(await value('Passages')).toBeGreaterThan(18);
  await page.getByRole('button', { name: 'Measure on this machine' }).click();
  await expect(figure(page).getByText(/^A call takes .* here: the mean of 16 calls/)).toBeVisible({
    timeout: 60_000,
  });
  await page.getByRole('radio', { name: 'A budget' }).click();
  await drag('Budget', -100, 0);
  expect(await value('Budget')).toBeLessThan(40);
  await expect(figure(page).getByRole('table', { name: /^What \d+ calls buy$/ })).toBeVisible();
});
