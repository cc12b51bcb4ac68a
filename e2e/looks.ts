/** What every screen is held to: axe finds nothing in it, and nothing is wider than the window. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Each theme and each width once: a walk through many screens takes as long as twenty other tests. */
export const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

/**
 * axe's violations, each with the element it names.
 * @param parts selectors of what is looked at; without any it is the whole page
 */
export async function violations(page: Page, ...parts: string[]): Promise<string[]> {
  // A theme that has just been switched is painted, and its transitions have ended.
  await page.evaluate(async () => {
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.all(transitions.map((one) => one.finished.catch(() => {})));
  });
  const axe = new AxeBuilder({ page });
  for (const part of parts) axe.include(part);
  const { violations: found } = await axe.analyze();
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}

/** Pixels by which the page is wider than its window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => (document.scrollingElement?.scrollWidth ?? 0) - document.documentElement.clientWidth);

export async function expectToFit(page: Page, where = ''): Promise<void> {
  expect(await sideways(page), `${where} is wider than the window`).toBeLessThanOrEqual(0);
}
