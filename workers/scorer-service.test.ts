/** The scorer worker's service with a model that is a function: loading, the choice of device, rankings, cancelling. */
import { describe, expect, it } from 'vitest';
import type { OpenOptions } from '../src/checkpoint/open-checkpoint.ts';
import type { CardProbe, RankerCard } from '../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../src/errors.ts';
import { isDeviceLost } from '../src/inference/device-lost.ts';
import type { Machine, ModelSize } from '../src/inference/device-policy.ts';
import { probeLogits } from '../src/inference/parity.ts';
import type { Runtime } from '../src/inference/runtime.ts';
import type { Device, Dtype, Prompt, ScoreOptions } from '../src/inference/scorer.ts';
import type { CachedAnswer } from '../src/ranking/answer.ts';
import { PRP } from '../src/ranking/presets.ts';
import { candidatesOf, comparing, FakeScorer, wholePrompt } from '../src/ranking/testing/fake-scorer.ts';
import type { RankingEvent } from '../src/ranking/types.ts';
import type { LoadProgress, LoadRequest, RankJob } from '../src/workers/scorer-protocol.ts';
import type { LoadedCheckpoint, ScorerHost } from './scorer-host.ts';
import { ScorerService } from './scorer-service.ts';

const runtimeOf = (device: Device, threads: number) => ({ device, threads, version: 'test' }) as Runtime;

const CARD = {
  name: 'A',
  templates: [PRP],
} as unknown as RankerCard;

const sizeOf = (parameters: number): ModelSize => ({
  name: 'A',
  parameters,
  bytes: { int8: parameters, q8: 1.1 * parameters },
});

const machineWith = (gpu: Machine['gpu']) => ({
  gpu,
  adapter: 'test',
  threads: 4,
  isolated: true,
  memoryGb: 8,
  mobile: false,
});

interface World {
  /** `device` of every checkpoint opened, in order, with the dtype asked for. */
  readonly opened: string[];
  readonly disposed: string[];
  /** dtypes whose yardstick was asked for. */
  readonly compared: string[];
  readonly scorers: FakeScorer[];
  readonly service: ScorerService;
}

interface Controls extends Partial<Omit<ScorerHost, 'open'>> {
  /** What a device adds to every logit. */
  readonly error?: (device: Device) => number;
  /** Of the card. */
  readonly probe?: CardProbe;
  /** Called before a checkpoint is opened; throw to fail. */
  readonly beforeOpen?: (device: Device, options: OpenOptions) => void;
  /** Awaited before each batch. */
  readonly beforeBatch?: () => unknown;
  /** Called after each batch of a device. */
  readonly onBatch?: (device: Device) => void;
}

function world({ error = () => 0, beforeOpen, beforeBatch, onBatch, probe, ...host }: Controls = {}): World {
  const opened: string[] = [];
  const disposed: string[] = [];
  const compared: string[] = [];
  const scorers: FakeScorer[] = [];
  const service = new ScorerService({
    async open(_request, { device, threads }, options): Promise<LoadedCheckpoint> {
      beforeOpen?.(device, options);
      opened.push(options.dtype ? `${device} ${options.dtype}` : device);
      options.onDownload?.('scorer.onnx', 10, 10);
      options.onCompile?.();
      const dtype = options.dtype ?? (device === 'webgpu' ? 'q8' : 'int8');
      const scorer = new FakeScorer({
        answer: (slots) => {
          const compare = comparing((a, b) => a.length - b.length);
          // The probe's prompts have one passage.
          const logits = slots.passage === undefined ? compare(slots) : PRP.labels.map((_, k) => k);
          return logits.map((logit) => logit + error(device));
        },
        random: () => 0.3,
        onBatch: () => onBatch?.(device),
        info: { device, threads, dtype, digest: 'd1' },
      });
      scorers.push(scorer);
      return {
        card: { ...CARD, probe },
        scorer: {
          info: scorer.info,
          async *score(prompts: readonly Prompt[], score?: ScoreOptions) {
            for await (const batch of scorer.score(prompts, score)) {
              await beforeBatch?.();
              yield batch;
            }
          },
          tokenizer: { count: (text) => text.length },
          see: (prompts) => prompts.map(wholePrompt),
          dispose: async () => void disposed.push(device),
        },
        bytes: 10,
        loadMs: 1,
        compileMs: 2,
      };
    },
    yardstick: async (request, labels) => {
      compared.push(request.dtype!);
      const scorer = new FakeScorer({ answer: () => labels.map((_, k) => k + error('wasm')) });
      return probeLogits(scorer, labels);
    },
    wasm: async (threads) => runtimeOf('wasm', threads ?? 4),
    webgpu: async () => runtimeOf('webgpu', 1),
    machine: async () => machineWith('none'),
    size: async () => sizeOf(10),
    flushMs: Number.NEGATIVE_INFINITY,
    ...host,
  });
  return { opened, disposed, compared, scorers, service };
}

