/**
 * Workers for tests: the real services in this thread; only the model is a function. Each can be held, hung and
 * killed, as workers can be.
 */
import { CollectionService } from '../../../workers/collection-service.ts';
import { RetrievalService } from '../../../workers/retrieval-service.ts';
import type { LoadedScorer, ScorerHost } from '../../../workers/scorer-host.ts';
import { ScorerService } from '../../../workers/scorer-service.ts';
import type { OpenOptions } from '../../checkpoint/open-checkpoint.ts';
import type { RankerCard } from '../../checkpoint/ranker-card.ts';
import { RankscopeError } from '../../errors.ts';
import type { Machine } from '../../inference/device-policy.ts';
import type { Runtime } from '../../inference/runtime.ts';
import type { ScoredBatch } from '../../inference/scorer.ts';
import { PRP, RELEVANCE, STUDENT } from '../../ranking/presets.ts';
import { FakeScorer, wholePrompt } from '../../ranking/testing/fake-scorer.ts';
import { writerOf } from '../../ranking/testing/writer.ts';
import type { CollectionWorker } from '../../workers/collection-client.ts';
import type { LoadRequest, RankJob } from '../../workers/scorer-protocol.ts';
import type { RetrievalWorker, ScorerSlot, ScorerWorker } from '../../workers/types.ts';

/** Longer texts are better: an order that differs from BM25's. */
function answer(slots: Readonly<Record<string, string>>, labels: number): readonly number[] {
  if (slots.passage !== undefined) return [slots.passage.length, 0].slice(0, labels);
  return [slots.passage_a?.length ?? 0, slots.passage_b?.length ?? 0];
}

const MACHINE: Machine = { gpu: 'none', threads: 2, isolated: true, mobile: false };

/** The real service in this thread. */
export class FakeCollections implements CollectionWorker {
  readonly #service = new CollectionService();

  open: CollectionWorker['open'] = (...of) => this.#service.open(...of);

  candidates: CollectionWorker['candidates'] = async (...of) => {
    await macrotask();
    return this.#service.candidates(...of);
  };

  cancel(): void {
    this.#service.cancel();
  }

  terminate(): void {
    this.#service.cancel();
  }
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
  /** What the model says of itself when it is first asked for a text. */
  slowTexts?: string;
}

export class FakeScorerWorker implements ScorerWorker {
  readonly slot: ScorerSlot;
  readonly controls: FakeControls;
  readonly log: string[];
  readonly jobs: RankJob[] = [];
  loads: LoadRequest[] = [];
  alive = false;
  readonly #service: ScorerService;
  #scorer: FakeScorer | undefined;
  /** Prompts of warm-ups. */
  #warm = 0;
  #asked = 0;
  #batch = 0;
  #ranking = false;
  readonly #deaths = new Set<(reason: RankscopeError) => void>();

  constructor(slot: ScorerSlot, controls: FakeControls, log: string[]) {
    this.slot = slot;
    this.controls = controls;
    this.log = log;
    this.#service = new ScorerService(this.#host());
  }

  /** Prompts the model answered in rankings. */
  get asked(): number {
    return this.#asked + (this.#scorer ? this.#scorer.total - this.#warm : 0);
  }

  load: ScorerWorker['load'] = (request, ...told) =>
    this.#untilDeath(async () => {
      this.loads.push(request);
      this.#asked = this.asked;
      this.#scorer = undefined;
      const ready = await this.#service.load(request, ...told);
      // A service has none.
      this.#warm = (this.#scorer as FakeScorer | undefined)?.total ?? 0;
      this.alive = true;
      return { ...ready, tokensPerSecond: this.controls.tokensPerSecond ?? 1000 };
    });

  rank: ScorerWorker['rank'] = (job, onEvents) =>
    this.#untilDeath(async () => {
      this.log.push(`${this.slot} starts`);
      this.jobs.push(job);
      if (!this.alive) throw new RankscopeError('worker', 'No model is loaded.');
      this.#batch = 0;
      this.#ranking = true;
      try {
        await this.#service.rank(job, (events, fresh) => this.alive && onEvents(events, fresh));
      } finally {
        this.#ranking = false;
        this.log.push(`${this.slot} ends`);
      }
    });

  ask: ScorerWorker['ask'] = (job, onAnswers) =>
    this.#untilDeath(() => this.#service.ask(job, (answers) => this.alive && onAnswers(answers)));

  see: ScorerWorker['see'] = async (job) => this.#service.see(job);

  counts = async () => this.#service.counts();

  countTokens = async (texts: readonly string[]): Promise<readonly number[]> =>
    this.#service.countTokens(texts);

  cancel(): void {
    if (!this.controls.deaf) this.#service.cancel();
  }

  terminate(): void {
    this.die(new RankscopeError('worker', `The ${this.slot} worker was stopped.`));
  }

  /** What a crash does: every pending call rejects. */
  die(reason: RankscopeError): void {
    this.alive = false;
    this.#service.cancel();
    for (const reject of this.#deaths) reject(reason);
    this.#deaths.clear();
  }

  /** One checkpoint, whatever is asked for, on a runtime that is never run. */
  #host(): ScorerHost {
    const device = { device: 'wasm', threads: 2, version: 'fake 1' } as const;
    const runtime = { ...device, yieldTask: macrotask } as Runtime;
    return {
      open: async ({ url }, _runtime, { onCompile, onSlowTexts }) => {
        onCompile?.();
        await macrotask();
        if (this.controls.loadError) throw this.controls.loadError;
        const scorer = this.#open(url, onSlowTexts);
        return { card: cardOf(url), scorer, bytes: 1000, loadMs: 1, compileMs: 1 };
      },
      yardstick: () => Promise.reject(new Error('not used')),
      wasm: async () => runtime,
      webgpu: () => Promise.reject(new RankscopeError('device', 'no adapter')),
      machine: async () => ({ ...MACHINE, adapter: '' }),
      size: async ({ url }) => ({ name: url, parameters: 1000, bytes: { int8: 1000 } }),
      // Every batch by itself: tests hold and stop between them.
      flushMs: Number.NEGATIVE_INFINITY,
    };
  }

  #open(url: string, onSlowTexts: OpenOptions['onSlowTexts']): LoadedScorer {
    const scorer = new FakeScorer({
      answer: (slots, labels) => this.controls.answer?.(slots) ?? answer(slots, labels),
      random: () => 0.3,
      info: { digest: url, device: 'wasm', threads: 2, dtype: 'int8' },
    });
    this.#scorer = scorer;
    const held = this.#held.bind(this);
    const { generate, likelihoods } = writerOf(() => '[3] > [2] > [1]');
    return {
      info: scorer.info,
      score: (prompts, options) => held(scorer.score(prompts, options)),
      generate: (...asked) => {
        if (this.controls.slowTexts !== undefined) onSlowTexts?.(this.controls.slowTexts);
        return generate(...asked);
      },
      likelihoods,
      tokenizer: { count: (text) => text.split(/\s+/).filter(Boolean).length },
      see: (prompts) => prompts.map(wholePrompt),
      dispose: () => Promise.resolve(),
    };
  }

  /** Batches as a worker's take time, held where the test says so; the warm-up's pass. */
  async *#held(batches: AsyncIterable<ScoredBatch>): AsyncGenerator<ScoredBatch> {
    for await (const batch of batches) {
      await macrotask();
      if (this.#ranking) await this.controls.beforeBatch?.(++this.#batch, this);
      yield batch;
    }
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

function cardOf(url: string): RankerCard {
  return {
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
