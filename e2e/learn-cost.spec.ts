/** Lesson 5: every task by keyboard, after it failed; decisions chosen; the square dragged; a call measured; in a room, on paper. */
import { figure, isDone, notDone, open, press, task } from './learn.ts';
import { onePage } from './one-page.ts';
import { expect, test } from './test.ts';

const TITLE = 'What n(n − 1) costs';

onePage('lesson 5 by keyboard: each task fails, then is done', async ({ page }) => {
  await open(page, '/cost', TITLE);
  const square = page.getByRole('slider', { name: 'Passages' });
  await expect(square).toHaveCount(0);
  await press(page.getByRole('button', { name: '380' }), 'Enter');
  await expect(page.getByText('Yes. 20 × 19 = 380')).toBeVisible();
  await press(square, 'PageUp', 2);
  await press(square, 'ArrowDown', 3);
  await expect(task(page, 1)).toContainText('702 calls for 27 passages: there is more to spend');
  await press(square, 'PageUp');
  await expect(task(page, 1)).toContainText('1,332 calls for 37 passages: too many');
  await notDone(page, 1);
  await press(square, 'ArrowLeft', 5);
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
  await expect(figure(page).getByText('Heapsort asks 46 of 90 calls.').first()).toBeVisible();
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
  await expect(figure(page).getByText('why does a moving bike stay upright').first()).toBeVisible();
  await press(page.getByRole('button', { name: 'Start again' }), 'Enter');
  await notDone(page, 3);
});

onePage('the square and the budget are dragged; a call is measured in this browser', async ({ page }) => {
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
  await expect(figure(page).getByRole('region', { name: /^What \d+ calls buy$/ })).toBeVisible();
});

onePage(
  'for lecturers: large in a room, links with one’s own passages, exercises with answers when asked',
  async ({ page }) => {
    await open(page, '/teaching', 'For lecturers');
    await press(page.getByRole('link', { name: 'Present lesson 1' }), 'Enter');
    await expect(figure(page)).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeHidden();
    await press(page.getByRole('radio', { name: 'Figure and tasks' }), 'ArrowLeft');
    await expect(figure(page)).toBeHidden();
    await page.keyboard.press('Escape');
    await expect(figure(page)).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();

    await open(page, '/teaching', 'For lecturers');
    await page.getByRole('textbox', { name: 'Query' }).fill('tea?');
    await expect(page.getByText('There are 0 passages; a lesson takes 2 to 8.')).toBeVisible();
    await page.getByRole('textbox', { name: 'Passages' }).fill('tea and milk\ncoffee');
    await press(page.getByRole('link', { name: 'Open the lesson with these' }), 'Enter');
    await expect(figure(page).getByRole('textbox', { name: 'Query' })).toHaveValue('tea?');
    // On the way back nothing typed is lost.
    await page.goBack();
    await expect(page.getByRole('textbox', { name: 'Passages' })).toHaveValue('tea and milk\ncoffee');

    await open(page, '/exercises', 'Exercises');
    const answer = page.getByText('A won 5 of 12: .417');
    await expect(answer).toHaveCount(0);
    await press(page.getByRole('button', { name: 'Show answer 5' }), 'Enter');
    await expect(answer).toBeVisible();
    await page.getByRole('combobox', { name: 'Figures from' }).selectOption('kitchen');
    await expect(page.getByText('why does bread dough rise')).toBeVisible();
    await expect(page.getByText(/A won \d+ of 12/)).toHaveCount(0);
    await press(page.getByRole('button', { name: 'Show all answers' }), 'Enter');
    await expect(page.getByText(/A won \d+ of 12/)).toBeVisible();
    // On paper there is nothing to press.
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
    await expect(page.getByText(/A won \d+ of 12/)).toBeVisible();
  },
);

test('each lesson prints as one page', async ({ page }) => {
  await open(page, '', 'Learn');
  const places = await page
    .getByRole('main')
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).hash.replace('#/learn', '')));
  expect(places).toHaveLength(7);
  for (const place of places) {
    await page.goto(`./#/learn${place}?shown=1`);
    await expect(figure(page)).toBeVisible();
    const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g);
    expect(pages, place).toHaveLength(1);
  }
});
