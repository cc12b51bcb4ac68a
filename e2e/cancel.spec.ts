/** Cancel, resume, and a reload in mid-run. */
import type { Page } from '@playwright/test';
import { generatedIds, QUERY, teaCorpus } from './corpus.ts';
import { onePage as test } from './one-page.ts';
import { expect } from './test.ts';
import { watchColumns, watched } from './watch.ts';

const N = 27;
const PAIRS = N * (N - 1);

/** Each test has a question of its own, of which nothing has been answered yet. */
const vessels = ['pot', 'cup', 'glass', 'jug'];
let query = '';

test.beforeEach(async ({ app, page }) => {
  await watchColumns(page);
  await app.preset({ k: N });
  await app.open();
  query = `${QUERY} in a ${vessels.shift()}`;
  await app.give(teaCorpus(N), query);
});

test('a cancelled run keeps a valid ranking, and Rank completes it without asking twice', async ({
  app,
  page,
}) => {
  await expect(app.button('Cancel')).toBeDisabled();
  await app.start();
  await app.answered('Teacher', 5);
  await app.button('Cancel').click();
  await app.expectState('Teacher', 'cancelled');
  await app.expectState('Student', 'done');
  await expect(app.button('Cancel')).toBeDisabled();
  await expect(app.button('Resume Teacher')).toBeVisible();
  expect([...(await app.ids('Teacher'))].sort()).toEqual(generatedIds(N));
  const first = await app.calls('Teacher');
  expect(first.asked).toBeGreaterThan(0);
  expect(first.asked).toBeLessThan(PAIRS);
  const partial = await app.decisions();
  expect(partial.methods.teacher.state).toBe('cancelled');
  expect(partial.methods.teacher.decisions).toHaveLength(first.asked);

  await app.rank();
  const second = await app.calls('Teacher');
  expect(second.cached).toBe(first.asked);
  expect(second.asked + first.asked).toBe(PAIRS);
  // What was decided before the cancel is what the whole ranking rests on.
  const whole = await app.decisions();
  const logits = new Map(whole.methods.teacher.decisions.map((d) => [`${d.a} ${d.b}`, d]));
  expect(logits.size).toBe(PAIRS);
  for (const { a, b, logitA, logitB } of partial.methods.teacher.decisions) {
    expect(logits.get(`${a} ${b}`)).toMatchObject({ logitA, logitB, cached: true });
  }
  expect((await watched(page)).faults).toEqual([]);
});

/** Answers in the store that outlives the page. */
function storedAnswers(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('rankscope');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction('answers').objectStore('answers').getAll();
          all.onsuccess = () => {
            opening.result.close();
            const records = all.result as { answers?: unknown[] }[];
            resolve(records.reduce((sum, record) => sum + (record.answers?.length ?? 0), 0));
          };
        };
      }),
  );
}

test('a reload in mid-run comes back as cancelled and can be resumed', async ({ app, page }) => {
  // The tests before this one have left theirs: they share a page.
  const before = await storedAnswers(page);
  await app.start();
  await app.answered('Teacher', 1);
  // The student's answers are N; more than those means that the teacher's are being stored too.
  await expect.poll(() => storedAnswers(page), { intervals: [100] }).toBeGreaterThan(before + N);
  await page.reload();
  await app.expectState('Teacher', 'cancelled');
  await app.expectState('BM25', 'done');
  await app.expectState('Student', 'done');
  expect([...(await app.ids('Teacher'))].sort()).toEqual(generatedIds(N));
  await expect(app.box('Query')).toHaveValue(query);
  await expect(app.box('Corpus')).toHaveValue(teaCorpus(N));
  await app.button('Resume Teacher').click();
  await app.expectState('Teacher', 'done');
  const { answered, cached } = await app.calls('Teacher');
  expect(answered).toBe(PAIRS);
  expect(cached).toBeGreaterThan(0);
  // The student was done: resuming the teacher has not run it again.
  expect((await app.calls('Student')).cached).toBe(0);
});

test('Escape closes what is open before it cancels; a new Rank leaves nothing of the old', async ({
  app,
  page,
}) => {
  await app.start();
  await app.answered('Teacher', 1);
  await app.items('BM25').first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(app.region('Teacher')).toHaveAttribute('data-state', 'running');
  await page.keyboard.press('Escape');
  await app.expectState('Teacher', 'cancelled');

  await app.start();
  // Answers of the first run come from the cache; wait for one that is new.
  await app.expectState('Student', 'done');
  await expect(app.region('Teacher')).toHaveAttribute('data-phase', 'scoring');
  await app.write('Query', 'mint tea');
  await expect(app.region('Teacher')).toHaveAttribute('data-stale', 'true');
  await app.spin('Candidates').fill('4');
  await app.start();
  await app.expectAll('done');
  for (const name of ['BM25', 'Student', 'Teacher'] as const) {
    expect(await app.ids(name)).toHaveLength(4);
    await expect(app.region(name)).not.toHaveAttribute('data-stale');
  }
  expect(await app.calls('Teacher')).toMatchObject({ answered: 12, asked: 12 });
  expect((await app.decisions()).query).toBe('mint tea');
  expect((await watched(page)).faults).toEqual([]);
});

test('a run that waits for its models can be cancelled too', async ({ app, page }) => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/*.onnx', async (route) => {
    await held;
    await route.continue();
  });
  await page.reload();
  await app.spin('Candidates').fill('3');
  await app.start();
  await expect(app.region('Student')).toHaveAttribute('data-phase', 'loading');
  await expect(app.region('Teacher')).toHaveAttribute('data-phase', 'queued');
  await app.expectState('BM25', 'done');
  await app.button('Cancel').click();
  await app.expectState('Student', 'cancelled');
  await app.expectState('Teacher', 'cancelled');
  expect(await app.ids('Student')).toEqual(await app.ids('BM25'));
  release();
  await app.rank();
  expect((await app.calls('Teacher')).asked).toBe(6);
});