const REQUEST: LoadRequest = { url: 'http://page/models/a/', device: 'auto' };
const JOB: RankJob = {
  method: 'prp-allpair',
  template: PRP,
  query: { id: 'q', text: 'query' },
  candidates: candidatesOf(['a', 'bbb', 'cc', 'dddd']),
};
/** Ordered pairs of JOB. */
const PAIRS = 12;

async function rank(service: ScorerService, job: RankJob = JOB) {
  const events: RankingEvent[] = [];
  const fresh: CachedAnswer[] = [];
  let messages = 0;
  await service.rank(job, (some, answers) => {
    messages++;
    events.push(...some);
    fresh.push(...answers);
  });
  return { events, fresh, messages };
}

describe('loading', () => {
  it('tells what it does, warms the model up and says what was measured', async () => {
    const { service } = world();
    const seen: LoadProgress['phase'][] = [];
    const ready = await service.load(REQUEST, ({ phase }) => seen.push(phase));
    expect(seen).toEqual(['download', 'compile', 'warm']);
    expect(ready).toMatchObject({ bytes: 10, loadMs: 1, compileMs: 2, info: { device: 'wasm', threads: 4 } });
    expect(ready.tokensPerSecond).toBeGreaterThan(0);
    expect(ready.notice).toBeUndefined();
  });

  it('frees the model that it held', async () => {
    const { service, disposed } = world();
    await service.load(REQUEST, () => {});
    expect(disposed).toEqual([]);
    await service.load(REQUEST, () => {});
    expect(disposed).toEqual(['wasm']);
  });

  it('leaves nothing to rank with when it fails', async () => {
    let broken = false;
    const { service } = world({
      beforeOpen: () => {
        if (broken) throw new RankscopeError('missing', 'gone');
      },
    });
    await service.load(REQUEST, () => {});
    broken = true;
    await expect(service.load(REQUEST, () => {})).rejects.toMatchObject({ code: 'missing' });
    await expect(rank(service)).rejects.toMatchObject({ code: 'worker' });
    expect(() => service.countTokens(['x'])).toThrow(/No model is loaded/);
  });
});

