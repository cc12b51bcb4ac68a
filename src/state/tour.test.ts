import { expect, it } from 'vitest';
import { memoryTextStore } from '../storage/local.ts';
import { restoreTour, useTour } from './tour.ts';

const offered = () => useTour.getState().offered;

it('is offered until it was begun or turned down', () => {
  const local = memoryTextStore();
  restoreTour(local);
  expect(offered()).toBe(true);
  restoreTour(local);
  expect(offered()).toBe(true);
  useTour.getState().end();
  expect(offered()).toBe(false);
  restoreTour(local);
  expect(offered()).toBe(false);

  const other = memoryTextStore();
  restoreTour(other);
  useTour.getState().start();
  expect(useTour.getState().step).toBe(0);
  restoreTour(other);
  expect(useTour.getState()).toMatchObject({ offered: false, step: null });
});
