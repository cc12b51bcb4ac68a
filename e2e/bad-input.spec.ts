/** Bad input ends in a message that says what happened and what to do; nothing typed is lost. */
import { METHODS } from './app.ts';
import { QUERY, teaCorpus, teaPassages } from './corpus.ts';
import { onePage } from './one-page.ts';
import { expect, test } from './test.ts';

onePage(
  'too little to rank: each case says what is missing, and nothing typed is lost',
  async ({ app, page }) => {
    await app.preset({ k: 4 });
    await app.open();
    await test.step('an empty corpus, an empty query', async () => {
      await app.give(' \n\n', QUERY);
      await app.button('Rank').click();
      const alerts = page.getByRole('alert');
      await expect(
        alerts.filter({ hasText: 'choose a sample, paste some text or drop a file' }),
      ).toBeVisible();
      await expect(app.box('Corpus')).toBeFocused();
      await app.expectAll('idle');
      await app.give(teaCorpus(3), '  ');
      await app.button('Rank').click();
      await expect(alerts.filter({ hasText: 'no query yet' })).toBeVisible();
      await expect(app.box('Query')).toBeFocused();
      await expect(app.box('Corpus')).toHaveValue(teaCorpus(3));
    });
    await test.step('a query without a matching term', async () => {
      await app.write('Query', 'xylophone');
      await app.rank();
      await expect(page.getByText('no query yet')).toHaveCount(0);
      await expect(app.region('BM25')).toContainText('No passage has a word of the query in it');
      // The list is filled up, which is said, and the models rank what is there.
      await expect(app.region('BM25')).toContainText('the first 3 passages of the corpus');
      expect(await app.ids('BM25')).toEqual(['p01', 'p02', 'p03']);
      for (const name of METHODS) expect(await app.ids(name)).toHaveLength(3);
      await app.write('Query', 'the of and');
      await app.rank();
      await expect(app.region('BM25')).toContainText('stop-word');
      await app.write('Query', '?!');
      await app.rank();
      for (const name of METHODS) {
        await expect(app.region(name)).toContainText('no word that BM25 could search for');
        expect(await app.ids(name)).toEqual([]);
      }
    });
    await test.step('one passage', async () => {
      await app.give('Tea and water.', QUERY);
      await app.rank();
      for (const name of METHODS) expect(await app.ids(name)).toEqual(['p01']);
      await expect(app.region('Teacher')).toContainText('nothing to compare it with');
    });
    await test.step('identical passages tie and keep the first stage’s order', async () => {
      await app.write('Corpus', Array(4).fill('Tea wants hot water.').join('\n'));
      await expect(page.getByRole('log')).toContainText('Identical passages tie');
      await app.rank();
      for (const name of METHODS) expect(await app.ids(name)).toEqual(['p01', 'p02', 'p03', 'p04']);
      // Four passages, one text: one call of the student, one comparison of the text with itself.
      expect(await app.calls('Student')).toMatchObject({ answered: 4, asked: 1 });
      expect(await app.calls('Teacher')).toMatchObject({ answered: 12, asked: 1 });
    });
  },
);

onePage('a query too long for the models says so and what helps, and offers no Retry', async ({ app }) => {
  await app.preset({ k: 3 });
  await app.open();
  const long = 'which water should be poured over the leaves of tea, and how hot '.repeat(60);
  await app.give(teaCorpus(3), long);
  await app.button('Rank').click();
  for (const name of ['Student', 'Teacher'] as const) {
    await app.expectState(name, 'error');
    const alert = app.region(name).getByRole('alert');
    await expect(alert).toContainText(
      /take \d+ tokens and this model reads \d+: no room is left for passages/,
    );
    await expect(alert).toContainText('Shorten the query');
    await expect(alert).not.toContainText(/retry|reload/i);
    await expect(app.button(`Retry ${name}`)).toHaveCount(0);
  }
  await app.region('Teacher').getByRole('button', { name: 'Edit the query' }).click();
  await expect(app.box('Query')).toBeFocused();
  await expect(app.box('Query')).toHaveValue(long);
  await app.write('Query', QUERY);
  await app.rank();
  for (const name of METHODS) expect(await app.ids(name)).toHaveLength(3);
});

onePage('a passage of 200 kB is ranked, shown in part and opened whole', async ({ app, page }) => {
  await app.preset({ k: 3 });
  await app.open();
  const long = `Tea and water. ${'Steam rises over the harbour wall. '.repeat(5900)}The very end.`;
  expect(long.length).toBeGreaterThan(200_000);
  await app.openFile('long.txt', [...teaPassages(2), long].join('\n'));
  await expect(page.getByText('3 passages').first()).toBeVisible();
  await app.write('Query', 'tea water');
  await app.rank();
  expect([...(await app.ids('Teacher'))].sort()).toEqual(
    ['p1', 'p2', 'p3'].map((id) => id.replace('p', 'p0')),
  );
  const row = app.region('Teacher').locator('[data-passage-id=p03]');
  expect((await row.innerText()).length).toBeLessThan(1000);
  await row.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('The very end.');
  await expect(dialog).toContainText('Teacher stopped reading here');
});

