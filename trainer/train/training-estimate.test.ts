import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testFolder } from '../testing/folder.ts';
import { diskNeeded, heldBytes } from './training-estimate.ts';

const folder = testFolder('train-estimate');

it('counts the disk that is still to be filled, and room for what is replaced whole', async () => {
  const size = 1e6;
  const whole = diskNeeded(size, 100);
  mkdirSync(join(folder, 'work'), { recursive: true });
  writeFileSync(join(folder, 'work', 'state.bin'), new Uint8Array(12 * size));
  expect(await heldBytes(folder)).toBe(12 * size);
  expect(diskNeeded(size, 100, 12 * size)).toBe(whole - 12 * size);
  expect(diskNeeded(size, 100, 40 * size)).toBe(whole - 16 * size);
  expect(await heldBytes(join(folder, 'none'))).toBe(0);
  expect(await heldBytes(undefined)).toBe(0);
});
