/** The Inspector: the matrix read and moved through by key, facts that point at cells, a decision opened and closed. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { QUERY, teaCorpus } from './corpus.ts';
import { expectToFit, violations } from './looks.ts';
import { onePage } from './one-page.ts';
import { expect, test } from './test.ts';

/** axe reads a page of three hundred cells three times. */
test.setTimeout(180_000);

const N = 5;
const grid = (page: Page) => page.getByRole('grid', { name: 'Decisions', exact: true });
const inspector = (page: Page) => page.getByRole('region', { name: 'Inspector', exact: true });
const cell = (page: Page, a: string, b: string) => grid(page).locator(`[data-a="${a}"][data-b="${b}"]`);
/** Passage ids of the rows, from the top. */
const rowIds = (page: Page) => grid(page).getByRole('rowheader').allInnerTexts();

onePage(
  'the matrix by role and by key, in three orders; facts point; a decision opens and gives the focus back',
  async ({ app, page }) => {
    await app.preset({ k: N });
    await app.open();
    await expect(app.button('Inspect decisions')).toHaveCount(0);
    await app.give(teaCorpus(N), QUERY);
    await app.rank();
    await app.button('Inspect decisions').click();

    // Every ordered pair has its answer, the same as the export's.
    await expect(grid(page).locator('[data-preference]')).toHaveCount(N * (N - 1));
    const { decisions } = (await app.decisions()).methods.teacher;
    expect(decisions).toHaveLength(N * (N - 1));
    for (const { a, b, preference } of decisions) {
      const own = cell(page, a, b);
      await expect(own).toHaveAttribute('data-preference', String(preference));
      await expect(own).toHaveAccessibleName(
        new RegExp(`^${a} as A, ${b} as B: (equal|${preference === 1 ? a : b} preferred), P\\(A\\)`),
      );
    }

    // Three orders.
    for (const [order, column] of [
      ['Student', 'Student'],
      ['BM25', 'BM25'],
      ['Teacher', 'Teacher'],
    ] as const) {
      await inspector(page).getByRole('radio', { name: order, exact: true }).click();
      expect(await rowIds(page)).toEqual(await app.ids(column));
    }

    // One Tab stop; arrows move, also over the diagonal; Enter opens; Escape gives the focus back.
    const ids = await rowIds(page);
    const [first, second, third] = ids as [string, string, string];
    await expect(grid(page).locator('[tabindex="0"]')).toHaveCount(1);
    await cell(page, first, second).focus();
    await page.keyboard.press('ArrowRight');
    await expect(cell(page, first, third)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect(cell(page, second, first)).toBeFocused();
    await page.keyboard.press('ControlOrMeta+End');
    await expect(grid(page).locator(':focus')).toHaveAccessibleName(/is not compared with itself/);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('Home');
    const opened = cell(page, ids.at(-1)!, first);
    await expect(opened).toBeFocused();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Decision', exact: true });
    await expect(dialog).toContainText(`${ids.at(-1)} as A, ${first} as B`);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(opened).toBeFocused();
    await opened.click();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(opened).toBeFocused();

    // A fact points at its cells, which keys go through.
    const about = page.getByRole('region', { name: 'About the judge', exact: true });
    const fact = about.locator('.fact-button').first();
    await fact.click();
    await expect(fact).toHaveAttribute('aria-pressed', 'true');
    const outlined = grid(page).locator('[data-pointed="true"]');
    const count = await outlined.count();
    expect(count).toBeGreaterThan(0);
    await expect(inspector(page)).toContainText(`${count} cells outlined`);
    await page.getByRole('button', { name: 'Next cell' }).click();
    await expect(outlined.first()).toBeFocused();
    await page.keyboard.press('p');
    await expect(outlined.last()).toBeFocused();
    await page.keyboard.press('n');
    await expect(outlined.first()).toBeFocused();
    await app.button('Show all cells').click();
    await expect(outlined).toHaveCount(0);
    await about.getByRole('button', { name: /^\? Position consistency/ }).click();
    await expect(page.locator('.popover[role=dialog]')).toContainText('pairs asked both ways');
    await page.keyboard.press('Escape');

    // The drawer's height is theirs to choose, within bounds, and is kept.
    const edge = page.getByRole('separator', { name: 'Height of the Inspector' });
    const height = async () => (await inspector(page).boundingBox())!.height;
    await edge.focus();
    await page.keyboard.press('Home');
    const least = await height();
    await page.keyboard.press('ArrowUp');
    await expect.poll(height).toBeGreaterThan(least + 20);
    const { x, y, width } = (await edge.boundingBox())!;
    await page.mouse.move(x + width / 2, y + 12);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, 20, { steps: 4 });
    await page.mouse.up();
    await expect(edge).toHaveAttribute('aria-valuenow', '50');
    expect((await app.items('Teacher').first().boundingBox())!.y).toBeLessThan((await edge.boundingBox())!.y);
    await page.reload();
    await app.button('Inspect decisions').click();
    await expect(edge).toHaveAttribute('aria-valuenow', '50');
  },
);

