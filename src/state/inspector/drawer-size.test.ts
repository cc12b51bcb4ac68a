import { expect, it } from 'vitest';
import { memoryTextStore } from '../../storage/local.ts';
import { LEAST_DRAWER, MOST_DRAWER, restoreDrawerSize, sizeDrawer, useDrawerSize } from './drawer-size.ts';

it('keeps the size, within bounds, and drops what is no size', () => {
  const local = memoryTextStore();
  restoreDrawerSize(local);
  const usual = useDrawerSize.getState().percent;
  sizeDrawer(33.4);
  restoreDrawerSize(local);
  expect(useDrawerSize.getState().percent).toBe(33);
  sizeDrawer(99);
  expect(useDrawerSize.getState().percent).toBe(MOST_DRAWER);
  sizeDrawer(-3);
  expect(useDrawerSize.getState().percent).toBe(LEAST_DRAWER);
  sizeDrawer();
  expect(useDrawerSize.getState().percent).toBe(usual);
  local.setItem('rankscope.drawer', JSON.stringify({ version: 1, data: 'tall' }));
  restoreDrawerSize(local);
  expect(useDrawerSize.getState().percent).toBe(usual);
});
