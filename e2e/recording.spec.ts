/** Recordings: saved, opened, replayed; the work of before comes back. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { QUERY, teaCorpus } from './corpus.ts';
import { violations } from './looks.ts';
import { expect, test } from './test.ts';

test('a run is saved as a recording, opened, replayed step by step and by the clock; the own work comes back', async ({
  app,
  page,
}) => {
  await app.open();
  await app.give(teaCorpus(6), QUERY, 5);
  await app.rank();
  const own = await app.ids('Teacher');
  const saved = async (item: string, name: string): Promise<string> => {
    const downloading = page.waitForEvent('download');
    await app.button('Export').click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(name);
    return readFile(await download.path(), 'utf8');
  };
  const text = await saved('Recording', 'recording.rankscope.json');
  // The same order for a spreadsheet and for a text.
  const csv = (await saved('Table (CSV)', 'rankscope.csv')).trim().split(/\r?\n/);
  expect(csv).toHaveLength(1 + own.length);
  const markdown = await saved('Table (Markdown)', 'rankscope.md');
  for (const id of own) expect(markdown).toContain(id);

  // Damaged and foreign files are refused, and nothing changes.
  const open = async (name: string, content: string | Buffer): Promise<void> => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      app.button('Open recording').click(),
    ]);
    await chooser.setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
  };
  await open('cut.json', text.slice(0, 3000));
  await expect(page.getByText(/cut\.json.*Nothing was changed/)).toBeVisible();
  expect(await app.ids('Teacher')).toEqual(own);

  // Another query, so that it shows whose rows these are; packed.
  await open('other.rankscope.json.gz', gzipSync(text.replace(QUERY, 'a recorded question')));
  const bar = page.getByRole('region', { name: 'Recording', exact: true });
  await expect(bar).toContainText('a recorded question');
  await expect(bar).toContainText('other.rankscope.json');
  await expect(app.region('Teacher')).toHaveAttribute('data-state', 'done');
  expect(await app.ids('Teacher')).toEqual(own);

  await app.button('Step').click();
  for (const name of ['BM25', 'Student', 'Teacher'] as const) {
    await expect(app.region(name)).toHaveAttribute('data-replay', 'true');
  }
  await expect(app.region('Teacher')).toHaveAttribute('data-state', 'running');
  await expect(bar).toContainText('Replay');
  expect(await violations(page)).toEqual([]);
  await app.combo('Speed').selectOption('× 10');
  await page.getByRole('slider', { name: 'Moment', exact: true }).focus();
  await page.keyboard.press('Home');
  await expect(bar.getByRole('slider')).toHaveValue('0');
  await app.button('Play').press('Enter');
  await expect(app.region('Teacher')).toHaveAttribute('data-state', 'done');
  expect(await app.ids('Teacher')).toEqual(own);
  await app.button('End replay').click();
  await expect(app.region('Teacher')).not.toHaveAttribute('data-replay', 'true');

  // A link that is followed shows what was shared, and takes nothing away.
  await app.button('Share').click();
  await page.getByRole('radio', { name: 'Rankings only', exact: true }).click();
  await expect(page.getByRole('img', { name: 'QR code of the link', exact: true })).toBeVisible();
  const link = await app.box('Link').inputValue();
  await app.button('Close').click();
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(link);
  await expect(bar).toContainText('From a link');
  // Also on a narrow screen it shows that a link has opened something.
  await expect(bar).toBeInViewport();
  await page.setViewportSize(size);
  await expect(page.getByText('This recording holds no times.')).toBeVisible();
  expect(await app.ids('Teacher')).toEqual(own);
  expect(new URL(page.url()).hash).toBe('#/');

  await app.button('Back to my work').click();
  await expect(bar).toBeHidden();
  expect(await app.ids('Teacher')).toEqual(own);
  await expect(app.box('Query')).toHaveValue(QUERY);
  await app.button('Repeat × 5').click();
  await expect(page.getByText(/Median of 5 runs: .* against /).first()).toBeVisible({ timeout: 60_000 });
});

test('a shipped run is seen before models have loaded, pinned, compared and presented', async ({
  app,
  page,
}) => {
  await app.open();
  await app.button('See a recorded run').click();
  const bar = page.getByRole('region', { name: 'Recording', exact: true });
  await expect(bar).toContainText('Made by this page for its sample');
  await expect(app.items('Teacher')).toHaveCount(10);
  // Which model is loaded here is not whose figures these are.
  await expect(app.combo('Teacher model')).toBeHidden();

  // A decision can be asked about, but by nobody unasked, and it says who answers.
  await app.button('Inspect decisions').click();
  await page.getByRole('grid', { name: 'Decisions' }).locator('[data-preference]').first().click();
  await app.button('Which sentence decides').click();
  const sentences = page.getByRole('region', { name: 'Which sentence decides', exact: true });
  await expect(sentences).toContainText(/Asked now is|waits for it|is answered now/);
  await app.modelsReady();
  await expect(sentences).toContainText('is answered now, on this machine, by the same model');
  await expect(app.button('Leave out sentences one at a time')).toBeVisible();
  await page.keyboard.press('Escape');
  await app.button('Inspect decisions').click();

  await app.button('Pin').click();
  await app.button('Compare with pin 1').press('Enter');
  const compared = page.getByRole('region', { name: 'Teacher compared', exact: true });
  await expect(compared).toContainText('0 of 90 ordered decisions');
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 1280, height: 720 });
  await app.button('Present').click();
  await expect(app.box('Corpus')).toBeHidden();
  await expect(page.getByRole('status').filter({ hasText: 'As recorded: The student' })).toBeVisible();
  await app.button('Replay').click();
  await expect(app.region('Teacher')).toHaveAttribute('data-replay', 'true');
  await expect(app.region('Teacher')).toHaveAttribute('data-state', 'done');
  // All of it fits a projector without scrolling.
  expect(await page.evaluate(() => document.querySelector('.present')!.scrollHeight <= innerHeight)).toBe(
    true,
  );
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(app.box('Corpus')).toBeVisible();

  // Pins outlive the page, until they are cleared.
  await page.reload();
  await expect(app.button('Compare with pin 1')).toBeVisible();
  await app.button('Clear pinned runs').click();
  await expect(app.button('Compare with pin 1')).toBeHidden();
});