onePage('the run in pictures: in words, as tables, as files that stand alone', async ({ app, page }) => {
  await app.preset({ k: N });
  await app.open();
  await app.give(teaCorpus(N), QUERY);
  await app.rank();
  await app.items('Teacher').first().focus();
  await page.keyboard.press('3');
  const teacher = new Map((await app.ids('Teacher')).map((id, i) => [id, i + 1]));
  await app.openInspector();
  await app.button('Pictures').click();
  await expect(page.getByRole('heading', { name: 'Pictures', exact: true })).toBeFocused();
  const picture = (title: string) => page.getByRole('figure', { name: new RegExp(`^${title}`) });
  await expect(picture('Calls on one clock')).toContainText(
    /The student answered 5 calls in [\d.]+ s; the teacher answered 20 calls/,
  );
  await expect(picture('nDCG so far against seconds')).toContainText(
    /The teacher (never overtakes|is ahead)/,
  );
  await picture('Who stands where').getByText('As a table').click();
  for (const row of await picture('Who stands where').locator('tbody tr').all()) {
    const [id, , , place] = await row.locator('th, td').allInnerTexts();
    expect(Number(place)).toBe(teacher.get(id!));
  }
  for (const kind of ['SVG', 'PNG'] as const) {
    await expect(picture('Who stands where').locator('svg')).toHaveCount(1);
    await picture('Who stands where').getByRole('button', { name: 'Save picture' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: `As ${kind}` }).click();
    const bytes = await readFile(await (await downloading).path());
    if (kind === 'PNG') expect([...bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    else {
      const svg = bytes.toString();
      expect(svg).toMatch(/^<svg/);
      expect(svg).toContain('p01');
      // Colours of the page's style sheets would be black elsewhere.
      expect(svg).not.toContain('var(');
    }
  }
});

test.describe('in both looks', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });
  test('axe finds nothing, and on a phone only the matrix scrolls sideways', async ({ app, page }) => {
    await app.preset({ k: 17 });
    await app.open();
    await app.give(teaCorpus(17), QUERY);
    await app.rank();
    await app.button('Inspect decisions').click();
    const about = page.getByRole('region', { name: 'About the judge', exact: true });
    await about.getByRole('button', { name: /^Position consistency/ }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Open as a page' }).click();
    await expect(page.getByRole('heading', { name: 'Inspect', exact: true })).toBeVisible();
    await expect(about).toContainText('Condorcet');
    await expect(page.locator('.pictures .picture svg')).toHaveCount(2);
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const where of ['./#/', './#/inspect']) {
      await page.goto(where);
      for (const width of [320, 390]) {
        await page.setViewportSize({ width, height: 844 });
        await expect(grid(page)).toBeVisible();
        await expectToFit(page, `${where} at ${width} px`);
        expect(await grid(page).evaluate((e) => e.scrollWidth > e.clientWidth)).toBe(true);
      }
      expect(await violations(page), where).toEqual([]);
    }
  });
});