describe('the choice of device', () => {
  it('takes a real GPU by itself, once it agrees with the CPU on the same weights', async () => {
    const { service, opened, compared } = world({ machine: async () => machineWith('real') });
    const { info, notice } = await service.load(REQUEST, () => {});
    expect(info).toMatchObject({ device: 'webgpu', dtype: 'q8' });
    expect(notice).toBeUndefined();
    expect(opened).toEqual(['webgpu q8']);
    expect(compared).toEqual(['q8']);
  });

  it('compares a checkpoint once on an adapter, and again after either has changed', async () => {
    let adapter = 'one';
    const { service, compared } = world({ machine: async () => ({ ...machineWith('real'), adapter }) });
    const { agreed } = await service.load(REQUEST, () => {});
    expect(agreed).toBe('d1|test|one');
    const again = await service.load({ ...REQUEST, agreed: [agreed!] }, () => {});
    expect(again.agreed).toBe(agreed);
    expect(compared).toHaveLength(1);
    adapter = 'two';
    await service.load({ ...REQUEST, agreed: [agreed!] }, () => {});
    expect(compared).toHaveLength(2);
  });

  it('says where a model is too large to be compared', async () => {
    const huge: ModelSize = { name: 'A', parameters: 1e9, bytes: { fp32: 4e9 } };
    const { service, compared } = world({ machine: async () => machineWith('real'), size: async () => huge });
    const { notice, agreed } = await service.load({ ...REQUEST, device: 'webgpu' }, () => {});
    expect(notice).toMatch(/weights may be more.*too large to be compared with the CPU/);
    expect([compared, agreed]).toEqual([[], undefined]);
  });

  describe('holds a model that is too large for the CPU to the figures of its card', () => {
    const huge: ModelSize = { name: 'A', parameters: 1e9, bytes: { fp32: 4e9 } };
    const load = (logits: Partial<Record<Dtype, readonly number[]>>) => {
      const probe = { prompts: ['one', 'two'], labels: PRP.labels, logits };
      const made = world({ machine: async () => machineWith('real'), size: async () => huge, probe });
      return { ...made, loaded: made.service.load({ ...REQUEST, device: 'webgpu' }, () => {}) };
    };
    // What the model that is a function says of every probe.
    const own = [0, 1, 0, 1];

    it('and believes it where they agree', async () => {
      const { loaded, compared } = load({ fp32: own });
      const { agreed, notice } = await loaded;
      expect([agreed, compared]).toEqual(['d1|test|test', []]);
      expect(notice).not.toMatch(/unchecked/);
    });

    it('and does not start it where they do not', async () => {
      const { loaded, disposed } = load({ fp32: [0, 1, 0, 1.5] });
      await expect(loaded).rejects.toMatchObject({
        code: 'device',
        message: expect.stringMatching(/WebGPU disagreed with the CPU .*by 0\.50\)\. .*WebAssembly has 4 GB/),
      });
      expect(disposed).toEqual(['webgpu']);
    });

    it('and says that it cannot where they are of other dtypes', async () => {
      const { agreed, notice } = await load({ q8: own }).loaded;
      expect(agreed).toBeUndefined();
      expect(notice).toMatch(/too large to be compared with the CPU/);
    });
  });

  it.each([0.1, Number.NaN])('does not believe a GPU whose logits are off by %d', async (off) => {
    const { service, disposed } = world({
      machine: async () => machineWith('real'),
      error: (device) => (device === 'webgpu' ? off : 0),
    });
    const { info, notice } = await service.load({ ...REQUEST, device: 'webgpu' }, () => {});
    expect(info.device).toBe('wasm');
    expect(notice).toMatch(/WebGPU disagreed with the CPU.*WASM is used/);
    expect(disposed).toEqual(['webgpu']);
  });

  it('says why WebGPU could not be used', async () => {
    const { service } = world();
    const { info, notice } = await service.load({ ...REQUEST, device: 'webgpu' }, () => {});
    expect(info.device).toBe('wasm');
    expect(notice).toBe(
      'WebGPU could not be used: This browser offers no WebGPU adapter. WASM is used instead.',
    );
  });

  it('ends what a runtime says in one full stop', async () => {
    const { service } = world({
      machine: async () => machineWith('real'),
      webgpu: () => Promise.reject(new Error('Failed to get a device. Try again.\n')),
    });
    const { notice } = await service.load(REQUEST, () => {});
    expect(notice).toBe('WebGPU could not be used: Failed to get a device. Try again. WASM is used instead.');
  });

  it('does not try WASM where the checkpoint itself is at fault', async () => {
    const { service, opened } = world({
      machine: async () => machineWith('real'),
      beforeOpen: () => {
        throw new RankscopeError('bad-checkpoint', 'altered');
      },
    });
    const load = service.load({ ...REQUEST, device: 'webgpu' }, () => {});
    await expect(load).rejects.toMatchObject({ code: 'bad-checkpoint' });
    expect(opened).toEqual([]);
  });

  it('leaves a software adapter alone unless it is asked for', async () => {
    const { service, opened } = world({ machine: async () => machineWith('software') });
    await service.load(REQUEST, () => {});
    expect(opened).toEqual(['wasm int8']);
  });

  it('fills no large batches on a software adapter', async () => {
    const rows: (number | undefined)[] = [];
    for (const gpu of ['software', 'real'] as const) {
      const { service } = world({
        machine: async () => machineWith(gpu),
        beforeOpen: (_, { batching }) => rows.push(batching?.rows),
      });
      await service.load({ ...REQUEST, device: 'webgpu' }, () => {});
    }
    expect(rows).toEqual([2, undefined]);
  });

  it('takes a risk that was asked for by name, and says what it is', async () => {
    const { service } = world({ machine: async () => machineWith('software') });
    const { info, notice, offers } = await service.load({ ...REQUEST, device: 'webgpu' }, () => {});
    expect(info).toMatchObject({ device: 'webgpu', dtype: 'q8' });
    expect(notice).toContain('far slower than WASM');
    expect(offers.map(({ device, dtype, verdict }) => `${device} ${dtype} ${verdict}`)).toEqual([
      'wasm int8 good',
      'wasm q8 good',
      'webgpu q8 risk',
      'webgpu int8 risk',
    ]);
  });

  it('runs as people wish for on the device, and says where that cannot be', async () => {
    const { service, opened } = world();
    const { notice } = await service.load({ ...REQUEST, dtypes: { wasm: 'q8' } }, () => {});
    expect(notice).toBeUndefined();
    const other = await service.load({ ...REQUEST, dtypes: { wasm: 'fp32' } }, () => {});
    expect(other.notice).toBe('fp32 was not used: The model has no scorer of it. It runs as int8.');
    expect(opened).toEqual(['wasm q8', 'wasm int8']);
  });

  it('starts nothing by itself that is too large, and says what to do', async () => {
    const { service, opened } = world({ size: async () => sizeOf(800e6) });
    const load = service.load(REQUEST, () => {});
    await expect(load).rejects.toMatchObject({
      code: 'device',
      message: expect.stringMatching(/800 million parameters .* seconds a prompt.*Choose a device under/),
    });
    expect(opened).toEqual([]);
    expect((await service.load({ ...REQUEST, device: 'wasm' }, () => {})).notice).toContain('800 million');
  });
});

