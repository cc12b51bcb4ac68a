/** Models: all that a card states can be read, by eye, by key and by screen reader; what it lacks is said. */
import type { Locator, Page } from '@playwright/test';
import { RELEVANCE, STUDENT } from '../src/ranking/presets.ts';
import { bare, evidence } from './fixtures/evidence.ts';
import { expectToFit, LOOKS, violations } from './looks.ts';
import { expect, test } from './test.ts';

/** axe reads a page with every table open; on busy cores a model alone takes a minute to load. */
test.setTimeout(240_000);

/** Opens Models with parts of the student's card replaced. */
async function openModels(page: Page, over: object): Promise<Locator> {
  const index = await page.request.get('models/index.json');
  const { models } = (await index.json()) as { models: { role: string; path: string }[] };
  const folder = models.find(({ role }) => role === 'student')?.path;
  await page.route(`**/models/${folder}ranker.json`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ json: { ...((await response.json()) as object), ...over } });
  });
  await page.goto('./#/models');
  const card = page.getByRole('region', { name: 'Student', exact: true });
  await expect(card.getByRole('heading', { name: 'Scorer files' })).toBeVisible({ timeout: 150_000 });
  return card;
}

/** Rows of a table as texts of their cells. */
function cells(card: Locator, table: string): Promise<string[][]> {
  return card
    .getByRole('region', { name: table })
    .getByRole('row')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.children].map((cell) => (cell as HTMLElement).innerText.replace(/\s+/g, ' ').trim()),
      ),
    );
}

test('a whole card: curves, results with intervals in words, provenance, sizes', async ({ app: _, page }) => {
  const card = await openModels(page, evidence);

  await test.step('results, a table a set', async () => {
    expect(await cells(card, 'Results of Test student on boolq')).toEqual([
      ['Method', 'nDCG@10', 'Difference in nDCG@10', 'τ to the teacher', 'Calls per query', 'Time per query'],
      ['BM25', '.568', '', '.310', '0', ''],
      ['teacher, PRP all pairs', '.611', '+.043 (+.012 to +.071) higher than BM25', '', '90', '234 ms'],
      ['student', '.607', '+.039 (+.008 to +.068) higher than BM25', '.812', '10', '15 ms'],
    ]);
    const medquad = await cells(card, 'Results of Test student on medquad');
    expect(medquad[2]?.[2]).toBe('−.014 (−.031 to +.002) not measurably different from BM25');
    expect(await cells(card, 'Differences of Test student on all sets')).toEqual([
      ['Method', 'In', 'Difference'],
      ['student', 'nDCG@10', '+.012 (−.004 to +.029) not measurably different from BM25'],
      ['student', 'nDCG@10', '−.020 (−.030 to −.010) lower than teacher'],
      ['student', 'τ to the teacher', '+.410 (+.380 to +.450) higher than base, same prompt'],
    ]);
    const more = card.getByRole('region', { name: 'Differences of Test student on boolq' });
    await expect(more).toBeHidden();
    await card.getByText('1 more difference').click();
    await expect(more).toContainText('−.004');
  });

  await test.step('a point of a curve by key and by pointer', async () => {
    const chart = card.getByRole('figure', { name: 'nDCG@10 on validation queries' });
    await expect(chart.getByRole('img')).toHaveAccessibleName(
      /Pointwise from \.492 to \.594; BM25 from \.534 to \.534\. Steps 200 to 1,900, 10 points/,
    );
    const cursor = chart.getByRole('slider');
    await cursor.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(cursor).toHaveAttribute(
      'aria-valuetext',
      /^Step 1,800, polish: Pointwise \.593, BM25 \.534$/,
    );
    await page.keyboard.press('Home');
    await expect(chart).toContainText('Step 200, distil');
    await expect(chart).toContainText('.492');
    await card.getByRole('heading', { name: 'Training' }).click();
    await expect(chart).toContainText('Step 1,900, polish');
    await chart.locator('.chart-plot').scrollIntoViewIfNeeded();
    const plot = (await chart.locator('.chart-plot').boundingBox())!;
    await page.mouse.move(plot.x + plot.width / 2, plot.y + 40);
    await expect(chart).toContainText('Step 1,000, distil');
  });

  await test.step('every point in a table', async () => {
    const chart = card.getByRole('figure', { name: 'Training loss' });
    await chart.getByText('As a table').click();
    const rows = await cells(card, 'Training loss of Test student');
    expect(rows).toHaveLength(1 + evidence.provenance.lossCurve.length);
    expect(rows[1]).toEqual([
      '50',
      'distil',
      (evidence.provenance.lossCurve[0]![1] as number).toFixed(4).replace(/^0/, ''),
    ]);
  });

  await test.step('provenance and sizes', async () => {
    for (const text of [
      'Test base',
      'PRP over all pairs, 5,200 queries',
      'trainer/recipes/small.yaml',
      evidence.provenance.baseSha256,
      evidence.provenance.teacherSha256,
      evidence.provenance.trainer,
      evidence.provenance.labels.sha256,
      evidence.provenance.command,
      'learningRate 0.00003',
      'dropout no',
    ]) {
      await expect(card.getByText(text, { exact: true }).first()).toBeVisible();
    }
    const scorers = await cells(card, 'Scorer files of Test student');
    expect(scorers[0]).toEqual(['Number format', 'Size', 'Error', 'Order kept']);
    expect(
      scorers
        .find(([dtype]) => dtype === 'int8 in use')
        ?.slice(1)
        .join(' '),
    ).toMatch(/^\d\.\d MB \d+\.\d % \d+\.\d %$/);
  });
});

test('a card that lacks parts says so', async ({ app: _, page }) => {
  const templates = [STUDENT, { ...RELEVANCE, trained: false }];
  const card = await openModels(page, { ...bare, templates });
  await expect(card).toContainText('This card states no training loss or validation curve.');
  await expect(card).toContainText('This card states no held-out results.');
  await expect(card).toContainText('This card states no score errors of its number formats.');
  await expect(card).toContainText('This card names no data.');
  await expect(card.getByRole('figure')).toHaveCount(0);
  // A wording that the card only offers is not said to be of its training.
  const wordings = (title: string) =>
    card.getByRole('heading', { name: title }).locator('..').getByRole('group').allInnerTexts();
  const [trained, others] = [
    await wordings('Wordings it was trained on'),
    await wordings('Other wordings to ask it in'),
  ];
  expect([trained.length, others.length]).toEqual([1, 1]);
  expect(trained[0]).toContain(STUDENT.name);
  expect(others[0]).toContain(RELEVANCE.name);
});

for (const { colorScheme, viewport } of LOOKS) {
  test.describe(`${colorScheme}, ${viewport.width} px`, () => {
    test.use({ viewport, colorScheme });
    test('axe finds nothing on a whole card, and it fits', async ({ app: _, page }) => {
      const card = await openModels(page, evidence);
      for (const closed of await card.locator('summary').all()) await closed.click();
      expect(await violations(page)).toEqual([]);
      await expectToFit(page, 'A card');
      if (viewport.width > 960) {
        // The screen scrolls, not the page around it: below its end there would be nothing.
        expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
      }
      const cut = card.locator('figure, dl, ul, pre');
      for (const one of await cut.all()) {
        expect(await one.evaluate((e) => e.scrollWidth - e.clientWidth)).toBeLessThanOrEqual(1);
      }
    });
  });
}
