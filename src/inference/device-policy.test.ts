import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BYTES_PER_PARAMETER,
  choose,
  type Machine,
  type ModelSize,
  type Offer,
  offersFor,
  type Wish,
  whyNot,
  whyNotWished,
} from './device-policy.ts';
import type { Dtype } from './scorer.ts';

const DESKTOP: Machine = {
  gpu: 'real',
  maxBufferBytes: 4e9,
  threads: 4,
  isolated: true,
  memoryGb: 8,
  mobile: false,
};
const NO_GPU: Machine = { ...DESKTOP, gpu: 'none' };
const ONE_THREAD: Machine = { ...NO_GPU, threads: 1, isolated: false };
const TIGHT: Machine = { ...DESKTOP, memoryGb: 4 };
const PHONE: Machine = { ...DESKTOP, mobile: true };

const ALL: readonly Dtype[] = ['int8', 'fp32', 'q8', 'q4'];
const flan = (millions: number, dtypes: readonly Dtype[] = ALL): ModelSize => ({
  name: 'FLAN-T5',
  parameters: millions * 1e6,
  bytes: Object.fromEntries(dtypes.map((dtype) => [dtype, millions * 1e6 * BYTES_PER_PARAMETER[dtype]])),
});
const [SMALL, BASE, LARGE] = [flan(77), flan(248), flan(783)];
const brief = (offer: Offer | undefined) => offer && `${offer.device} ${offer.dtype}`;
const auto = (machine: Machine, model: ModelSize) =>
  brief(choose(offersFor(machine, model), { device: 'auto' }));

describe('what is taken by itself', () => {
  it.each([
    ['a desktop with a graphics card', DESKTOP, ['webgpu q8', 'webgpu q8', 'webgpu q4']],
    ['a desktop without', NO_GPU, ['wasm int8', 'wasm int8', undefined]],
    ['a page that is not isolated', ONE_THREAD, ['wasm int8', 'wasm int8', undefined]],
    ['a software adapter', { ...DESKTOP, gpu: 'software' } as Machine, ['wasm int8', 'wasm int8', undefined]],
    ['little memory', TIGHT, ['webgpu q8', undefined, undefined]],
    ['a phone', PHONE, ['webgpu q8', undefined, undefined]],
    ['a phone without WebGPU', { ...PHONE, gpu: 'none' } as Machine, ['wasm int8', undefined, undefined]],
    ['memory that is not told', { ...DESKTOP, memoryGb: undefined }, ['webgpu q8', 'webgpu q8', 'webgpu q4']],
    ['small buffers', { ...DESKTOP, maxBufferBytes: 256e6 }, ['webgpu q8', 'webgpu q4', undefined]],
  ])('on %s', (_, machine, expected) => {
    expect([SMALL, BASE, LARGE].map((model) => auto(machine, model))).toEqual(expected);
  });

  it('is what the checkpoint has', () => {
    expect(auto(DESKTOP, flan(77, ['int8']))).toBe('wasm int8');
    expect(auto(DESKTOP, flan(77, ['int8', 'fp32']))).toBe('webgpu fp32');
    expect(auto(NO_GPU, flan(77, ['q4']))).toBe('wasm q4');
    expect(auto(DESKTOP, flan(77, []))).toBeUndefined();
  });
});

describe('what is asked for by name', () => {
  it('is given with its risk', () => {
    const software = offersFor({ ...DESKTOP, gpu: 'software' }, SMALL);
    expect(choose(software, { device: 'webgpu' })).toMatchObject({
      dtype: 'q8',
      verdict: 'risk',
      reason: expect.stringContaining('far slower than WASM'),
    });
    expect(choose(offersFor(NO_GPU, LARGE), { device: 'wasm' })).toMatchObject({
      dtype: 'int8',
      verdict: 'risk',
      reason: expect.stringMatching(/783 million parameters .* 2\.0 GB .* 4 seconds a prompt/),
    });
    expect(choose(offersFor(DESKTOP, SMALL), { device: 'webgpu', dtype: 'int8' })).toMatchObject({
      verdict: 'risk',
      reason: expect.stringContaining('half of an int8 graph'),
    });
  });

  it('is not given where it cannot work', () => {
    expect(choose(offersFor(NO_GPU, SMALL), { device: 'webgpu' })).toBeUndefined();
    expect(whyNot(offersFor(NO_GPU, SMALL), 'webgpu')).toBe('This browser offers no WebGPU adapter.');
    expect(choose(offersFor(NO_GPU, LARGE), { device: 'wasm', dtype: 'fp32' })).toBeUndefined();
    expect(whyNot(offersFor(NO_GPU, flan(3000)), 'wasm')).toContain('WebAssembly has 4 GB');
  });
});

