/** Models that are missing or damaged, workers that die: one message, a way on, the rest alive. */
import type { Page, Route } from '@playwright/test';
import type { App } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { expect, test } from './test.ts';

type Answer = (route: Route) => Promise<void>;

/** The real file with its bytes changed. */
const changed =
  (change: (body: Buffer) => Buffer): Answer =>
  async (route) => {
    const response = await route.fetch();
    await route.fulfill({ contentType: 'application/octet-stream', body: change(await response.body()) });
  };

const flip = (body: Buffer): Buffer => {
  const at = Math.floor(body.length / 2);
  body[at] = (body[at] as number) ^ 1;
  return body;
};

const FAULTS: readonly (readonly [what: string, file: string, answer: Answer, says: RegExp])[] = [
  [
    'a truncated checkpoint',
    'onnx/*.onnx',
    changed((body) => body.subarray(0, 100_000)),
    /scorer_int8\.onnx.*(100,?000|bytes|short|truncated)/is,
  ],
  [
    'a checkpoint with one altered byte',
    'onnx/*.onnx',
    changed(flip),
    /scorer_int8\.onnx.*(altered|digest|SHA|damaged|changed)/is,
  ],
  [
    'a missing checkpoint',
    'onnx/*.onnx',
    (route) => route.fulfill({ status: 404, body: 'Not found' }),
    /scorer_int8\.onnx.*(not there|missing)/is,
  ],
  [
    'a web page in place of the checkpoint',
    'ranker.json',
    (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Home</title>' }),
    /ranker\.json.*(not there|missing)/is,
  ],
  ['an altered tokenizer', 'tokenizer.json', changed(flip), /tokenizer\.json/],
];

async function student(page: Page): Promise<string> {
  const response = await page.request.get('models/index.json');
  const { models } = (await response.json()) as { models: { role: string; path: string }[] };
  return models.find(({ role }) => role === 'student')?.path as string;
}

test('a damaged or missing checkpoint is named, the other columns go on, and Retry mends it', async ({
  app,
  page,
}) => {
  app.tolerate(/Failed to load resource/);
  const folder = `**/models/${await student(page)}`;
  const alert = app.region('Student').getByRole('alert');
  for (const [at, [what, file, answer, says]] of FAULTS.entries()) {
    await test.step(what, async () => {
      await page.route(folder + file, answer);
      if (at === 0) {
        await app.preset({ k: 3 });
        await app.open();
        await app.give(teaCorpus(3), QUERY);
        // Said at once, not only when the model is needed.
        await expect(alert).toContainText(says);
        await app.start();
        await app.expectState('BM25', 'done');
        await app.expectState('Teacher', 'done');
      } else {
        await app.button('Retry Student').click();
      }
      await app.expectState('Student', 'error');
      await expect(alert).toContainText(says);
      await expect(alert).toContainText(/retry/i);
      await page.unroute(folder + file);
    });
  }
  await expect(app.box('Query')).toHaveValue(QUERY);
  await expect(app.box('Corpus')).toHaveValue(teaCorpus(3));
  await app.button('Retry Student').click();
  await app.expectState('Student', 'done');
});

test('without the lists of models and samples BM25 still works, and each says what is missing', async ({
  app,
  page,
}) => {
  app.tolerate(/Failed to load resource/);
  await page.route('**/models/index.json', (route) => route.fulfill({ status: 404, body: 'Not found' }));
  await page.route('**/samples/index.json', (route) => route.fulfill({ status: 500, body: 'Broken' }));
  await app.open();
  await expect(page.getByText(/samples\/index\.json: the server answered 500/)).toBeVisible();
  await app.give(teaCorpus(3), QUERY, 3);
  await app.start();
  await app.expectState('BM25', 'done');
  for (const name of ['Student', 'Teacher'] as const) {
    await app.expectState(name, 'error');
    await expect(app.region(name).getByRole('alert')).toContainText(/models\/index\.json is missing/);
  }
  await page.unroute('**/models/index.json');
  await app.rank();
});

/** Ends workers from inside, as a crash would: no error event, no message. */
async function kill(app: App, script: RegExp): Promise<void> {
  const workers = app.page.workers().filter((worker) => script.test(worker.url()));
  expect(workers.length).toBeGreaterThan(0);
  await Promise.all(workers.map((worker) => worker.evaluate(() => self.close()).catch(() => {})));
}

test('a model’s worker that dies in mid-run is named, and Retry goes on from its answers', async ({
  app,
}) => {
  const n = 16;
  await app.preset({ k: n });
  await app.open();
  await app.give(teaCorpus(n), QUERY);
  await app.start();
  await app.answered('Teacher', 5);
  await kill(app, /scorer\.worker/);
  await app.expectState('Teacher', 'error');
  await app.expectState('Student', 'done');
  await expect(app.region('Teacher').getByRole('alert')).toContainText(/worker ended unexpectedly.*retry/is);
  await expect(app.box('Query')).toHaveValue(QUERY);
  await app.button('Retry Teacher').click();
  await app.expectState('Teacher', 'done');
  const { answered, cached } = await app.calls('Teacher');
  expect(answered).toBe(n * (n - 1));
  expect(cached).toBeGreaterThan(0);
  // The student's worker died too, with nothing to do: the next run starts it again.
  await app.box('Query').fill('mint tea');
  await app.spin('Candidates').fill('3');
  await app.rank();
  // So with BM25's worker.
  await kill(app, /retrieval\.worker/);
  await app.box('Query').fill('white tea');
  await app.rank();
  expect(await app.ids('BM25')).toHaveLength(3);
});
