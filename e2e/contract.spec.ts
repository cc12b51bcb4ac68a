/** docs/SCREEN.md: the names, roles, states and ids that people and scripts rely on. */
import { METHODS } from './app.ts';
import { generatedIds, QUERY, teaCorpus, teaPassages } from './corpus.ts';
import { onePage } from './one-page.ts';
import { expect } from './test.ts';

onePage('controls have exactly their names and roles', async ({ app, page }) => {
  await app.open();
  for (const name of ['Rank', 'Cancel', 'Race', 'Export']) await expect(app.button(name)).toHaveCount(1);
  for (const name of ['Corpus', 'Query']) await expect(app.box(name)).toHaveCount(1);
  for (const name of ['Sample', 'Pairs to compare', 'Teacher prompt', 'Student prompt'])
    await expect(app.combo(name)).toHaveCount(1);
  for (const name of ['Student', 'Teacher'] as const) {
    await expect(
      app.region(name).getByRole('combobox', { name: `${name} model`, exact: true }),
    ).toBeVisible();
  }
  for (const name of METHODS) {
    await expect(app.region(name)).toHaveCount(1);
    await expect(app.region(name)).toHaveAttribute('data-state', 'idle');
    await expect(app.region(name)).not.toHaveAttribute('data-phase');
  }
  await expect(app.spin('Candidates')).toHaveValue('10');
  await expect(app.spin('Candidates')).toHaveAttribute('min', '2');
  await expect(app.spin('Candidates')).toHaveAttribute('max', '100');
  await expect(app.spin('Passes')).toHaveCount(0);
  await app.combo('Pairs to compare').selectOption({ label: 'Sliding window' });
  await expect(app.spin('Passes')).toBeVisible();

  // A shortcut that is shown is not part of the name, and is told to assistive technology.
  await expect(app.button('Rank')).toHaveAttribute('aria-keyshortcuts', /Control\+Enter/);
  await expect(app.button('Rank').locator('[aria-hidden=true]')).toContainText('↵');
  await expect(app.button('Cancel')).toHaveAttribute('aria-keyshortcuts', 'Escape');
  await expect(app.button('Cancel').locator('[aria-hidden=true]')).toHaveText('Esc');
  await expect(page.locator('[data-passage-id]')).toHaveCount(0);

  // Candidates are kept between 2 and 100.
  const candidates = app.spin('Candidates');
  for (const [typed, kept] of [
    ['1', '2'],
    ['0', '2'],
    ['1000', '100'],
    ['', '100'],
    ['12', '12'],
  ] as const) {
    await candidates.fill(typed);
    await candidates.blur();
    await expect(candidates).toHaveValue(kept);
  }

  await page.goto('./#/models');
  for (const name of ['Model', 'Hub address']) await expect(app.box(name)).toBeVisible();
  for (const name of ['Look up', 'Open folder or zip']) await expect(app.button(name)).toBeVisible();
});

onePage(
  'only list items carry passage ids, and a changed input marks columns as stale',
  async ({ app, page }) => {
    await app.preset({ k: 4 });
    await app.open();
    await app.give(teaCorpus(6), QUERY);
    await app.rank();
    for (const name of METHODS) {
      expect(await app.ids(name)).toHaveLength(4);
      await expect(app.region(name).locator('[data-passage-id]')).toHaveCount(4);
    }
    await expect(page.locator('[data-passage-id]')).toHaveCount(12);

    const stale = async (...names: string[]) => {
      for (const name of METHODS) {
        const mark = expect(app.region(name));
        await (names.includes(name) ? mark : mark.not).toHaveAttribute('data-stale', 'true');
      }
    };
    await stale();
    await app.write('Query', 'mint');
    await stale('BM25', 'Student', 'Teacher');
    await app.write('Query', QUERY);
    await stale();
    await app.combo('Pairs to compare').selectOption({ label: 'Heapsort' });
    await stale('Teacher');
    await app.combo('Pairs to compare').selectOption({ label: 'All pairs' });
    await stale();
    await app.write('Corpus', teaCorpus(5));
    await stale('BM25', 'Student', 'Teacher');
  },
);

