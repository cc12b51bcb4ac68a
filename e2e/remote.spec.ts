/** The Teacher column by a service: typed, asked about, ranked, counted, kept – and the key nowhere. */
import { startService } from '../trainer/testing/remote-service.ts';
import { QUERY } from './corpus.ts';
import { expect, test } from './test.ts';

/** One, three, eight and two of the query’s words: the service’s order is 3, 2, 4, 1. */
const CORPUS = `Tea, tea and tea again is all they drink.
Water for tea.
How hot should the water for tea be? Seventy degrees.
Hot tea.`;
const KEY = 'sk-e2e-never-shown-93b1';

test('a service on this machine is the teacher', async ({ app, page }) => {
  const service = await startService({ key: KEY });
  const { host } = new URL(service.url);
  const n = 4;
  await app.preset({ k: n, schedule: 'listwise' });
  await app.open();
  await app.give(CORPUS, QUERY);
  await app.combo('Teacher model').selectOption('Remote model…');
  const dialog = page.getByRole('dialog', { name: 'Remote model' });
  // An address that the page’s policy does not allow.
  await dialog.getByRole('textbox', { name: 'Address' }).fill('https://api.example.com/v1');
  await dialog.getByRole('textbox', { name: 'Model' }).fill('judge');
  await dialog.getByRole('button', { name: 'Use as teacher' }).click();
  await expect(dialog.getByRole('alert')).toContainText('--connect-src https://api.example.com');
  await dialog.getByRole('textbox', { name: 'Address' }).fill(service.url);
  await dialog.getByLabel('Key', { exact: true }).fill(KEY);
  await dialog.getByRole('textbox', { name: 'Price, input' }).fill('2');
  await expect(dialog).toContainText(`go to ${host} when you rank`);
  await dialog.getByRole('button', { name: 'Use as teacher' }).click();
  await expect(app.region('Teacher')).toContainText(`at ${host}`);
  await app.modelsReady();
  expect(service.seen).toHaveLength(0);

  // The service limits the first request: it is waited for.
  service.faults.push({ kind: 'status', status: 429, retryAfter: '1' });
  await app.button('Rank').click();
  const question = page.getByRole('dialog', { name: `Ask ${host}?` });
  await expect(question).toContainText(/calls? to 127\.0\.0\.1:\d+/);
  await question.getByRole('button', { name: `Ask ${host}` }).click();
  await app.expectAll('done');
  expect(service.seen.at(-1)).toMatchObject({ authorization: `Bearer ${KEY}`, path: '/v1/chat/completions' });
  await expect(app.region('Teacher')).toContainText(/\d requests · \d+ \+ \d+ tokens · cost 0/);
  expect(await app.ids('Teacher')).toEqual(['p03', 'p02', 'p04', 'p01']);

  // What is known is asked no second time, and needs no word.
  const asked = service.seen.length;
  await app.rank();
  expect(service.seen).toHaveLength(asked);

  // By the rerank protocol, in one request.
  await app.combo('Pairs to compare').selectOption('rerank');
  await app.button('Rank').click();
  await question.getByRole('button', { name: `Ask ${host}` }).click();
  await app.expectAll('done');
  expect(service.seen).toHaveLength(asked + 1);
  expect(service.seen.at(-1)!.path).toBe('/v1/rerank');

  // A row of a table: asked about for all queries, counted, from a number down to what was written.
  await page.getByRole('link', { name: 'Evaluate', exact: true }).click();
  await page
    .getByRole('region', { name: 'Data', exact: true })
    .getByLabel('Sample')
    .selectOption({ index: 1 });
  const methods = page.getByRole('region', { name: 'Methods', exact: true });
  const others = methods.getByRole('button', { name: /^Remove / });
  while ((await others.count()) > 0) await others.first().click();
  await methods.getByLabel('Method', { exact: true }).selectOption('Listwise');
  await methods.getByLabel('Checkpoint', { exact: true }).selectOption({ label: `judge · ${host}` });
  await app.button('Add row').click();
  await app.spin('Depth').fill('3');
  const before = service.seen.length;
  await app.button('Run').click();
  await expect(question).toContainText(
    /Up to \d+ calls to .*, about [\d,]+ input tokens .*: about .* at your price/,
  );
  expect(service.seen).toHaveLength(before);
  await question.getByRole('button', { name: `Ask ${host}` }).click();
  const evaluation = page.getByRole('region', { name: 'Evaluation', exact: true });
  await expect(evaluation).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
  await expect(methods).toContainText(/\d+ requests · [\d,]+ \+ \d+ tokens · cost/);
  const all = service.seen.length;
  expect(all).toBeGreaterThan(before);
  await page.getByRole('button', { name: /, nDCG@10 of Listwise.*show its queries$/ }).click();
  await expect(page.getByRole('region', { name: 'Queries, scrolling' })).toBeFocused();
  await page
    .getByRole('button', { name: /^Inspector: / })
    .first()
    .click();
  await expect(page.getByRole('region', { name: 'Answers about several passages' })).toContainText(
    'Listwise: 1 answer',
  );
  expect(service.seen).toHaveLength(all);
  await app.button('Back to my work').click();
  await page.getByRole('link', { name: 'Playground', exact: true }).click();

  // The key is in nothing that leaves the page or stays.
  const decisions = await app.saved('Decisions (JSON)');
  expect(JSON.parse(decisions).methods.teacher.checkpoint).toMatchObject({ name: 'judge', service: host });
  const kept = await page.evaluate(async () => {
    const rows: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const open = indexedDB.open(name!);
      const database = await new Promise<IDBDatabase>((resolve) => {
        open.onsuccess = () => resolve(open.result);
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        rows.push(
          await new Promise((resolve) => {
            all.onsuccess = () => resolve(all.result);
          }),
        );
      }
      database.close();
    }
    return JSON.stringify([rows, { ...localStorage }, { ...sessionStorage }, location.href]);
  });
  for (const text of [decisions, kept, await page.locator('body').innerText()])
    expect(text).not.toContain(KEY);
  await service.close();
});