describe('a dtype wished for', () => {
  const WISH = { device: 'auto', dtypes: { wasm: 'q8', webgpu: 'fp32' } } as const;
  const taken = (machine: Machine, model: ModelSize, wish: Wish) =>
    brief(choose(offersFor(machine, model), wish));

  it('is taken on its device, at any risk, and decides about no device', () => {
    expect(taken(DESKTOP, SMALL, WISH)).toBe('webgpu fp32');
    expect(taken(DESKTOP, BASE, WISH)).toBe('webgpu fp32');
    expect(taken({ ...DESKTOP, gpu: 'software' }, SMALL, WISH)).toBe('wasm q8');
    expect(taken(NO_GPU, SMALL, WISH)).toBe('wasm q8');
    expect(taken(DESKTOP, SMALL, { ...WISH, device: 'wasm' })).toBe('wasm q8');
    expect(taken(DESKTOP, SMALL, { device: 'auto', dtypes: { wasm: 'fp32' } })).toBe('webgpu q8');
    // A dtype that is the only one that will do goes before wishes.
    expect(taken(DESKTOP, SMALL, { ...WISH, device: 'wasm', dtype: 'int8' })).toBe('wasm int8');
  });

  it('starts a model that would not be started by itself', () => {
    expect(taken(NO_GPU, LARGE, { device: 'auto', dtypes: { wasm: 'q8' } })).toBe('wasm q8');
    expect(taken(NO_GPU, LARGE, { device: 'auto', dtypes: { webgpu: 'q8' } })).toBeUndefined();
  });

  it('gives way where it cannot be had, and says why', () => {
    const offers = offersFor(NO_GPU, flan(248, ['int8', 'q8']));
    const fp32 = { device: 'auto', dtypes: { wasm: 'fp32' } } as const;
    expect(brief(choose(offers, fp32))).toBe('wasm int8');
    expect(whyNotWished(offers, choose(offers, fp32)!, fp32.dtypes)).toBe(
      'fp32 was not used: The model has no scorer of it. It runs as int8.',
    );
    const large = offersFor(NO_GPU, LARGE);
    const forced = choose(large, { device: 'wasm', dtypes: fp32.dtypes })!;
    expect(whyNotWished(large, forced, fp32.dtypes)).toMatch(
      /^fp32 was not used: .*4 GB\. It runs as int8\.$/,
    );
    expect(whyNotWished(large, forced, { webgpu: 'fp32' })).toBeUndefined();
  });
});

it('says why nothing is taken by itself', () => {
  expect(whyNot(offersFor(PHONE, BASE), 'auto')).toContain('much for a phone or tablet');
  expect(whyNot([], 'auto')).toContain('no scorer that runs in a page');
});

it('says that threads are missing, and what would give them', () => {
  const [offer] = offersFor(ONE_THREAD, SMALL);
  expect(offer!.reason).toMatch(/one thread.*served isolated/);
});

describe('on any machine with any model', () => {
  const machines = fc.record<Machine>({
    gpu: fc.constantFrom('none', 'software', 'real'),
    maxBufferBytes: fc.option(fc.double({ min: 1e8, max: 8e9, noNaN: true }), { nil: undefined }),
    threads: fc.integer({ min: 1, max: 16 }),
    isolated: fc.boolean(),
    memoryGb: fc.constantFrom(undefined, 0.5, 2, 4, 8, 32),
    mobile: fc.boolean(),
  });
  const models = fc
    .tuple(fc.integer({ min: 1, max: 12_000 }), fc.subarray([...ALL]))
    .map(([millions, dtypes]) => flan(millions, dtypes));

  it('every dtype is judged once a device, with a reason, the good first', () => {
    fc.assert(
      fc.property(machines, models, (machine, model) => {
        const offers = offersFor(machine, model);
        const keys = offers.map(({ device, dtype }) => `${device} ${dtype}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toHaveLength(2 * Object.keys(model.bytes).length);
        for (const { reason } of offers) expect(reason).toMatch(/^[A-Z0-9].*\.$/);
        const verdicts = offers.map(({ verdict }) => ['good', 'risk', 'impossible'].indexOf(verdict));
        expect(verdicts).toEqual([...verdicts].sort());
      }),
    );
  });

  it('int8 on WebGPU and software adapters are never taken by themselves', () => {
    fc.assert(
      fc.property(machines, models, (machine, model) => {
        const taken = choose(offersFor(machine, model), { device: 'auto' });
        if (taken?.device !== 'webgpu') return;
        expect(machine.gpu).toBe('real');
        expect(taken.dtype).not.toBe('int8');
      }),
    );
  });

  it('less memory or a missing graphics card never makes more of it good', () => {
    const good = (machine: Machine, model: ModelSize) =>
      new Set(
        offersFor(machine, model)
          .filter(({ verdict }) => verdict === 'good')
          .map(brief),
      );
    fc.assert(
      fc.property(machines, models, (machine, model) => {
        const all = good(machine, model);
        for (const worse of [
          { ...machine, memoryGb: 2 },
          { ...machine, mobile: true },
          { ...machine, gpu: 'none' as const },
        ]) {
          for (const one of good(worse, model)) expect(all).toContain(one);
        }
      }),
    );
  });
});