onePage(
  'text becomes passages by line, by block or with its own ids; a repeated id names both lines',
  async ({ app, page }) => {
    const [one, two, three] = teaPassages(3) as [string, string, string];
    const blocks = `${one}\n${two}\n\n${three} Black tea too.\n\n\n${two} And water.`;
    const cases: readonly (readonly [text: string, ids: readonly string[]])[] = [
      [`${one}\n${two}\n${three}\n`, generatedIds(3)],
      [blocks, generatedIds(3)],
      [`a-1\t${one}\nb/2\t${two}\nü3\t${three}`, ['a-1', 'b/2', 'ü3']],
    ];
    await app.preset({ k: 3 });
    await app.open();
    for (const [text, ids] of cases) {
      await app.give(text, QUERY);
      await app.start();
      await app.expectState('BM25', 'done');
      expect([...(await app.ids('BM25'))].sort()).toEqual([...ids].sort());
      await expect(page.getByText('3 passages').first()).toBeVisible();
    }
    await app.write('Corpus', `a\t${one}\nb\t${two}\na\t${three}`);
    const alert = page.getByRole('alert').filter({ hasText: '“a”' });
    await expect(alert).toContainText('line 1');
    await expect(alert).toContainText('line 3');
    await expect(app.box('Corpus')).toHaveValue(/^a\t/);
  },
);

onePage('files: CSV, TSV, JSON lines and a BEIR corpus keep ids and titles', async ({ app, page }) => {
  const [one, two] = teaPassages(2) as [string, string];
  const json = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
  const files: readonly (readonly [name: string, content: string])[] = [
    ['tea.csv', `id,title,text\nx1,Cups,"${one.replace(',', ', ""really""')}"\nx2,Pots,"${two}"\n`],
    ['tea.tsv', `id\ttitle\ttext\nx1\tCups\t${one}\nx2\tPots\t${two}\n`],
    [
      'tea.jsonl',
      json([
        { id: 'x1', title: 'Cups', contents: one },
        { id: 'x2', title: 'Pots', contents: two },
      ]),
    ],
    [
      'corpus.jsonl',
      json([
        { _id: 'x1', title: 'Cups', text: one, metadata: {} },
        { _id: 'x2', title: 'Pots', text: two, metadata: {} },
      ]),
    ],
  ];
  await app.preset({ k: 2 });
  await app.open();
  await app.write('Query', QUERY);
  for (const [name, content] of files) {
    await app.openFile(name, content);
    await expect(page.getByText(name, { exact: true })).toBeVisible();
    await app.start();
    await app.expectState('BM25', 'done');
    expect([...(await app.ids('BM25'))].sort()).toEqual(['x1', 'x2']);
    await expect(app.region('BM25').locator('[data-passage-id=x1]')).toContainText('Cups');
    await expect(page.getByText('2 passages').first()).toBeVisible();
  }
  await app.expectAll('done');
});

onePage('inputs, settings, grades and results survive a reload', async ({ app, page }) => {
  await app.preset({ k: 4 });
  await app.open();
  await app.give(teaCorpus(5), QUERY);
  await app.combo('Pairs to compare').selectOption({ label: 'Heapsort' });
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await app.rank();
  await app.items('Student').first().focus();
  await page.keyboard.press('2');
  const before = await app.decisions();
  await page.reload();
  await app.expectAll('done');
  await expect(app.box('Corpus')).toHaveValue(teaCorpus(5));
  await expect(app.box('Query')).toHaveValue(QUERY);
  await expect(app.spin('Candidates')).toHaveValue('4');
  await expect(app.combo('Pairs to compare')).toHaveValue('heapsort');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(app.items('Student').first().getByRole('button')).toHaveAccessibleName('Grade 2');
  for (const name of METHODS) await expect(app.region(name)).not.toHaveAttribute('data-stale');
  expect(await app.decisions()).toEqual(before);
  // The answers have survived too.
  await app.rank();
  expect((await app.calls('Teacher')).asked).toBe(0);
  expect((await app.calls('Student')).asked).toBe(0);
});