onePage(
  'control characters are taken out and said to be; emoji and right-to-left text stay whole',
  async ({ app, page }) => {
    await app.preset({ k: 4 });
    await app.open();
    const passages = [
      'Tea\u0000 with\u0007 water\u001b[31m and a bell.',
      'الشاي tea يحتاج إلى ماء ساخن water جدا',
      'תה tea עם מים water חמים',
      `${'🍵👩‍🔬'.repeat(200)} tea water 🫖`,
    ];
    await app.openFile('strange.txt', passages.join('\n'));
    const message = '3 control characters removed';
    const log = page.getByRole('log');
    await expect(log).toContainText(message);
    // The announcement goes; what was done to the corpus stays said beside it, for as long as it is there.
    await log.getByRole('button', { name: 'Dismiss' }).click();
    await expect(log).toBeEmpty();
    const notes = page.getByRole('list', { name: 'Notes on the corpus' });
    await expect(notes).toContainText(message);
    await app.write('Query', 'tea water 🍵 \u202e ماء');
    await app.rank();
    const first = app.region('BM25').locator('[data-passage-id=p01]');
    await expect(first).toContainText('Tea with water');
    for (const item of await app.items('Student').all()) {
      // Half a surrogate pair would show as a replacement character.
      expect(await item.innerText()).not.toMatch(
        /[\ufffd\u0000-\u0008]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/,
      );
      await expect(item.getByRole('paragraph')).toHaveAttribute('dir', 'auto');
    }
    const { candidates, query } = await app.decisions();
    expect(query).toContain('🍵');
    expect(candidates.find(({ id }) => id === 'p02')?.text).toBe(passages[1]);
    expect(candidates.find(({ id }) => id === 'p04')?.text).toBe(passages[3]);
    await app.openFile('plain.txt', 'green tea\nhot water');
    await expect(notes).toHaveCount(0);
  },
);

test('a bad line is named with its number and left out only if the user says so', async ({ app, page }) => {
  await app.preset({ k: 2 });
  await app.open();
  await app.write('Query', QUERY);
  const [one, two] = teaPassages(2);
  await app.openFile(
    'tea.jsonl',
    `{"id": "a", "text": "${one}"}\n{"id": "b", "text": \n{"id": "c", "text": "${two}"}\n`,
  );
  const dialog = page.getByRole('dialog', { name: '1 bad line in the corpus' });
  await expect(dialog.getByRole('row').nth(1).getByRole('cell').first()).toHaveText('2');
  await expect(dialog).toContainText('Not valid JSON');
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Line 2' })).toBeVisible();
  await app.button('Rank').click();
  await app.expectAll('idle');
  await expect(app.box('Query')).toHaveValue(QUERY);

  await app.button('Show bad lines').click();
  await dialog.getByRole('button', { name: 'Skip 1 bad line' }).click();
  await expect(page.getByText('2 passages').first()).toBeVisible();
  await expect(app.button('1 bad line skipped')).toBeVisible();
  await app.button('Rank').click();
  await app.expectState('BM25', 'done');
  expect([...(await app.ids('BM25'))].sort()).toEqual(['a', 'c']);

  // A file that is not text is refused with a way out.
  await app.openFile('picture.png', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 37) % 256)));
  await expect(page.getByRole('alert').filter({ hasText: 'picture.png' })).toContainText('not plain text');
  await app.button('Empty the box').click();
  await app.give(teaCorpus(3), QUERY);
  await app.button('Rank').click();
  await app.expectState('BM25', 'done');
});

onePage('pasted text is shown as text, never as markup', async ({ app, page }) => {
  const attack = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b>tea</b>`;
  await app.preset({ k: 3 });
  await app.open();
  const rows = [
    { id: '<i>1</i>', title: `Title ${attack}`, text: `tea ${attack}` },
    { id: '"><svg onload=window.hacked=1>', text: 'javascript:window.hacked=1 tea' },
    { id: '{{3}}', title: '__proto__', text: 'tea <script src=x>' },
  ];
  await app.openFile('<u>name</u>.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  await app.write('Query', `tea ${attack}`);
  await app.rank();
  expect([...(await app.ids('Teacher'))].sort()).toEqual(rows.map(({ id }) => id).sort());
  await expect(app.region('Student')).toContainText(`Title <img src=x onerror="window.hacked=1">`);
  await app.region('Student').getByText('Title <img').click();
  await expect(page.getByRole('dialog')).toContainText(attack);
  expect(await page.locator('main img, main script, main b, main i, main u, main svg[onload]').count()).toBe(
    0,
  );
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
});

test('where the browser blocks all storage the page says so and works', async ({ app, page }) => {
  await page.addInitScript(() => {
    const blocked = {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    };
    Object.defineProperty(window, 'localStorage', blocked);
    Object.defineProperty(window, 'sessionStorage', blocked);
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  });
  await app.open();
  const log = page.getByRole('log');
  await expect(log).toContainText('This browser does not let the page keep settings and texts: they last');
  await expect(log).toContainText('This browser does not let the page store anything: what you do is kept');
  await app.give(teaCorpus(3), QUERY, 3);
  await app.rank();
});

test('damaged storage is dropped with a notice, and the page works', async ({ app, page }) => {
  await page.addInitScript(() => {
    if (sessionStorage.getItem('broken')) return;
    sessionStorage.setItem('broken', 'once');
    localStorage.setItem(
      'rankscope.settings',
      '{"version": 1, "data": {"k": "many", "theme": 7, "bm25": {"k1": -4}}}',
    );
    localStorage.setItem('rankscope.grades', 'not JSON');
    localStorage.setItem('rankscope.page', '{"version": 99}');
  });
  await app.open();
  await expect(page.getByRole('log')).toContainText('Stored grades could not be read and were reset');
  await expect(app.spin('Candidates')).toHaveValue('10');
  await app.give(teaCorpus(3), QUERY, 3);
  await app.button('Rank').click();
  await app.expectState('BM25', 'done');
});
