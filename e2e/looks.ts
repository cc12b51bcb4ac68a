/** What every screen is held to: axe finds nothing in it, and nothing is wider than the window. */
import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

/** Each theme and each width once: a walk through many screens takes as long as twenty other tests. */
export const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

/**
 * axe's violations, each with the element it names. The page has no frames of other origins, for which axe's own
 * driver opens a second page at each look.
 * @param parts selectors of what is looked at; without any it is the whole page
 */
export async function violations(page: Page, ...parts: string[]): Promise<string[]> {
  // A theme that has just been switched is painted, and its transitions have ended.
  const there = await page.evaluate(async () => {
    for (;;) {
      for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
      const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
      if (transitions.length === 0) return 'axe' in window;
      // The end of one may begin others: what inherits a colour follows it.
      await Promise.all(transitions.map((one) => one.finished.catch(() => {})));
    }
  });
  if (!there) await page.evaluate(axe.source);
  return page.evaluate(async (include) => {
    const run = (window as unknown as { axe: typeof axe }).axe.run;
    // What passes is looked at as well, and not told of: its selectors would take as long as the rules.
    const { violations: found } = await run(include.length > 0 ? { include } : document, {
      resultTypes: ['violations'],
      // Style sheets are copied for a rule that is off; no other reads the copies.
      preload: { assets: ['media'] },
    });
    return found.flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id} (${help}) ${target.join(' ')} ${failureSummary ?? ''}`,
      ),
    );
  }, parts);
}

/** Pixels by which the page is wider than its window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => (document.scrollingElement?.scrollWidth ?? 0) - document.documentElement.clientWidth);

export async function expectToFit(page: Page, where = ''): Promise<void> {
  expect(await sideways(page), `${where} is wider than the window`).toBeLessThanOrEqual(0);
}
