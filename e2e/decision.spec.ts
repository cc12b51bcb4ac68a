/** A decision opened: asked again, taken apart, probed; by mouse and by keyboard. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import type { DecisionsExport } from '../src/formats/decisions.ts';
import type { App } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { violations } from './looks.ts';
import { onePage } from './one-page.ts';
import { expect } from './test.ts';

const shots = process.env.SHOTS;

const LOOKS = [
  { width: 390, height: 844, themes: ['light', 'dark'] },
  { width: 1440, height: 900, themes: ['dark', 'light'] },
] as const;

/** axe at both sizes, each in one theme; pictures of both where somebody wants to look. */
async function look(page: Page, name: string): Promise<void> {
  for (const { width, height, themes } of LOOKS) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of shots ? themes : themes.slice(1)) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      if (shots) await page.screenshot({ path: join(shots, `${name}-${colorScheme}-${width}.png`) });
    }
    expect(await violations(page, 'dialog[open]'), name).toEqual([]);
  }
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Decision', exact: true });
const cellOf = (page: Page, a: string, b: string) =>
  page.getByRole('grid', { name: 'Decisions' }).locator(`[data-a="${a}"][data-b="${b}"]`);

/** Four passages ranked, the drawer open. */
async function ranked(app: App): Promise<void> {
  await app.open();
  await app.give(teaCorpus(4), QUERY, 4);
  await app.rank();
  await app.openInspector();
}

onePage(
  'a decision is reproduced on the command line, asked again with other words, and nothing edited is lost',
  async ({ app, page }) => {
    await ranked(app);
    await cellOf(page, 'p02', 'p03').click();
    const dialog = dialogOf(page);
    await expect(dialog.getByRole('region', { name: 'Passage p02' })).toContainText('tea');
    await dialog.getByText('Reproduce on the command line').click();
    const command = await dialog.locator('pre').innerText();
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: /^Save decision-/ }).click();
    const saved = await downloading;
    const folder = await mkdtemp(join(tmpdir(), 'decision-'));
    const input = join(folder, saved.suggestedFilename());
    await saved.saveAs(input);
    const output = join(folder, 'out.json');
    const words = command
      .replaceAll('\\\n', '')
      .trim()
      .split(/\s+/)
      .map((word) =>
        word.endsWith('.hits.json') ? input : word === 'decision-p02-p03.json' ? output : word,
      );
    await promisify(execFile)(words[0]!, words.slice(1));
    const { methods } = JSON.parse(await readFile(output, 'utf8')) as DecisionsExport;
    const again = methods.teacher.decisions.find(({ a }) => a === 'p02')!;
    const here = (await dialog.getByRole('region', { name: 'p02 as A, p03 as B' }).innerText()).replaceAll(
      '−',
      '-',
    );
    const [logitA, logitB] = /Logits of A, B\s+(-?[\d.]+), (-?[\d.]+)/.exec(here)!.slice(1).map(Number) as [
      number,
      number,
    ];
    expect(again.logitA).toBeCloseTo(logitA, 2);
    expect(again.logitB).toBeCloseTo(logitB, 2);
    await page.keyboard.press('Escape');

    await cellOf(page, 'p01', 'p02').focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Ask again', exact: true }).press('Enter');
    const ask = dialog.getByRole('button', { name: 'Ask both orders' });
    const rows = dialog
      .getByRole('region', { name: 'Answers of the run and of each try' })
      .locator('tbody tr');

    // Asked as it stands, the model says what it said.
    await ask.click();
    await expect(rows).toHaveCount(2);
    const [before, same] = await rows.evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('td')].slice(1, 3).map((cell) => cell.innerText)),
    );
    expect(same!.map((text) => text.replace(/ \(.*/, ''))).toEqual(before);
    await expect(rows.nth(1)).toContainText('nothing');
    await expect(rows.nth(1)).toContainText('(0.00)');

    // Another text, by keyboard, with an undo between.
    const passage = dialog.getByRole('textbox', { name: 'Passage p02' });
    const original = await passage.inputValue();
    await passage.fill('Trains leave at nine.');
    await passage.press('Control+z');
    await expect(passage).toHaveValue(original);
    await passage.press('Control+Shift+Z');
    await expect(passage).toHaveValue('Trains leave at nine.');
    await passage.press('Control+Enter');
    await expect(rows).toHaveCount(3);
    await expect(rows.nth(2)).toContainText('p02');
    await expect(dialog.locator('.ask-outcome')).toContainText('Try 2:');

    // A wording that cannot be asked is refused in words, and kept when the dialog is closed.
    const wording = dialog.getByRole('textbox', { name: 'Wording' });
    await wording.fill('Which of {passage_a} and {passage_b}?');
    await expect(dialog.getByText('The slot {query} is missing')).toBeVisible();
    await expect(ask).toBeDisabled();
    await look(page, 'again');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    // The other order opens the same pair's desk.
    await cellOf(page, 'p02', 'p01').click();
    await expect(wording).toHaveValue('Which of {passage_a} and {passage_b}?');
    await expect(passage).toHaveValue('Trains leave at nine.');
    await expect(rows).toHaveCount(3);
    await dialog.getByRole('button', { name: 'Reset' }).click();
    await expect(passage).toHaveValue(original);
    await expect(ask).toBeEnabled();
  },
);

