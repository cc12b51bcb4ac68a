/** For tests of models from elsewhere: a hub with a few, and the ways of the Models screen. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { App } from './app.ts';
import { HubServer } from './hub-server/hub-server.ts';
import { type Repo, repoOfFiles, repoOfFolder } from './hub-server/repo.ts';
import { test as base } from './test.ts';

/** It stands for what people bring: through every path its rankings are the same. */
export const STUDENT = 'public/models/demo-student';
export const WEIGHTS = /model\.safetensors$/;
/** Models load one after the other on busy cores. */
export const LOADED = { timeout: 75_000 };

/** The embedded student without its card and scorers: an original, as people find them on the hub. */
function original(): Repo {
  const paths = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
  return repoOfFiles(Object.fromEntries(paths.map((path) => [path, readFileSync(join(STUDENT, path))])));
}

export const test = base.extend<{ hub: HubServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: it needs no other fixture, and Playwright reads this pattern.
  hub: async ({}, use) => {
    const hub = await HubServer.start();
    hub.host('me/own-flan-t5', { repo: original(), license: 'apache-2.0', modelType: 't5' });
    hub.host('me/ready', { repo: repoOfFolder(STUDENT), license: 'apache-2.0', modelType: 't5' });
    hub.host('me/gated', { repo: original(), gated: 'manual', modelType: 't5' });
    hub.host('me/bert', { repo: original(), modelType: 'bert' });
    await use(hub);
    await hub.close();
  },
});

export async function openModels(app: App, page: Page, hub: HubServer): Promise<void> {
  await app.preset({ k: 3 });
  await page.goto('./#/models');
  await app.box('Hub address').fill(hub.url);
}

export async function lookUp(app: App, text: string): Promise<void> {
  await app.box('Model').fill(text);
  await app.button('Look up').click();
}

export const found = (page: Page, title: string): Locator =>
  page.getByRole('region', { name: title, exact: true });

/** Drops what lies at a path of this machine, as a file manager does. */
export async function dropPath(page: Page, path: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [resolve(path)], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await cdp.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  }
  await cdp.detach();
}
