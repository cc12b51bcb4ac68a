/** Models that are missing or damaged, workers that die: one message, a way on, the rest alive. */
import type { Page, Route } from '@playwright/test';
import { App, METHODS } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { violations } from './looks.ts';
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
    /scorer_int8\.onnx.*(not found|missing)/is,
  ],
  [
    'a web page in place of the checkpoint',
    'ranker.json',
    (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Home</title>' }),
    /ranker\.json.*(not found|missing)/is,
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
  context,
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

  await test.step('a fault of drawing takes the place of one screen, and nothing is lost by it', async () => {
    app.tolerate(/no figures today/);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const toFixed = await page.evaluateHandle(() => Number.prototype.toFixed);
    await page.evaluate(() => {
      Number.prototype.toFixed = () => {
        throw new Error('no figures today');
      };
    });
    const screens = page.getByRole('navigation', { name: 'Screens' });
    await screens.getByRole('link', { name: 'Models' }).click();
    const fault = page.getByRole('main', { name: 'Models' });
    await expect(fault.getByRole('heading')).toHaveText('Models could not be shown');
    await expect(fault.getByRole('alert')).toContainText(/not something you did: no figures today/);
    await app.button('Copy details').click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/Models could not be shown\nScreen: #\/models\n.*\nError: no figures today[\s\S]*\nIn:\n/);
    await app.button('Try again').click();
    await expect(fault.getByRole('alert')).toContainText('It failed again');
    await expect(app.button('Reload the page')).toBeVisible();
    await page.evaluate((whole) => {
      Number.prototype.toFixed = whole;
    }, toFixed);
    expect(await violations(page)).toEqual([]);
    await app.button('Try again').click();
    await expect(page.getByRole('heading', { name: 'Models', exact: true })).toBeVisible();
    await screens.getByRole('link', { name: 'Playground' }).click();
    await expect(app.box('Query')).toHaveValue(QUERY);
    expect(await app.ids('Teacher')).toHaveLength(3);
  });
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
  await app.write('Query', 'mint tea');
  await app.spin('Candidates').fill('3');
  await app.rank();
  // So with BM25's worker.
  await kill(app, /retrieval\.worker/);
  await app.write('Query', 'white tea');
  await app.rank();
  expect(await app.ids('BM25')).toHaveLength(3);
});

/** When a worker ends: `at` counts its messages (0: before it has said that it lives), `after` waits some milliseconds more. */
interface Doom {
  readonly worker: 'scorer' | 'retrieval';
  readonly at: number;
  readonly after: number;
}

/** Has the first worker of a name ended by the browser at a moment; the page is told of it by nothing but its lock. */
async function doom(page: Page, { worker, at, after }: Doom): Promise<void> {
  await page.addInitScript(
    ([name, message, wait]) => {
      const Real = Worker;
      let made = 0;
      self.Worker = class extends Real {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          if (options?.name !== name || made++ > 0) return;
          const end = (): void => {
            document.documentElement.dataset.ended = name;
            Real.prototype.terminate.call(this);
          };
          let messages = 0;
          if (message === 0) end();
          else
            this.addEventListener('message', () => {
              if (++messages === message) setTimeout(end, wait);
            });
        }
      };
      // The page waits half a minute for a worker's first sign; here two seconds stand for that.
      const later = setTimeout;
      self.setTimeout = ((work: () => void, ms?: number) =>
        later(work, ms === 30_000 ? 2_000 : ms)) as typeof setTimeout;
    },
    [worker, at, after] as const,
  );
}

const DOOMS: readonly Doom[] = [
  { worker: 'scorer', at: 0, after: 0 },
  { worker: 'scorer', at: 1, after: 150 },
  { worker: 'scorer', at: 2, after: 0 },
  { worker: 'scorer', at: 3, after: 0 },
  { worker: 'retrieval', at: 0, after: 0 },
  { worker: 'retrieval', at: 3, after: 0 },
];

test('a worker that ends at any moment is replaced by one that has loaded; the order is that of an undisturbed run', async ({
  app,
  browser,
}) => {
  test.setTimeout(180_000);
  const rank = async (of: App): Promise<string[][]> => {
    await of.open();
    await of.give(teaCorpus(4), QUERY, 4);
    await of.start();
    for (const name of METHODS) {
      await expect(of.region(name)).toHaveAttribute('data-state', /done|error|cancelled/, {
        timeout: 60_000,
      });
      // One Retry is enough, whatever happened.
      const retry = of.button(`Retry ${name}`);
      if ((await retry.count()) === 0) continue;
      await expect(of.button('Cancel')).toBeDisabled({ timeout: 60_000 });
      await retry.click();
      await of.expectState(name, 'done');
    }
    await of.expectAll('done');
    return Promise.all(METHODS.map((name) => of.ids(name)));
  };
  const expected = await rank(app);
  for (const moment of DOOMS) {
    await test.step(JSON.stringify(moment), async () => {
      // Without a memory of the run before: nothing is answered from the cache.
      const context = await browser.newContext();
      const fresh = await context.newPage();
      await doom(fresh, moment);
      expect(await rank(new App(fresh))).toEqual(expected);
      await expect(fresh.locator('html')).toHaveAttribute('data-ended', moment.worker);
      await context.close();
    });
  }
});

const BROKEN_SCRIPTS: readonly (readonly [what: string, answer: Answer])[] = [
  ['is not there', (route) => route.fulfill({ status: 404, body: 'Not found' })],
  [
    'throws',
    (route) => route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("no such luck")' }),
  ],
];

for (const [what, answer] of BROKEN_SCRIPTS) {
  test(`a worker whose script ${what} is named, and Retry starts it once the script is whole`, async ({
    app,
    page,
  }) => {
    app.tolerate(/Failed to load resource|no such luck/);
    await page.route('**/scorer.worker-*.js', answer);
    await app.open();
    await app.give(teaCorpus(3), QUERY, 3);
    await app.start();
    await app.expectState('Student', 'error');
    await app.expectState('Teacher', 'error');
    await expect(app.region('Student').getByRole('alert')).toContainText(/student worker/);
    await page.unroute('**/scorer.worker-*.js');
    await app.button('Retry Student').click();
    await app.expectState('Student', 'done');
    await app.button('Retry Teacher').click();
    await app.expectAll('done');
  });
}