const SENTENCES = [
  'p01\tGreen tea wants water at seventy degrees. The pot should be warm. Never let it boil.',
  'p02\tTrains to the coast leave at nine. Bring water and tea. Tickets are sold on board.',
  'p03\tBlack tea is poured over with boiling water. It stands for four minutes.',
].join('\n');

onePage('sentences and words are left out one at a time', async ({ app, page }) => {
  await app.open();
  await app.give(SENTENCES, QUERY, 3);
  await app.rank();
  await app.openInspector();
  await cellOf(page, 'p01', 'p02').click();
  const dialog = dialogOf(page);
  await dialog.getByRole('button', { name: 'Which sentence decides', exact: true }).click();
  const tool = dialog.getByRole('region', { name: 'Which sentence decides' });
  await expect(tool.getByRole('status')).toContainText('Most depends on “');
  const pieces = tool.locator('.leave-out-text .piece');
  await expect(pieces).toHaveCount(3);
  await expect(pieces.first()).toContainText(/[+−]\d|0\.00/);
  await expect(tool.getByText(/^Sanity: with nothing left out/)).toBeVisible();
  await tool.getByText('All pieces, the strongest first').click();
  await expect(tool.getByRole('row')).toHaveCount(4);
  await look(page, 'sentences');

  // The other passage has answers of its own; words, by keyboard.
  await tool.getByRole('radio', { name: 'p02', exact: true }).click();
  await expect(tool.getByRole('status')).toContainText('for p02');
  await tool.getByRole('radio', { name: 'Sentences' }).press('ArrowRight');
  await tool.getByRole('button', { name: 'Leave out words one at a time' }).press('Enter');
  await expect(tool.getByRole('status')).toContainText('Most depends on “');
  await expect(pieces).toHaveCount(16);
  await tool.getByRole('radio', { name: 'p02 as A' }).click();
  await expect(tool.getByText(/^Sanity:/)).toBeVisible();
  await look(page, 'words');

  // Answers outlive the dialog.
  await page.keyboard.press('Escape');
  await cellOf(page, 'p01', 'p02').click();
  await expect(tool.getByRole('status')).toContainText('Most depends on “');
});

onePage('a passage is followed through its games, and probed', async ({ app, page }) => {
  await app.open();
  await app.give(SENTENCES, QUERY, 3);
  await app.rank();
  // By key from a row, and by mouse from the passage's dialog.
  await app.items('Teacher').first().focus();
  const id = (await app.ids('Teacher'))[0]!;
  await page.keyboard.press('w');
  const why = page.getByRole('dialog', { name: `Why here? ${id}` });
  await expect(why.getByRole('region', { name: 'Games' })).toContainText(/1st of 3: .* of 4 games won/);
  await expect(why).toContainText(/(Both rank it|The teacher ranks it) 1st/);
  const student = why.getByRole('region', { name: 'Student', exact: true });
  await expect(student).toContainText('Logit of Yes');
  await expect(student.getByText(`Student’s prompt for ${id}`)).toBeVisible();
  await student.getByRole('button', { name: 'Leave out sentences one at a time' }).click();
  await expect(student.getByRole('status')).toContainText('the Yes logit');
  await student.getByRole('radio', { name: 'Logit of No' }).click();
  await expect(student.getByRole('status')).toContainText('the No logit');
  await look(page, 'follow');
  await page.keyboard.press('Escape');
  await expect(app.items('Teacher').first()).toBeFocused();
  await app.items('BM25').first().click();
  await app.button('Why here?').click();
  const games = page.getByRole('region', { name: 'Games' });
  await games
    .getByRole('button', { name: /(won|lost|equal)/ })
    .first()
    .click();

  // A game opens its decision; there, teacher and student side by side.
  const dialog = dialogOf(page);
  await dialog.getByRole('button', { name: 'Beside the student' }).click();
  const beside = dialog.getByRole('region', { name: 'Beside the student' });
  await expect(beside.getByRole('status').first()).toContainText(
    /^The teacher .*; the student’s logit is .*pair\.$/,
  );
  await look(page, 'beside');

  // Probes, by keyboard.
  await dialog.getByRole('button', { name: 'Probes', exact: true }).press('Enter');
  const probes = dialog.getByRole('region', { name: 'Probes' });
  await probes.getByRole('button', { name: /^Probe p/ }).press('Enter');
  await expect(probes.getByRole('status')).toContainText(
    /the student (moves )?farther|The student moves farther/,
  );
  await expect(probes.getByRole('row')).toHaveCount(5);
  for (const cell of await probes.locator('tbody td:nth-child(2)').allInnerTexts()) {
    expect(cell).toMatch(/^([+−]\d|0\.00)/);
  }
  await probes.getByText('is lengthened with filler').first().click();
  await look(page, 'probes');
});
