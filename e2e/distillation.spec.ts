/** Lesson 6 by keyboard: a student is trained in the page, fails where the rate is too large, and is put to work. */
import type { Locator, Page } from '@playwright/test';
import { expectToFit, violations } from './looks.ts';
import { expect, test } from './test.ts';

/** On busy cores the teacher's calls, and the first step's graphs, take their time. */
test.setTimeout(300_000);
// No colour is on its way to another when axe looks.
test.use({ contextOptions: { reducedMotion: 'reduce' } });
const SLOW = { timeout: 120_000 };

const figure = (page: Page) => page.getByRole('region', { name: 'Figure' });
const training = (page: Page) => page.getByRole('region', { name: 'Training', exact: true });
const task = (page: Page, n: number) =>
  page
    .getByRole('list', { name: 'Tasks' })
    .locator(':scope > li')
    .nth(n - 1);
const isDone = (page: Page, n: number) => expect(task(page, n)).toHaveAttribute('data-done', 'true', SLOW);
const notDone = (page: Page, n: number) => expect(task(page, n)).toHaveAttribute('data-done', 'false');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function press(target: Locator, key: string, times = 1): Promise<void> {
  await target.focus();
  for (let i = 0; i < times; i++) await target.press(key);
}

async function stepsReach(page: Page, step: number): Promise<void> {
  const done = async () => Number(await training(page).getAttribute('data-step'));
  await expect.poll(done, SLOW).toBeGreaterThanOrEqual(step);
}

test('lesson 6 by keyboard: each task fails, then is done; the student ranks in the Playground', async ({
  page,
}) => {
  // Four passages a question: 192 calls of the teacher.
  await page.goto('./#/learn/distillation?most=4');
  await expect(page.getByRole('heading', { name: 'Instruction distillation', level: 2 })).toBeVisible();

  // The loss under scores that are moved.
  await press(button(page, 'A'), 'Enter');
  await expect(figure(page).getByText('Not quite. D, down')).toBeVisible();
  await press(page.getByRole('slider', { name: 'Score of A' }), 'PageUp', 3);
  await notDone(page, 1);
  await press(page.getByRole('slider', { name: 'Score of D' }), 'PageDown', 3);
  await expect(task(page, 1)).toContainText('But A and D have moved');
  await press(page.getByRole('slider', { name: 'Score of A' }), 'PageDown', 3);
  await isDone(page, 1);

  // A step, and one decision followed through it.
  await expect(training(page)).toHaveAttribute('data-step', '0', SLOW);
  await press(page.getByRole('slider', { name: 'Learning rate' }), 'ArrowRight');
  await press(button(page, 'Step'), 'Enter');
  await stepsReach(page, 1);
  expect(Number(await training(page).getAttribute('data-loss'))).toBeGreaterThan(0.3);
  await expect(task(page, 2)).toContainText('First say what you expect');
  await press(button(page, 'Better than before'), 'Enter');
  await notDone(page, 2);
  await expect(task(page, 2)).toContainText('At step 1 the student has');
  await press(page.getByRole('radio', { name: 'Pairs and loss' }), 'ArrowRight');
  await expect(figure(page).getByText('is asked in both orders')).toBeVisible();
  await expect(figure(page).getByText('After step 1')).toBeVisible();

  // Until it is better than its teacher, on questions that it never saw.
  await expect(button(page, 'Pause')).toBeDisabled();
  await press(button(page, 'Train'), 'Enter');
  await isDone(page, 2);
  await press(button(page, 'Pause'), 'Enter');
  await expect(training(page)).toHaveAttribute('data-state', 'paused', SLOW);
  const trained = await training(page).getAttribute('data-step');
  await press(page.getByRole('radio', { name: 'One decision' }), 'ArrowRight');
  await expect(figure(page).getByText('has paid for its labels and its training')).toBeVisible();
  expect(await violations(page), 'light, wide').toEqual([]);

  // Put to work, and taken home.
  const saved = page.waitForEvent('download');
  await press(button(page, 'Download checkpoint'), 'Enter');
  expect((await saved).suggestedFilename()).toBe(`lesson-student-${trained}.zip`);
  await press(button(page, 'Use as Student'), 'Enter');
  await expect(page.getByText(`Lesson student, ${trained} steps is the Student`)).toBeVisible(SLOW);

  // Steps that are too long.
  await notDone(page, 3);
  await press(button(page, 'Untaught student'), 'Enter');
  await expect(training(page)).toHaveAttribute('data-step', '0');
  await press(page.getByRole('slider', { name: 'Learning rate' }), 'ArrowRight', 4);
  await press(button(page, 'Train'), 'Enter');
  await isDone(page, 3);
  await expect(training(page).getByText('Training fails')).toBeVisible();
  await press(button(page, 'Pause'), 'Enter');
  await expect(training(page)).toHaveAttribute('data-state', 'paused', SLOW);

  // From the start, and back.
  await press(button(page, 'Start again'), 'Enter');
  await notDone(page, 1);
  await expect(training(page)).toHaveAttribute('data-step', '0');
  await press(button(page, 'Undo'), 'Enter');
  await isDone(page, 3);
  await stepsReach(page, 3);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await violations(page), 'dark, narrow').toEqual([]);
  await expectToFit(page, 'Lesson 6');

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('./#/');
  await expect(page.getByRole('combobox', { name: 'Student model' })).toContainText('Lesson student');
});
