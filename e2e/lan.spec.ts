/** Over plain http to an address of the network: no threads, WebGPU, locks, digests or clipboard of the browser's. */

import { networkAddresses } from '../scripts/addresses.ts';
import { build, DIST, isBuilt } from '../scripts/build.ts';
import { serve } from '../scripts/server.ts';
import { App } from './app.ts';
import { QUERY, teaCorpus } from './corpus.ts';
import { expect, test } from './test.ts';

const [address] = networkAddresses();

test('everything works on one thread, in two tabs, and says what HTTPS would give', async ({
  page,
  context,
}) => {
  test.skip(address === undefined, 'This machine has no address beside localhost.');
  if (!isBuilt()) build();
  const { url, server } = await serve(DIST, 0, '0.0.0.0');
  const there = `http://${address}:${new URL(url).port}/`;
  const app = new App(page);
  // Chromium says in red that it leaves this header out of account here.
  app.tolerate(/Cross-Origin-Opener-Policy header has been ignored/);
  await page.goto(there);
  expect(await page.evaluate(() => [isSecureContext, crypto.subtle === undefined])).toEqual([false, true]);
  await app.give(teaCorpus(4), QUERY, 3);
  await app.rank();
  const ids = await app.ids('Teacher');
  await app.button('WASM · 1 thread · int8').click();
  const about = page.getByRole('dialog', { name: 'Where the models run' });
  await expect(about).toContainText('Over HTTPS (or on localhost) browsers would add threads, WebGPU');
  await expect(about).toContainText('1 thread');
  await page.keyboard.press('Escape');
  // Copied the old way, in a dialog, and pasted again.
  await app.items('Teacher').first().focus();
  await page.keyboard.press('Enter');
  const passage = page.getByRole('dialog', { name: ids[0] });
  const copy = passage.getByRole('button', { name: `Copy id ${ids[0]}` });
  await copy.click();
  await expect(copy).toContainText('Copied');
  await expect(copy).toBeFocused();
  await page.keyboard.press('Escape');
  await app.write('Query', '');
  await app.box('Query').press('ControlOrMeta+V');
  await expect(app.box('Query')).toHaveValue(ids[0] ?? 'nothing');
  await app.write('Query', QUERY);

  const other = new App(await context.newPage());
  other.tolerate(/Cross-Origin-Opener-Policy header has been ignored/);
  await other.page.goto(there);
  await expect(other.box('Query')).not.toHaveValue('');
  await other.give(teaCorpus(4), QUERY, 3);
  await other.rank();
  expect(await other.ids('Teacher')).toEqual(ids);
  expect([...app.faults, ...other.faults]).toEqual([]);
  server.close();
  server.closeAllConnections();
});
