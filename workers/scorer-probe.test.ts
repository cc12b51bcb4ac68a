/** A model too large for the CPU is held to its card: with a real checkpoint, a real probe, and the memory said to be short. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryFolder, memoryWriter } from '../src/bytes/memory.ts';
import { convertFolder } from '../src/checkpoint/build/convert-folder.ts';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import type { RankerCard } from '../src/checkpoint/ranker-card.ts';
import type { Runtime } from '../src/inference/runtime.ts';
import { readSamples } from '../trainer/checkpoint/compare-here.ts';
import { writeHfFolder } from '../trainer/checkpoint/testing/hf-folder.ts';
import { nodeFolder } from '../trainer/node/folder.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import { temporaryFolder } from '../trainer/testing/temporary.ts';
import { ScorerService } from './scorer-service.ts';

const temporary = temporaryFolder();
const REQUEST = { url: 'http://page/models/tiny/', device: 'webgpu' } as const;
/** 2.2 times as much does not fit WebAssembly's 4 GB. */
const TOO_LARGE = { name: 'tiny', parameters: 3e9, bytes: { q8: 3e9 } };

let card: RankerCard;
let files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
beforeAll(async () => {
  const path = join(temporary.path, 'original');
  writeHfFolder(path);
  const writer = memoryWriter('tiny/');
  card = await convertFolder(nodeFolder(path), writer, {
    source: 'owner/tiny',
    command: 'test',
    dtypes: ['q8'],
    compare: {
      runtime: () => nodeRuntime(1),
      samples: readSamples().slice(0, 1),
      scratch: () => memoryWriter('scratch/'),
    },
  });
  ({ files } = writer);
});

/** The service on a graphics card that is this machine’s processor; nobody may ask for a second copy of the model. */
function serviceWith(probe: RankerCard['probe']): ScorerService {
  const written = new Map(files).set(
    'ranker.json',
    new TextEncoder().encode(JSON.stringify({ ...card, probe })),
  );
  const onCard = (): Runtime => ({ ...nodeRuntime(1), device: 'webgpu' });
  return new ScorerService({
    open: (_, runtime, options) => openCheckpoint(memoryFolder('tiny/', written), runtime, options),
    size: async () => TOO_LARGE,
    machine: async () => ({
      gpu: 'real',
      adapter: 'test',
      threads: 2,
      isolated: true,
      memoryGb: 8,
      mobile: false,
    }),
    webgpu: async () => onCard(),
    wasm: () => Promise.reject(new Error('WASM was asked')),
    yardstick: () => Promise.reject(new Error('a second copy was asked for')),
    flushMs: 0,
  });
}

describe('a checkpoint that cannot be held twice', () => {
  it('carries logits of q8 and fp32 from its conversion, and is believed where the device gives the same', async () => {
    const { probe } = card;
    const wanted = probe!.prompts.length * probe!.labels.length;
    expect([probe!.logits.q8!.length, probe!.logits.fp32!.length]).toEqual([wanted, wanted]);
    const service = serviceWith(probe);
    const { info, agreed, notice } = await service.load(REQUEST, () => {});
    expect(info).toMatchObject({ device: 'webgpu', dtype: 'q8' });
    expect(agreed).toContain(info.digest);
    expect(notice).not.toMatch(/unchecked/);
    await service.dispose();
  });

  it('is not started where the device gives others, and runs unchecked, said so, where the card has none', async () => {
    const { probe } = card;
    const logits = { q8: probe!.logits.q8!.map((logit, at) => (at === 1 ? logit + 0.05 : logit)) };
    await expect(serviceWith({ ...probe!, logits }).load(REQUEST, () => {})).rejects.toMatchObject({
      code: 'device',
      message: expect.stringMatching(
        /WebGPU disagreed with the CPU on this model \(logits differ by 0\.050\)/,
      ),
    });
    const unchecked = serviceWith(undefined);
    const { notice, agreed } = await unchecked.load(REQUEST, () => {});
    expect(notice).toMatch(/too large to be compared with the CPU: its numbers are unchecked/);
    expect(agreed).toBeUndefined();
    await unchecked.dispose();
  });
});
