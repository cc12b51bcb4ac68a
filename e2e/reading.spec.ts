/** A column waits for whoever reads it, and never longer: pointer, keyboard, and a pointer left lying. */
import type { Page } from '@playwright/test';
import type { App } from './app.ts';
import { QUERY, teaPassages } from './corpus.ts';
import { expect, test } from './test.ts';

/** 2,450 comparisons of passages of three sentences: long enough to read in. */
const N = 50;
const passages = teaPassages(N);
const corpus = passages
  .map((passage, i) => [passage, passages[(i + 7) % N], passages[(i + 17) % N]].join(' '))
  .join('\n');

test.beforeEach(async ({ app }) => {
  await app.preset({ k: N });
  await app.open();
  await app.modelsReady();
  await app.give(corpus, QUERY);
});

const focusedId = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.passageId);

const waiting = (app: App) => app.region('Teacher').getByRole('button', { name: 'New order ready' });

/** Moves the pointer about on one row, on a busy machine too, until it is told to stop: it says when a newer order waits. */
async function read(app: App, page: Page): Promise<{ stop(): Promise<void> }> {
  let on = true;
  const moving = (async () => {
    for (let step = 0; on; step++) {
      // Looked up each time: a row that is still on its way to its new place may be far below the window.
      const box = await app.items('Teacher').nth(3).boundingBox();
      if (box) await page.mouse.move(box.x + 100 + (step % 4), box.y + 20);
    }
  })();
  const stop = async () => {
    on = false;
    await moving;
  };
  await expect(waiting(app))
    .toHaveCount(1)
    .catch(async (error: unknown) => {
      await stop();
      throw error;
    });
  return { stop };
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
  await reader.stop();
  // On its way to the button the pointer is still reading.
  await waiting(app).click();
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
  await app.write('Query', `${QUERY}, please, with cold water`);
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
  await expect.poll(() => app.ids('Teacher'), { timeout: 5_000 }).not.toEqual(held);
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
