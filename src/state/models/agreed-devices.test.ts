import { expect, it } from 'vitest';
import { memoryTextStore } from '../../storage/local.ts';
import { agreedDevices } from './agreed-devices.ts';

it('remembers over a reload, once each, the newest hundred', () => {
  const store = memoryTextStore();
  const agreed = agreedDevices(store);
  for (let i = 0; i < 120; i++) agreed.add(`key ${i % 110}`);
  const kept = agreedDevices(store).list();
  expect(kept).toHaveLength(100);
  expect(kept.at(-1)).toBe('key 9');
  expect(new Set(kept).size).toBe(100);
});

it('takes nothing that it has not written', () => {
  const store = memoryTextStore();
  store.setItem('rankscope.agreed-devices', JSON.stringify({ version: 1, data: [1] }));
  expect(agreedDevices(store).list()).toEqual([]);
});
