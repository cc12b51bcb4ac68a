/**
 * Workers for tests: the real methods and the real retrieval, in this thread; only the model is a
 * function. Each can be held, hung and killed, as workers can be.
 */

import { RetrievalService } from '../../../workers/retrieval-service.ts';
import type { RankerCard } from '../../checkpoint/ranker-card.ts';
import { RankscopeError } from '../../errors.ts';
import { ComparisonCache } from '../../ranking/cache.ts';
import { createMethod } from '../../ranking/create-method.ts';
import { PRP, RELEVANCE, STUDENT } from '../../ranking/presets.ts';
import { FakeScorer } from '../../ranking/testing/fake-scorer.ts';
import type { LoadRequest, RankJob, ScorerReady } from '../../workers/scorer-protocol.ts';
import type { RetrievalWorker, ScorerSlot, ScorerWorker } from '../../workers/types.ts';

/** Longer texts are better: an order that differs from BM25's. */
function answer(slots: Readonly<Record<string, string>>, labels: number): readonly number[] {
  if (slots.passage !== undefined) return [slots.passage.length, 0].slice(0, labels);
  return [slots.passage_a?.length ?? 0, slots.passage_b?.length ?? 0];
}

const macrotask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

export interface FakeControls {
  /** Called before a batch's answers are used; throw to fail, wait to hold. */
  beforeBatch?: (batch: number, worker: FakeScorerWorker) => void | Promise<void>;
  /** Rejects loads. */
  loadError?: RankscopeError;
  /** A cancel goes unheard. */
  deaf?: boolean;
  /** What the model says, from the prompt's slots; absent: that longer texts are better. */
  answer?: (slots: Readonly<Record<string, string>>) => readonly number[];
  tokensPerSecond?: number;
}

export class FakeScorerWorker implements ScorerWorker {
  readonly slot: ScorerSlot;
  readonly controls: FakeControls;
  readonly log: string[];
  readonly jobs: RankJob[] = [];
  loads: LoadRequest[] = [];
  alive = false;
  /** Prompts the model answered. */
  asked = 0;
  #scorer: FakeScorer | undefined;
  #running: AbortController | undefined;
  readonly #deaths = new Set<(reason: RankscopeError) => void>();

  constructor(slot: ScorerSlot, controls: FakeControls, log: string[]) {
    this.slot = slot;
    this.controls = controls;
    this.log = log;
  }

  load: ScorerWorker['load'] = (request, onProgress) =>
    this.#untilDeath(async () => {
      this.loads.push(request);
      onProgress({ phase: 'compile' });
      await macrotask();
      if (this.controls.loadError) throw this.controls.loadError;
      this.#scorer = new FakeScorer({
        answer: (slots) =>
          this.controls.answer?.(slots) ?? answer(slots, this.jobs.at(-1)?.template.labels.length ?? 1),
        random: () => 0.3,
        info: { digest: request.url, device: 'wasm', threads: 2, dtype: 'int8' },
      });
      this.alive = true;
      return readyOf(this.#scorer, request.url, this.controls.tokensPerSecond ?? 1000);
    });

  rank: ScorerWorker['rank'] = (job, onEvents) =>
    this.#untilDeath(async () => {
      this.log.push(`${this.slot} starts`);
      this.jobs.push(job);
      if (!this.alive || !this.#scorer) throw new RankscopeError('worker', 'No model is loaded.');
      const running = new AbortController();
      this.#running = running;
      const cache = new ComparisonCache(job.known ?? []);
      const { template, passes } = job;
      const method = createMethod(job.method, {
        template,
        cache,
        ...(passes === undefined ? {} : { passes }),
      });
      const scorer = this.#scorer;
      const before = scorer.total;
      let batch = 0;
      try {
        for await (const event of method.rank(job.query, job.candidates, scorer, {
          signal: running.signal,
        })) {
          await macrotask();
          if (event.type === 'decided' || event.type === 'scored')
            await this.controls.beforeBatch?.(++batch, this);
          if (!this.alive) return;
          onEvents([event], cache.takeFresh());
        }
      } finally {
        this.asked += scorer.total - before;
        this.log.push(`${this.slot} ends`);
      }
    });

  countTokens = async (texts: readonly string[]): Promise<readonly number[]> =>
    texts.map((text) => text.split(/\s+/).filter(Boolean).length);

  cancel(): void {
    if (!this.controls.deaf) this.#running?.abort();
  }

  terminate(): void {
    this.die(new RankscopeError('worker', `The ${this.slot} worker was stopped.`));
  }

  /** What a crash does: every pending call rejects. */
  die(reason: RankscopeError): void {
    this.alive = false;
    this.#scorer = undefined;
    for (const reject of this.#deaths) reject(reason);
    this.#deaths.clear();
  }

  async #untilDeath<T>(work: () => Promise<T>): Promise<T> {
    let give: (reason: RankscopeError) => void = () => {};
    const death = new Promise<never>((_, reject) => {
      give = reject;
      this.#deaths.add(reject);
    });
    try {
      return await Promise.race([work(), death]);
    } finally {
      this.#deaths.delete(give);
    }
  }
}

function readyOf(scorer: FakeScorer, url: string, tokensPerSecond: number): ScorerReady {
  const card: RankerCard = {
    format: 'rankscope-checkpoint',
    version: 1,
    name: url,
    role: url.includes('teacher') ? 'teacher' : 'student',
    description: '',
    license: 'Apache-2.0',
    templates: url.includes('teacher') ? [PRP, RELEVANCE] : [STUDENT],
    limits: { maxTokens: 512 },
    scorers: {},
    files: {},
    provenance: { data: [], steps: 0, seed: 0, command: '', date: '' },
    evaluation: [],
  };
  return { info: scorer.info, card, bytes: 1000, loadMs: 1, compileMs: 1, warmMs: 1, tokensPerSecond };
}

/** The real retrieval service behind a client's face. */
export class FakeRetrieval implements RetrievalWorker {
  alive = false;
  readonly log: string[];
  loads = 0;
  searches = 0;
  reindexes = 0;
  beforeSearch: (() => void | Promise<void>) | undefined;
  #service = new RetrievalService();

  constructor(log: string[]) {
    this.log = log;
  }

  load: RetrievalWorker['load'] = (request, onProgress) => {
    this.loads++;
    return this.#service.load(request, onProgress).then((summary) => {
      this.alive = true;
      return summary;
    });
  };

  find: RetrievalWorker['find'] = async (query, k, fill) => {
    this.searches++;
    this.log.push('bm25');
    await this.beforeSearch?.();
    if (!this.alive) throw new RankscopeError('worker', 'The retrieval worker died.');
    return this.#service.search(query, k, fill);
  };

  passages: RetrievalWorker['passages'] = async (ids) => this.#service.passages(ids);
  reindex: RetrievalWorker['reindex'] = (params) => {
    this.reindexes++;
    return this.#service.reindex(params);
  };

  cancel(): void {
    this.#service.cancel();
  }

  terminate(): void {
    this.alive = false;
    this.#service = new RetrievalService();
  }
}
