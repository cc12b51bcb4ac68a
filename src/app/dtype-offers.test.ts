import { expect, it } from 'vitest';
import type { Offer, Verdict } from '../inference/device-policy.ts';
import { type Loaded, offersOf, optionWords } from './dtype-offers.ts';

const offer = (dtype: Offer['dtype'], verdict: Verdict): Offer => ({
  device: 'wasm',
  dtype,
  verdict,
  reason: 'Because.',
});
const words = (teacher: readonly Offer[], student: readonly Offer[]) => {
  const loaded: readonly Loaded[] = [
    { role: 'teacher', offers: teacher },
    { role: 'student', offers: student },
  ];
  return optionWords(offersOf(loaded, 'wasm', 'fp32'));
};

it('tells of a dtype the worst that is said of it for the models that are loaded', () => {
  expect(words([offer('fp32', 'good')], [offer('fp32', 'good')])).toBe('');
  expect(words([offer('fp32', 'good')], [offer('fp32', 'risk')])).toBe(' – a risk');
  expect(words([offer('fp32', 'risk')], [])).toBe(' – a risk');
  expect(words([offer('fp32', 'good')], [offer('int8', 'good')])).toBe('');
  expect(words([offer('fp32', 'impossible')], [])).toBe(' – cannot run here');
  expect(words([offer('int8', 'good')], [])).toBe(' – no loaded model has it');
  expect(optionWords([])).toBe('');
});

it('looks at the device in question alone', () => {
  const elsewhere: Offer = { ...offer('fp32', 'good'), device: 'webgpu' };
  expect(words([elsewhere], [elsewhere])).toBe(' – no loaded model has it');
});
