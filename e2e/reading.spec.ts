/** A column waits for whoever reads it, and never longer: pointer, keyboard, and a pointer left lying. */
import type { Page } from '@playwright/test';
import type { App } from './app.ts';
import { QUERY, teaPassages } from './corpus.ts';
import { onePage as test } from './one-page.ts';
import { expect } from './test.ts';

/** 2,450 comparisons of passages of three sentences: long enough to read in. */
const N = 50;
const passages = teaPassages(N);
const corpus = passages
  .map((passage, i) => [passage, passages[(i + 7) % N], passages[(i + 17) % N]].join(' '))
  .join('\n');

/** Each test has a question of its own, of which nothing has been answered yet. */
const vessels = ['pot', 'cup', 'glass'];
let query = '';

test.beforeEach(async ({ app }) => {
  await app.preset({ k: N });
  await app.open();
  await app.modelsReady();
  query = `${QUERY} in a ${vessels.shift()}`;
  await app.give(corpus, query);
});

const focusedId = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.passageId);

const waiting = (app: App) => app.region('Teacher').getByRole('button', { name: 'New order ready' });

/**
 * Brings the pointer to the column and keeps it moving on one row until it is told to stop; says when a newer order waits. It
 * moves by the page's own clock: moves from here come too late on a busy machine, and the page rightly takes the
 * pointer for one that was left lying.
 */
async function read(app: App, page: Page): Promise<{ stop(): Promise<void> }> {
  const column = (await app.region('Teacher').boundingBox())!;
  await page.mouse.move(column.x + column.width / 2, column.y + column.height / 2);
  const timer = await app.region('Teacher').evaluate((region) => {
    let step = 0;
    return Number(
      setInterval(() => {
        // Looked up each time: rows move.
        const row = region.querySelectorAll('[data-passage-id]')[3]!;
        const { x, y } = row.getBoundingClientRect();
        const at = { clientX: x + 100 + (step++ % 4), clientY: y + 20 };
        row.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, pointerType: 'mouse', ...at }));
      }, 50),
    );
  });
  await expect(waiting(app)).toHaveCount(1);
  return { stop: () => page.evaluate((id) => clearInterval(id), timer) };
}

test('an order waits while the pointer moves over it; “New order ready” shows the newest', async ({
  app,
  page,
}) => {
  await app.start();
  await app.answered('Teacher', 1);
  const reader = await read(app, page);
  const held = await app.ids('Teacher');
  const scores = await app.items('Teacher').allTextContents();
  await page.waitForTimeout(500);
  expect(await app.ids('Teacher')).toEqual(held);
  expect(await app.items('Teacher').allTextContents()).toEqual(scores);
  // On its way to the button the pointer is still reading.
  await waiting(app).click();
  await reader.stop();
  expect(await app.ids('Teacher')).not.toEqual(held);
  await app.button('Cancel').click();
  await app.expectState('Teacher', 'cancelled');
  await expect(waiting(app)).toHaveCount(0);
  expect(await app.ids('Teacher')).toEqual((await app.decisions()).methods.teacher.order);
});

test('a pointer left lying on a column holds nothing, from before the run to its end', async ({
  app,
  page,
}) => {
  await app.spin('Candidates').fill('16');
  await app.rank();
  const before = await app.ids('Teacher');
  // Where the confirmation’s button or Rank’s shortcut may leave it.
  await app.items('Teacher').nth(3).hover();
  await app.write('Query', `${query}, please, with cold water`);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(app.region('Teacher')).toHaveAttribute('data-state', 'running');
  await app.expectState('Teacher', 'done');
  await expect(waiting(app)).toHaveCount(0);
  const { order } = (await app.decisions()).methods.teacher;
  expect(await app.ids('Teacher')).toEqual(order);
  expect(await app.ids('Teacher')).not.toEqual(before);
  expect((await app.items('Teacher').allTextContents()).join()).not.toContain('…');
});

test('a pointer that stops in mid-run lets go, and a focused row does at the end', async ({ app, page }) => {
  await app.start();
  await app.answered('Teacher', 1);
  const reader = await read(app, page);
  await reader.stop();
  const held = await app.ids('Teacher');
  await expect.poll(() => app.ids('Teacher')).not.toEqual(held);
  await expect(app.region('Teacher')).toHaveAttribute('data-state', 'running');

  await page.keyboard.press('Tab');
  await app.items('Teacher').nth(2).focus();
  await expect(waiting(app)).toHaveCount(1);
  const focused = await app.ids('Teacher');
  const row = app.region('Teacher').locator(`[data-passage-id="${await focusedId(page)}"]`);
  await page.waitForTimeout(2_000);
  expect(await app.ids('Teacher')).toEqual(focused);
  // By keyboard the newest is shown too, and focus is not lost.
  await waiting(app).focus();
  await page.keyboard.press('Enter');
  expect(await app.ids('Teacher')).not.toEqual(focused);
  await expect(app.region('Teacher')).toHaveAttribute('data-state', 'running');
  await expect(row).toBeFocused();
  await app.button('Cancel').click();
  await app.expectState('Teacher', 'cancelled');
  expect(await app.ids('Teacher')).toEqual((await app.decisions()).methods.teacher.order);
});