describe('a ranking', () => {
  it('sends every batch as it comes, with the answers that are new', async () => {
    const { service } = world();
    await service.load(REQUEST, () => {});
    const { events, fresh, messages } = await rank(service);
    expect(events[0]).toMatchObject({ type: 'planned' });
    expect(events.at(-1)).toMatchObject({ type: 'done' });
    expect(fresh).toHaveLength(PAIRS);
    expect(messages).toBe(events.length);
  });

  it('sends together what comes within the time that it may wait', async () => {
    const { service } = world({ flushMs: Number.POSITIVE_INFINITY });
    await service.load(REQUEST, () => {});
    const { fresh, messages } = await rank(service);
    // What is planned is told at once.
    expect(messages).toBe(2);
    expect(fresh).toHaveLength(PAIRS);
  });

  it('asks nothing that is known', async () => {
    const { service, scorers } = world();
    await service.load(REQUEST, () => {});
    const first = await rank(service);
    const before = scorers[0]!.total;
    const again = await rank(service, { ...JOB, known: first.fresh });
    expect(scorers[0]!.total).toBe(before);
    expect(again.fresh).toEqual([]);
    expect(again.events.at(-1)).toMatchObject({ totals: { asked: 0, cached: PAIRS } });
  });

  it('ends between two batches when it is cancelled, and what was answered has been sent', async () => {
    let ranking = false;
    const { service } = world({ onBatch: () => ranking && service.cancel() });
    await service.load(REQUEST, () => {});
    ranking = true;
    const fresh: CachedAnswer[] = [];
    const run = service.rank(JOB, (_, answers) => void fresh.push(...answers));
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(fresh.length).toBeGreaterThan(0);
    expect(fresh.length).toBeLessThan(PAIRS);
    ranking = false;
    expect((await rank(service, { ...JOB, known: fresh })).fresh).toHaveLength(PAIRS - fresh.length);
  });

  it('gives way to the next', async () => {
    const { service } = world();
    await service.load(REQUEST, () => {});
    const first = service.rank(JOB, () => {});
    const second = rank(service);
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect((await second).events.at(-1)).toMatchObject({ type: 'done' });
  });

  it('sends what was answered before the model failed', async () => {
    let batches = Number.POSITIVE_INFINITY;
    const { service } = world({
      flushMs: Number.POSITIVE_INFINITY,
      onBatch: () => {
        if (batches-- === 0) throw new RankscopeError('device', 'lost');
      },
    });
    await service.load(REQUEST, () => {});
    batches = 1;
    const fresh: CachedAnswer[] = [];
    const run = service.rank(JOB, (_, answers) => void fresh.push(...answers));
    await expect(run).rejects.toMatchObject({ code: 'device' });
    expect(fresh.length).toBeGreaterThan(0);
  });
});

