/** Learn in the looks it has: every place through axe, none wider than the screen, lessons no higher than a low one. */
import type { Page } from '@playwright/test';
import { figure, open } from './learn.ts';
import { expectToFit, LOOKS, violations } from './looks.ts';
import { expect, test } from './test.ts';

/** axe reads the whole page twenty-one times in a test. */
test.setTimeout(240_000);

const COST = 'What n(n − 1) costs';
const PLACES = [
  ['', 'Learn'],
  ['/asking', 'Asking a language model'],
  ['/asking?part=wordings&shown=1', 'Asking a language model'],
  ['/asking?part=likelihood&shown=1', 'Asking a language model'],
  ['/comparing?a=p3&b=p4&shown=1', 'Comparing two'],
  ['/bm25?shown=1', 'BM25, term by term'],
  ['/bm25', 'BM25, term by term'],
  ['/tournament', 'From games to a ranking'],
  ['/tournament?shown=1', 'From games to a ranking'],
  ['/cost?shown=1', COST],
  ['/cost?shown=1&part=steps&at=6&which=heapsort', COST],
  ['/cost?shown=1&part=budget', COST],
  ['/cost?present=figure', COST],
  ['/distillation', 'Instruction distillation'],
  ['/distillation?part=price&shown=1', 'Instruction distillation'],
  ['/judging', 'Judging rankings'],
  ['/judging?shown=1', 'Judging rankings'],
  ['/judging?part=systems&shown=1', 'Judging rankings'],
  ['/system', 'How the pieces make a search system'],
  ['/teaching', 'For lecturers'],
  ['/exercises', 'Exercises'],
] as const;

/** Lessons as they open. */
const FIT = ['/asking', '/bm25', '/bm25?shown=1', '/tournament', '/distillation', '/judging'];

/** Pixels by which a lesson is higher than the usual projector. */
async function higher(page: Page): Promise<number> {
  const { width, height } = page.viewportSize()!;
  await page.setViewportSize({ width: 1280, height: 720 });
  const over = await page
    .getByRole('main')
    .evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
  await page.setViewportSize({ width, height });
  return over;
}

for (const { colorScheme, viewport } of LOOKS) {
  test.describe(`${colorScheme}, ${viewport.width} px`, () => {
    test.use({ viewport, colorScheme, contextOptions: { reducedMotion: 'reduce' } });
    test('axe finds nothing in Learn, and nothing is wider than the screen', async ({ page }) => {
      for (const [place, title] of PLACES) {
        await open(page, place, title);
        expect(await violations(page), place).toEqual([]);
        await expectToFit(page, place);
        if (viewport.width > 960 && FIT.includes(place)) expect(await higher(page), place).toBe(0);
      }
      if (viewport.width < 960) return;
      await open(page, '/comparing', 'Comparing two');
      await expect(figure(page)).toContainText('P(A), P(B)');
      expect(await higher(page), 'lesson 3').toBe(0);
    });
  });
}
