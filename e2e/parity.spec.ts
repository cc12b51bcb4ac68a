/**
 * The browser and the command line are one engine: on the samples, with the embedded weights in fp32,
 * logits agree within 1e-3 and orders agree wherever scores lie further apart than that.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type OpenedCheckpoint, openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import type { RankerCard } from '../src/checkpoint/ranker-card.ts';
import type { DecisionsExport } from '../src/formats/decisions.ts';
import { createMethod } from '../src/ranking/create-method.ts';
import type { MethodId } from '../src/ranking/methods/registry.ts';
import { defaultTemplate } from '../src/ranking/templates.ts';
import type { RankingEvent } from '../src/ranking/types.ts';
import { readSafetensors } from '../src/t5/safetensors.ts';
import { makeT5 } from '../src/t5/weights.ts';
import type { Candidate } from '../src/types.ts';
import { writeCheckpointFolder } from '../trainer/checkpoint/checkpoint-folder.ts';
import { nodeFolder } from '../trainer/node/folder.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import type { App } from './app.ts';
import { expect, test } from './test.ts';

const MODELS = new URL('../public/models/', import.meta.url).pathname;
const ROLES = ['teacher', 'student'] as const;
const TOLERANCE = 1e-3;

let folder: string;
const opened = {} as Record<(typeof ROLES)[number], OpenedCheckpoint>;

/** The embedded weights once more, with a scorer in fp32. */
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rankscope-parity-'));
  for (const role of ROLES) {
    const from = `${MODELS}demo-${role}/`;
    const text = (name: string) => readFile(from + name, 'utf8');
    const weights = readSafetensors(await readFile(`${from}model.safetensors`), 'model.safetensors');
    await writeCheckpointFolder(join(folder, `demo-${role}`), {
      model: makeT5(JSON.parse(await text('config.json')), weights, from),
      tokenizerJson: await text('tokenizer.json'),
      tokenizerConfigJson: await text('tokenizer_config.json'),
      dtypes: ['fp32'],
      weights: 'BF16',
      card: JSON.parse(await text('ranker.json')) as RankerCard,
    });
    opened[role] = await openCheckpoint(nodeFolder(join(folder, `demo-${role}`)), nodeRuntime(2));
  }
});

test.afterAll(async () => {
  for (const role of ROLES) await opened[role]?.scorer.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function serveFp32(page: Page): Promise<void> {
  await page.route(/\/models\/demo-(teacher|student)\//, async (route) => {
    const path = new URL(route.request().url()).pathname.split('/models/')[1] as string;
    await route.fulfill({
      body: await readFile(join(folder, path)),
      contentType: 'application/octet-stream',
    });
  });
}

interface InNode {
  readonly logits: ReadonlyMap<string, number>;
  readonly scores: ReadonlyMap<string, number>;
}

/** The same ranking by the same core on onnxruntime-node. */
async function inNode(method: MethodId, { query, candidates }: DecisionsExport): Promise<InNode> {
  const { scorer, card } = opened[method === 'pointwise-yes' ? 'student' : 'teacher'];
  const list: Candidate[] = candidates.map((passage) => ({
    passage,
    rank: passage.rank,
    score: passage.score,
  }));
  const id = (index: number) => list[index]!.passage.id;
  const logits = new Map<string, number>();
  const scores = new Map<string, number>();
  const take = (event: RankingEvent) => {
    if (event.type === 'scored') for (const item of event.items) logits.set(id(item.index), item.logits[0]!);
    if (event.type === 'decided') {
      for (const { a, b, logitA, logitB } of event.items) {
        logits.set(`${id(a)} ${id(b)} A`, logitA);
        logits.set(`${id(a)} ${id(b)} B`, logitB);
      }
    }
    if (event.type === 'ranking') {
      event.order.forEach((index, i) => {
        scores.set(id(index), event.scores[i]!);
      });
    }
  };
  const ranker = createMethod(method, { template: defaultTemplate(method, card.templates) });
  for await (const event of ranker.rank({ id: 'q', text: query }, list, scorer)) take(event);
  return { logits, scores };
}

/** Wherever Node's scores lie apart, the page must have the same one first. */
function expectSameOrder(order: readonly string[], scores: ReadonlyMap<string, number>, gap: number): void {
  order.forEach((better, i) => {
    for (const worse of order.slice(i + 1)) {
      expect(scores.get(better)! - scores.get(worse)!, `${better} before ${worse}`).toBeGreaterThan(-gap);
    }
  });
}

async function sampleRun(app: App, name: string): Promise<DecisionsExport> {
  await app.combo('Sample').selectOption({ label: name });
  await expect(app.box('Query')).not.toHaveValue('');
  await app.rank();
  return app.decisions();
}

test('fp32 in the browser and in Node agree on every sample', async ({ app, page }) => {
  test.slow();
  await serveFp32(page);
  // Six candidates: fp32 is the slow form, and 30 ordered pairs a sample say as much as 90.
  await app.preset({ device: 'wasm', k: 6 });
  await app.open();
  const names = await app.combo('Sample').getByRole('option').allInnerTexts();
  const samples = JSON.parse(await readFile(`${MODELS}../samples/index.json`, 'utf8')) as {
    samples: { title: string }[];
  };
  for (const { title } of samples.samples) {
    const run = await sampleRun(app, names.find((name) => name.includes(title))!);
    const { student, teacher } = run.methods;
    expect(student.checkpoint).toMatchObject({ dtype: 'fp32', device: 'wasm' });

    const pointwise = await inNode('pointwise-yes', run);
    for (const { id, logits } of student.scored) {
      expect(Math.abs(logits[0]! - pointwise.logits.get(id)!), `${title}: ${id}`).toBeLessThan(TOLERANCE);
    }
    expectSameOrder(student.order, pointwise.scores, TOLERANCE);

    const pairwise = await inNode('prp-allpair', run);
    let narrow = 0;
    for (const { a, b, logitA, logitB } of teacher.decisions) {
      expect(Math.abs(logitA - pairwise.logits.get(`${a} ${b} A`)!), `${title}: ${a} ${b}`).toBeLessThan(
        TOLERANCE,
      );
      expect(Math.abs(logitB - pairwise.logits.get(`${a} ${b} B`)!), `${title}: ${a} ${b}`).toBeLessThan(
        TOLERANCE,
      );
      if (Math.abs(logitA - logitB) < 2 * TOLERANCE) narrow++;
    }
    // Eq. 5 counts decisions: one that is narrower than the tolerance may fall either way and move two scores by 1.
    expectSameOrder(teacher.order, pairwise.scores, narrow > 0 ? narrow + 0.5 : 0.25);
  }
});
