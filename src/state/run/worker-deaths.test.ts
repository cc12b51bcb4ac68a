/**
 * Real clients over workers that end at each message of a session in turn: before they have said
 * that they live, while loading, between "loaded" and the first ranking, in mid-run. Retry must always
 * get there, and the order must be that of an undisturbed run.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withCallback } from '../../../workers/callback.ts';
import { RetrievalService } from '../../../workers/retrieval-service.ts';
import { memoryRecords, type Records } from '../../storage/records.ts';
import { RetrievalClient } from '../../workers/retrieval-client.ts';
import type { RetrievalWorkerApi } from '../../workers/retrieval-protocol.ts';
import { ScorerClient } from '../../workers/scorer-client.ts';
import type { ScorerWorkerApi } from '../../workers/scorer-protocol.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useModels } from '../models/models.ts';
import { useSettings } from '../settings.ts';
import { FakeScorerWorker } from '../testing/fakes.ts';
import { type Death, Locks, MortalWorker } from '../testing/mortal-worker.ts';
import { column, openReady, settled, TEXT, until, type World } from '../testing/world.ts';
import { usePromptLengths } from './estimate.ts';
import { COLUMNS, useRun } from './run.ts';

const MODELS = ['student', 'teacher'] as const;
type Role = ScorerSlot | 'retrieval';

/** Short, so that a worker without a sign of life does not hold the test up. */
const START_MS = 40;

function scorerApi(slot: ScorerSlot): Pick<ScorerWorkerApi, 'load' | 'rank' | 'cancel' | 'countTokens'> {
  const fake = new FakeScorerWorker(slot, {}, []);
  return {
    load: (request, onProgress) => withCallback(onProgress, (call) => fake.load(request, call)),
    rank: (job, onEvents) => withCallback(onEvents, (call) => fake.rank(job, call)),
    cancel: () => fake.cancel(),
    countTokens: async (texts) => [...(await fake.countTokens(texts))],
  };
}

function retrievalApi(): RetrievalWorkerApi {
  const service = new RetrievalService();
  return {
    load: (request, onProgress) => withCallback(onProgress, (call) => service.load(request, call)),
    search: (query, k) => service.search(query, k),
    reindex: (params, onProgress) => withCallback(onProgress, (call) => service.reindex(params, call)),
    cancel: () => service.cancel(),
  };
}

let world: World;
let locks: Locks;
beforeEach(() => {
  locks = new Locks();
  vi.stubGlobal('navigator', { locks });
  vi.stubGlobal('location', { href: 'http://page/' });
});
afterEach(() => {
  world.stop();
  vi.unstubAllGlobals();
});

/** A page whose first worker of a role ends at a message. Returns the workers, oldest first. */
async function openMortal(doomed?: { role: Role; dieAt: number; death: Death }, records?: Records) {
  const workers: Record<Role, MortalWorker[]> = { teacher: [], student: [], retrieval: [] };
  const spawn = (role: Role): MortalWorker => {
    const doom = workers[role].length === 0 && doomed?.role === role ? doomed : undefined;
    // Each with a memory of its own, which is empty.
    const api = role === 'retrieval' ? retrievalApi() : scorerApi(role);
    const worker = new MortalWorker(api, locks, doom?.dieAt, doom?.death);
    workers[role].push(worker);
    return worker;
  };
  world = await openReady({
    records,
    parts: {
      scorer: (slot) => new ScorerClient(slot, () => spawn(slot), START_MS),
      retrieval: () => new RetrievalClient(() => spawn('retrieval'), START_MS),
    },
  });
  return workers;
}

const orders = () => COLUMNS.map((id) => column(id).order.map((i) => column(id).candidates[i]?.passage.id));
const states = () => COLUMNS.map((id) => column(id).state);
const done = () => states().every((state) => state === 'done');

/** Rank, then Retry until all is done. Returns how often Retry was needed. */
async function rankWithRetries(most: number): Promise<number> {
  world.rank();
  await settled();
  for (let retries = 0; ; retries++) {
    if (done() || retries === most) return retries;
    // What died is said where it died.
    expect(COLUMNS.some((id) => column(id).error?.code === 'worker')).toBe(true);
    world.resume();
    await settled();
  }
}

describe('a worker that ends between loading and its first question', () => {
  const noticed = () => new Promise((resolve) => setTimeout(resolve, 20));
  const undisturbed = async () => {
    await openMortal();
    await rankWithRetries(0);
    const expected = orders();
    world.stop();
    return expected;
  };

  it('is loaded again before it is asked, whatever else asked it meanwhile', async () => {
    const expected = await undisturbed();
    const workers = await openMortal();
    await until(() => MODELS.every((slot) => useModels.getState().slots[slot].status === 'ready'));
    for (const slot of MODELS) workers[slot][0]!.terminate();
    await noticed();
    // A changed corpus has the tokens of its prompts counted: no question for an empty worker either.
    usePromptLengths.setState({ tokens: new Map() });
    useCorpus.getState().setText(`${TEXT}\none more apple`);
    await until(() => usePromptLengths.getState().tokens.size === 2);
    useCorpus.getState().setText(TEXT);
    expect(await rankWithRetries(0)).toBe(0);
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(orders()).toEqual(expected);
    for (const slot of MODELS) expect(workers[slot]).toHaveLength(2);
  });

  it('while its known answers are read is named, and one Retry mends it', async () => {
    const expected = await undisturbed();
    const memory = memoryRecords();
    let workers: Awaited<ReturnType<typeof openMortal>> | undefined;
    const records: Records = {
      ...memory,
      get: async (table, key) => {
        const first = workers?.student.length === 1 ? workers.student[0] : undefined;
        if (table === 'answers' && key.includes('student') && first) {
          first.terminate();
          await noticed();
        }
        return memory.get(table, key);
      },
    };
    workers = await openMortal(undefined, records);
    await rankWithRetries(1);
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(orders()).toEqual(expected);
    expect(workers.student).toHaveLength(2);
  });

  it('and its corpus with it, is not asked for passages it does not have', async () => {
    const expected = await undisturbed();
    const workers = await openMortal();
    await until(() => useCorpus.getState().index.state === 'ready');
    workers.retrieval[0]!.terminate();
    await noticed();
    // New parameters are for the corpus, not for an empty worker.
    useSettings.getState().setBm25({ k1: 1.3 });
    await noticed();
    useSettings.getState().setBm25({ k1: 1.2 });
    expect(await rankWithRetries(0)).toBe(0);
    expect(orders()).toEqual(expected);
  });
});

describe.each(['student', 'teacher', 'retrieval'] as const)('a %s worker', (role) => {
  it.each(['silent', 'error'] as const)(
    'that ends (%s) at any message is replaced, and one Retry gives the order of an undisturbed run',
    async (death) => {
      const undisturbed = await openMortal();
      expect(await rankWithRetries(0)).toBe(0);
      expect(states()).toEqual(['done', 'done', 'done']);
      const expected = orders();
      const { messages } = undisturbed[role][0]!;
      world.stop();
      expect(messages).toBeGreaterThan(3);

      let disturbed = 0;
      for (let dieAt = 0; dieAt < messages; dieAt++) {
        const workers = await openMortal({ role, dieAt, death });
        const retries = await rankWithRetries(1);
        expect({ dieAt, states: states(), orders: orders() }).toEqual({
          dieAt,
          states: ['done', 'done', 'done'],
          orders: expected,
        });
        if (retries > 0 || workers[role].length > 1) disturbed++;
        expect(useRun.getState().active).toBe(false);
        world.stop();
      }
      expect(disturbed).toBeGreaterThan(messages / 2);
    },
  );
});
