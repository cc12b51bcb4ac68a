/** What low vision and unsteady hands need: zoom without sideways scrolling, and targets to hit. */
import type { Page } from '@playwright/test';
import { METHODS } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { expectToFit } from './looks.ts';
import { onePage } from './one-page.ts';
import { expect } from './test.ts';

/** Things to press that are under 24 px, WCAG 2.2's least; a check box counts with its label. */
const smallTargets = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('a, button, summary, select, input:not([type=file]), textarea')].flatMap(
      (control) => {
        const { width, height } = (control.closest('label') ?? control).getBoundingClientRect();
        if (width === 0 || (width >= 24 && height >= 24)) return [];
        return [`${control.getAttribute('aria-label') ?? control.textContent}: ${width} × ${height}`];
      },
    ),
  );

onePage(
  'at 200 % zoom nothing scrolls sideways, and everything to press is 24 px or more',
  async ({ app, page }) => {
    await app.preset({ k: 4 });
    await app.open();
    await app.give(teaCorpus(6), QUERY);
    await app.rank();
    await page.getByText('BM25 parameters').click();
    // Grades bring the head's longest line.
    await app.items('BM25').first().focus();
    await page.keyboard.press('3');
    await expect(app.region('BM25')).toContainText('1/4 judged');
    // As do answers from the cache that of the strip.
    await app.rank();
    await expect(page.locator('.strip')).toContainText('12 calls, 12 cached');
    // 1440 and 1280 px at 200 %, WCAG's 320 px, and the widths where the layout changes.
    for (const width of [1440, 1180, 960, 720, 700, 640, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await expectToFit(page, `At ${width} px it`);
      expect(await smallTargets(page), `at ${width} px`).toEqual([]);
      // The longer time has the longer bar, whatever is written beside them.
      const bars = await page.locator('.strip-side').evaluateAll((sides) =>
        sides.map((side) => {
          const [time, unit] = /([\d.]+)\s(ms|s)/.exec(side.textContent ?? '')!.slice(1);
          const bar = side.querySelector('.strip-bar')!;
          for (const animation of bar.getAnimations()) animation.finish();
          return { ms: Number(time) * (unit === 's' ? 1000 : 1), width: bar.getBoundingClientRect().width };
        }),
      );
      const [short, long] = bars.sort((a, b) => a.ms - b.ms) as [(typeof bars)[0], (typeof bars)[0]];
      expect(long.width, `at ${width} px`).toBeGreaterThan(
        short.width * (long.ms > 2 * short.ms ? 1.5 : 0.99),
      );
    }
    // No column's rows lie lower than the others'.
    await page.setViewportSize({ width: 1280, height: 720 });
    const tops = await Promise.all(
      METHODS.map((name) =>
        app
          .items(name)
          .first()
          .evaluate((row) => row.getBoundingClientRect().top),
      ),
    );
    expect(Math.max(...tops) - Math.min(...tops)).toBeLessThanOrEqual(3);
  },
);

onePage('the words of the trade explain themselves, by key as well', async ({ app, page }) => {
  await app.preset({ k: 3 });
  await app.open();
  await app.give(teaCorpus(4), QUERY);
  await app.rank();
  for (const [column, word] of [
    ['BM25', 'BM25'],
    ['Student', 'logit'],
    ['Student', 'int8'],
    ['Teacher', 'PRP all pairs'],
    ['Teacher', 'wins'],
  ] as const) {
    await app
      .region(column)
      .getByRole('button', { name: `${word}: what it means` })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    const box = page.locator('.popover[role=dialog]');
    await expect(box).toHaveCount(1);
    expect((await box.innerText()).split(/\s+/).length).toBeGreaterThan(8);
    await page.keyboard.press('Escape');
    await expect(box).toHaveCount(0);
  }
});
