/** The lines between the columns: of every passage in short lists, of the one looked at in long ones. */
import { QUERY, teaCorpus } from './corpus.ts';
import { expect, test } from './test.ts';

test('lines are measured where they are drawn, and nowhere else', async ({ app, page }) => {
  // Nothing else of the page asks rows for it.
  await page.addInitScript(() => {
    const own = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'offsetParent');
    const state = Object.assign(window, { measured: 0 });
    Object.defineProperty(HTMLElement.prototype, 'offsetParent', {
      get() {
        if ((this as HTMLElement).dataset.passageId) state.measured++;
        return own?.get?.call(this);
      },
    });
  });
  const measured = () => page.evaluate(() => (window as unknown as { measured: number }).measured);
  const lines = page.locator('.links path');

  await app.preset({ k: 14 });
  await app.open();
  await app.give(teaCorpus(14), QUERY);
  await page.mouse.move(2, 2);
  await app.start();
  await app.expectState('BM25', 'done');
  await app.answered('Teacher', 20);
  await app.button('Cancel').click();
  await expect(lines).toHaveCount(0);
  expect(await measured()).toBe(0);

  await app.items('BM25').first().hover();
  await expect(lines).toHaveCount(2);
  expect(await measured()).toBeGreaterThan(0);
  await page.mouse.move(2, 2);
  await expect(lines).toHaveCount(0);
  await app.items('Student').nth(1).focus();
  await expect(lines).toHaveCount(2);

  await app.spin('Candidates').fill('12');
  await app.start();
  await app.expectState('BM25', 'done');
  await expect(lines).toHaveCount(24);
});
