/** The Evaluate screen: a BEIR folder from the drop to the exported table, with a reload in the middle. */
import { readFile } from 'node:fs/promises';
import type { ElementHandle, Page } from '@playwright/test';
import { expectToFit, violations } from './looks.ts';
import { expect, test } from './test.ts';

const lines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** As long as passages may be: a run over them has a middle on fast machines too. */
const LONG = ' So people say, in one kitchen and in another.'.repeat(20);

const FILES: Readonly<Record<string, string>> = {
  'corpus.jsonl': lines([
    {
      _id: 'd1',
      title: 'Green tea',
      text: `Green tea is steeped at about 75 degrees for two minutes.${LONG}`,
    },
    { _id: 'd2', title: 'Black tea', text: `Black tea wants boiling water and four minutes.${LONG}` },
    {
      _id: 'd3',
      title: 'Coffee',
      text: `Coffee is brewed with water just off the boil, and is no tea.${LONG}`,
    },
    { _id: 'd4', title: 'Kettles', text: `A kettle boils water for tea and switches itself off.${LONG}` },
    { _id: 'd5', title: 'Milk', text: `Milk goes into black tea last, some people say.${LONG}` },
    { _id: 'd6', title: 'Scale', text: `Vinegar takes the scale out of a kettle.${LONG}` },
  ]),
  'queries.jsonl': lines([
    { _id: 'q1', text: 'how hot should water be for green tea' },
    { _id: 'q2', text: 'how do I clean a kettle' },
    { _id: 'q3', text: 'how long does black tea steep' },
    { _id: 'q4', text: 'when does milk go into tea' },
  ]),
  'qrels/test.tsv':
    'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td4\t0\nq2\td6\t2\nq2\td4\t1\nq3\td2\t2\nq3\td1\t0\nq4\td5\t2\n',
};

/** Two conversations, as ReDial's: one has the right movie among BM25's first, one among the popular ones, one nowhere. */
const MOVIES = ['Space War', 'Space Love', 'Deep Sea', 'Old Farm', 'The Popular One', 'The Other One'];
const CONVERSATIONS: Readonly<Record<string, string>> = {
  'corpus.jsonl': lines(MOVIES.map((title, i) => ({ _id: `m${i}`, title: `${title} (1999)`, text: title }))),
  'queries.jsonl': lines([
    { _id: 'c1', text: 'User: I like movies about space\nSystem: Which ones?\nUser: with a war in space' },
    { _id: 'c2', text: 'User: Something about a farm or the sea' },
    { _id: 'c3', text: 'User: Anything deep' },
  ]),
  'qrels/test.tsv': 'query-id\tcorpus-id\tscore\nc1\tm0\t1\nc2\tm4\t1\nc3\tm1\t1\n',
  'movies_with_mentions.csv': `movieId,movieName,nbMentions\n${MOVIES.map((title, i) => `m${i},${title} (1999),${i < 4 ? 3 : 900}`).join('\n')}\n`,
};

/** Drops a folder as a browser does: entries with paths. */
async function drop(page: Page, files: Readonly<Record<string, string>>, name = 'tea'): Promise<void> {
  await page.evaluate(
    ([given, name]) => {
      interface Entry {
        name: string;
        fullPath: string;
        isFile: boolean;
        isDirectory: boolean;
        file?: (give: (file: File) => void) => void;
        createReader?: () => { readEntries: (give: (entries: Entry[]) => void) => void };
      }
      const folder = (path: string, inner: Entry[]): Entry => ({
        name: path.split('/').at(-1)!,
        fullPath: path,
        isFile: false,
        isDirectory: true,
        createReader: () => {
          let left = inner;
          return {
            readEntries: (give) => {
              give(left);
              left = [];
            },
          };
        },
      });
      const file = (path: string, text: string): Entry => ({
        name: path.split('/').at(-1)!,
        fullPath: path,
        isFile: true,
        isDirectory: false,
        file: (give) => give(new File([text], path.split('/').at(-1)!)),
      });
      const top = Object.entries(given).filter(([path]) => !path.includes('/'));
      const qrels = Object.entries(given).filter(([path]) => path.startsWith('qrels/'));
      const root = folder(`/${name}`, [
        ...top.map(([path, text]) => file(`/${name}/${path}`, text)),
        folder(
          `/${name}/qrels`,
          qrels.map(([path, text]) => file(`/${name}/${path}`, text)),
        ),
      ]);
      const event = new Event('drop', { bubbles: true, cancelable: true });
      const dataTransfer = {
        types: ['Files'],
        files: [],
        items: [{ kind: 'file', webkitGetAsEntry: () => root }],
      };
      Object.defineProperty(event, 'dataTransfer', { value: dataTransfer });
      dispatchEvent(event);
    },
    [files, name] as const,
  );
}

