/** The popover “Where the models run”: the dtype that people choose is what models are loaded and rank with. */
import { QUERY, teaCorpus } from './corpus.ts';
import { violations } from './looks.ts';
import { expect, test } from './test.ts';

test('a dtype chosen for WASM is what both models run with, also after a reload', async ({ app, page }) => {
  await app.preset({ k: 3 });
  await app.open();
  await app.give(teaCorpus(3), QUERY);
  await app.modelsReady();
  const open = () => page.getByRole('button', { name: /^WASM · / }).click();
  await open();
  const dtype = app.combo('dtype on WASM');
  await expect(dtype).toHaveValue('');
  await expect(dtype.getByRole('option')).toHaveText([
    'Automatic',
    'int8',
    'q8',
    'q4 – no loaded model has it',
    'fp32 – no loaded model has it',
  ]);
  await dtype.selectOption('q8');
  await app.modelsReady();
  await expect(dtype).toHaveAccessibleDescription(/Teacher: On the CPU.*Student: On the CPU/s);
  expect(await violations(page, '.popover')).toEqual([]);
  await page.keyboard.press('Escape');
  await app.rank();
  for (const name of ['Student', 'Teacher'] as const) {
    await expect(app.region(name)).toHaveAttribute('data-dtype', 'q8');
    await expect(app.region(name)).toHaveAttribute('data-device', 'wasm');
  }
  await page.reload();
  await app.modelsReady();
  await open();
  await expect(dtype).toHaveValue('q8');
  // What no model has is not a reason to be without one.
  await dtype.selectOption('fp32');
  await expect(
    page.getByText('fp32 was not used: The model has no scorer of it. It runs as int8.'),
  ).toBeVisible();
  await expect(dtype).toHaveAccessibleDescription(/Teacher: it has no fp32, so its best is taken/);
  await dtype.selectOption('');
  await app.modelsReady();
});
