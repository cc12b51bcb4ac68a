import { expect, it } from 'vitest';
import { RateMeter } from './rate.ts';

it('gives the rate of the last seconds, and the time left at that rate', () => {
  let ms = 1000;
  const meter = new RateMeter(() => ms);
  expect(meter.bytesPerSecond).toBeUndefined();
  meter.add(500);
  ms += 100;
  meter.add(600);
  // Too early to say.
  expect(meter.secondsLeft(100)).toBeUndefined();
  for (let i = 1; i <= 20; i++) {
    ms += 1000;
    meter.add(600 + i * 2000);
  }
  expect(meter.bytesPerSecond).toBeCloseTo(2000, 0);
  expect(meter.secondsLeft(10_000)).toBeCloseTo(5, 1);
  // Nothing comes: the rate falls, and does not stay at its last value.
  ms += 60_000;
  expect(meter.bytesPerSecond).toBeLessThan(200);
  // It began again from the front.
  meter.add(0);
  expect(meter.bytesPerSecond).toBeUndefined();
  ms += 1000;
  meter.add(3000);
  expect(meter.bytesPerSecond).toBeCloseTo(3000, 0);
});