test('a BEIR folder from the drop to the exported table, a reload in the middle, down to a decision', async ({
  app,
  page,
}) => {
  test.setTimeout(150_000);
  const state = (wanted: string) =>
    expect(page.getByRole('region', { name: 'Evaluation', exact: true })).toHaveAttribute(
      'data-state',
      wanted,
      {
        timeout: 60_000,
      },
    );
  const data = page.getByRole('region', { name: 'Data', exact: true });
  const results = page.getByRole('table', { name: 'Results', exact: true });
  await app.open();
  await page.getByRole('link', { name: 'Evaluate', exact: true }).click();
  await expect(app.button('Open data')).toBeVisible();

  // A mistake is named with its file and line, and nothing is opened.
  await drop(page, { ...FILES, 'qrels/test.tsv': `${FILES['qrels/test.tsv']}q1\td2\tgood\n` });
  await expect(data.getByRole('alert')).toHaveText(
    'qrels/test.tsv, line 9: the grade must be a whole number, found “good”.',
  );
  await drop(page, { ...FILES, 'popularity.csv': 'id,count\nd3,9\nd6,4\n' });
  await expect(data).toContainText('4 judged queries · 6 passages');
  await app.spin('Depth').fill('6');

  // Rows that ask no model of their own.
  const methods = page.getByRole('region', { name: 'Methods', exact: true });
  await methods.getByLabel('Fuse with first stage').selectOption('By scores');
  await app.spin('Weight λ of the method').fill('0.7');
  await app.button('Add row').click();
  for (const name of ['Random', 'Popularity']) {
    await methods.getByLabel('Method', { exact: true }).selectOption(name);
    await app.button('Add row').click();
  }
  // The same method asked in words of one's own.
  await methods.getByLabel('Method', { exact: true }).selectOption('Pointwise');
  await app.button('Edit prompt').click();
  const editor = page.getByRole('dialog', { name: 'Prompt of the row: wording' });
  await editor.getByRole('textbox', { name: 'Wording' }).fill('{query} Is that answered?');
  await expect(editor.getByRole('button', { name: 'Use', exact: true })).toBeDisabled();
  await editor.getByRole('textbox', { name: 'Wording' }).fill('{query} Is that answered? {passage}');
  await editor.getByLabel('Name', { exact: true }).fill('My words');
  await editor.getByRole('button', { name: 'Use', exact: true }).click();
  await methods.getByLabel('Fuse with first stage').selectOption('No');
  await app.button('Add row').click();
  await expect(methods.getByRole('listitem')).toHaveCount(7);
  await expect(page.locator('.evaluate-status')).toContainText(/^4 queries: up to \d+ calls/);

  // Stopped in the middle, and gone on with after a reload.
  // The page itself presses Stop: a run may be over before a click from here arrives.
  const stop = (await app.button('Stop').elementHandle()) as ElementHandle<HTMLButtonElement>;
  await stop.evaluate((button) => {
    const watching = new MutationObserver(() => {
      if (!/Query [1-4] of 4/.test(document.querySelector('.evaluate-status')?.textContent ?? '')) return;
      if (button.disabled || document.querySelectorAll('table tbody tr').length === 0) return;
      watching.disconnect();
      button.click();
    });
    watching.observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
  await app.button('Run').click();
  await state('stopped');
  await expect(results.getByRole('row', { name: /^b Pointwise/ })).toBeVisible();
  await page.reload();
  await state('stopped');
  await expect(data).toContainText('4 judged queries · 6 passages');
  await app.button('Run').click();
  await state('done');

  const rows = results.getByRole('row');
  await expect(rows).toHaveCount(9);
  await expect(rows.nth(4)).toContainText('fused, λ = 0.7');
  await expect(rows.nth(6)).toContainText('Popularity');
  await expect(rows.nth(7)).toContainText('“My words”');
  await expect(rows.nth(1)).toContainText('BM25');
  await expect(rows.nth(8)).toContainText('Ideal order of the candidates');
  await expect(page.getByText('Holm-corrected over all pairs')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // What is exported is what is shown.
  const saved = async (item: string): Promise<string> => {
    await app.button('Export').click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item, exact: true }).click();
    return readFile(await (await downloading).path(), 'utf8');
  };
  const ideal = (await rows.nth(8).getByRole('cell').nth(2).innerText()).trim();
  expect(await saved('Table (Markdown)')).toMatch(
    new RegExp(`\\*Ideal order of the candidates\\* \\| [\\d.]+ \\| [\\d.]+ \\| ${Number(ideal).toFixed(3)}`),
  );
  expect(await saved('Table (LaTeX)')).toContain('\\bottomrule');
  expect(
    (await saved('TREC runs')).split('\n').filter((line) => line.startsWith('q3 ')).length,
  ).toBeGreaterThan(5);
  const json = JSON.parse(await saved('Everything (JSON)')) as {
    rows: { perQuery: object; prompt?: { text: string } }[];
  };
  expect(json.rows[6]!.prompt!.text).toBe('{query} Is that answered? {passage}');
  expect(json.rows.map(({ perQuery }) => Object.keys(perQuery))).toEqual(
    Array.from({ length: 8 }, () => ['q1', 'q2', 'q3', 'q4']),
  );

  // From a number, by keyboard, to its queries, and from there to the decisions, and back.
  await page.getByRole('button', { name: /nDCG@10 of BM25/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Queries, scrolling' })).toBeFocused();
  await expect(page.getByRole('combobox', { name: 'Row' }).locator('option:checked')).toContainText(
    'Pointwise',
  );
  await expect(page.getByRole('combobox', { name: 'In', exact: true }).locator('option:checked')).toHaveText(
    'nDCG@10',
  );
  await page
    .getByRole('button', { name: /^Inspector: / })
    .first()
    .click();
  await expect(page.getByRole('grid', { name: 'Decisions' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Recording' })).toContainText(
    'From the evaluation of tea, query q',
  );
  await app.button('Back to my work').click();
  await page.getByRole('link', { name: 'Evaluate', exact: true }).click();
  await state('done');

  // Movies for conversations, by a preset of the paper, with its numbers beside.
  await drop(page, CONVERSATIONS, 'redial');
  await expect(data).toContainText('3 judged queries · 6 passages');
  await page.getByLabel('Preset').selectOption({ label: 'Table 4: movies in conversations (ReDial)' });
  await expect(methods).toContainText('Recommendation (pairwise)');
  await app.button('Run').click();
  await state('done');
  await expect(results.getByRole('row', { name: /^b Random/ })).toContainText('2 of 3');
  const beside = page.getByRole('table', { name: 'Beside the paper' });
  await expect(beside.getByRole('row', { name: /^Popularity/ })).toContainText(/\.\d+\.077/);
  await expect(beside.getByRole('row', { name: /^Pairwise Ranking Rankscope demo teacher/ })).toContainText(
    /\.\d/,
  );
  expect(await saved('Beside the paper (Markdown)')).toMatch(
    /Instruction Distillation +\| FLAN-T5-XL +\| +\| +0\.2493 /,
  );

  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectToFit(page, 'Evaluate');
  expect(await violations(page)).toEqual([]);
});