describe('a graphics device that goes', () => {
  /** A service on WebGPU whose device `lose` takes away. */
  async function onGpu(controls: Controls = {}) {
    let lose: (reason: string) => void = () => {};
    const lost = new Promise<string>((resolve) => {
      lose = resolve;
    });
    const { service, scorers } = world({
      machine: async () => machineWith('real'),
      webgpu: async () => ({ ...runtimeOf('webgpu', 1), lost }),
      ...controls,
    });
    await service.load(REQUEST, () => {});
    return { service, scorers, lose };
  }

  it('ends a ranking that would never come back, and what was answered has been sent', async () => {
    let [ranking, batches] = [false, 0];
    const { service, lose } = await onGpu({
      beforeBatch: () => {
        if (!ranking || ++batches < 3) return;
        lose('driver reset');
        return new Promise(() => {});
      },
    });
    ranking = true;
    const fresh: CachedAnswer[] = [];
    const run = service.rank(JOB, (_, answers) => void fresh.push(...answers));
    await expect(run).rejects.toSatisfy(isDeviceLost);
    await expect(run).rejects.toThrow('The graphics device was lost (driver reset).');
    expect(fresh.length).toBeGreaterThan(0);
  });

  it('is named as the cause where the model’s run fails first', async () => {
    let ranking = false;
    const { service, lose } = await onGpu({
      onBatch: () => {
        if (!ranking) return;
        setTimeout(() => lose('destroyed'), 400);
        throw new Error('mapAsync failed');
      },
    });
    ranking = true;
    await expect(rank(service)).rejects.toSatisfy(isDeviceLost);
  });

  it('is told at the next ranking where nobody was ranking', async () => {
    const { service, lose } = await onGpu();
    lose('sleep');
    await expect(rank(service)).rejects.toSatisfy(isDeviceLost);
  });
});

it('counts tokens with the loaded tokenizer', async () => {
  const { service } = world();
  await service.load(REQUEST, () => {});
  expect(service.countTokens(['ab', ''])).toEqual([2, 0]);
});

describe('single questions', () => {
  const questions = ['long passage', 'short'].map((text) => ({
    query: { text: 'query' },
    passages: [{ text }, { text: 'middling' }],
  }));

  it('are answered anew each time, whatever was asked before', async () => {
    const { service, scorers } = world();
    await service.load(REQUEST, () => {});
    const warm = scorers[0]!.total;
    const margins: number[] = [];
    for (let round = 0; round < 2; round++) {
      await service.ask({ template: PRP, questions }, (answers) => {
        for (const { logits, index } of answers) margins[index] = logits[0]! - logits[1]!;
      });
    }
    expect(scorers[0]!.total - warm).toBe(4);
    expect(margins[0]).toBeGreaterThan(0);
    expect(margins[1]).toBeLessThan(0);
  });

  it('are shown as prompts, and refused with the wrong number of passages or without a model', async () => {
    const { service } = world();
    expect(() => service.see({ template: PRP, questions })).toThrow('No model is loaded');
    await service.load(REQUEST, () => {});
    const [first] = service.see({ template: PRP, questions });
    expect(first!.parts.map(({ text }) => text).join('')).toContain('long passage');
    const alone = [{ query: { text: 'q' }, passages: [{ text: 'one' }] }];
    await expect(service.ask({ template: PRP, questions: alone }, () => {})).rejects.toThrow(
      'asks about 2 passages at a time, not 1',
    );
  });

  it('end when they are cancelled', async () => {
    const { service } = world({ onBatch: () => service.cancel() });
    await service.load(REQUEST, () => {});
    const many = Array.from({ length: 40 }, () => questions[0]!);
    await expect(service.ask({ template: PRP, questions: many }, () => {})).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
