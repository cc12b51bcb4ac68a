/**
 * Many rankings, one after the other, in the two scorer workers of the columns, whose own state is never touched: each
 * waits for its turn, and is begun again where a run of the columns, or another model, has taken the worker meanwhile.
 * Answers come from the page's cache and go into it. A query set and an evaluation rank through this.
 */
import type { RankerCard } from '../../checkpoint/ranker-card.ts';
import type { ScorerInfo } from '../../inference/scorer.ts';
import { answersIn, cutPassagesIn } from '../../ranking/event-answers.ts';
import type { RankingEvent, RankingTotals, TimedEvent } from '../../ranking/types.ts';
import type { AnswerCache } from '../../storage/answers.ts';
import type { TextSizes } from '../../t5/flops.ts';
import type { Candidate, Query } from '../../types.ts';
import { abortable } from '../../workers/promises.ts';
import type { RankJob } from '../../workers/scorer-protocol.ts';
import type { ScorerSlot, ScorerWorker } from '../../workers/types.ts';
import type { ModelSlots, Wanted } from '../models/model-slots.ts';
import { reloadLost } from '../models/reload-lost.ts';
import { watchRemote } from '../remote/remote.ts';
import { rankInSlot } from '../run/rank-slot.ts';
import { scopeOf } from '../run/run-model.ts';

/** One method with its checkpoint, and the worker it runs in. */
export interface RankLane {
  readonly slot: ScorerSlot;
  readonly wanted: Wanted;
  /** A ranking as a worker is asked for it, once the checkpoint is loaded. */
  job(card: RankerCard, query: Query, candidates: readonly Candidate[]): RankJob;
}

/** What a ranking came to. */
export interface LaneRanking {
  /** Candidate positions, best first. */
  readonly order: readonly number[];
  /** scores[i] belongs to order[i]. */
  readonly scores: readonly number[];
  /** Answers it needed, made now or kept from earlier. */
  readonly calls: number;
  /** Of these, kept ones. */
  readonly cached: number;
  /** Wall seconds; with kept answers the sum of the times measured when each was made. */
  readonly seconds: number;
  /** Input tokens of all its calls, and the sum of their squares. */
  readonly tokens: number;
  readonly tokenSquares: number;
  /** Sums over the texts that were judged or written; null where none were, or not every length is known. */
  readonly texts: TextSizes | null;
  /** Input positions, padding included; null where answers were kept ones, or it is not known. */
  readonly padded: number | null;
  /** Candidates that were cut to fit. */
  readonly cut: number;
  /** Answers that were no complete lists. */
  readonly repaired: number;
  readonly totals: RankingTotals | undefined;
}

export interface LaneRankerDeps {
  readonly slots: ModelSlots;
  readonly answers: AnswerCache;
  /** Milliseconds on a clock that does not jump. */
  readonly now: () => number;
  readonly cancelMs: number;
  /** Waits until the workers are free for this. */
  readonly turn: (signal: AbortSignal) => Promise<void>;
}

export interface LaneListener {
  /** Answers and seconds of the ranking at work. */
  running(answered: number, seconds: number): void;
  /** It was given up, and is begun again or ends with an error. */
  dropped(): void;
  /** Of the log, as it comes. */
  events?(events: readonly TimedEvent[]): void;
  /** What answers, once it is loaded. */
  loaded?(info: ScorerInfo, job: RankJob): void;
}

/** How often a worker may be taken away for another model before it is given up. */
const MAX_TAKEN = 3;

export class LaneRanker {
  readonly #deps: LaneRankerDeps;
  #step: { readonly abort: AbortController; ended: Promise<unknown> } | undefined;

  constructor(deps: LaneRankerDeps) {
    this.#deps = deps;
  }

  /** Gives up the ranking at work, to be begun again at the next turn: settles when it has let go of its worker. */
  async makeRoom(): Promise<void> {
    this.#step?.abort.abort();
    await this.#step?.ended;
  }

  /** @throws RankscopeError 'cancelled' when the signal is aborted, else what the worker throws */
  async rank(
    lane: RankLane,
    query: Query,
    candidates: readonly Candidate[],
    listener: LaneListener,
    signal: AbortSignal,
  ): Promise<LaneRanking> {
    for (let [taken, reloads] = [0, 0]; ; ) {
      await this.#deps.turn(signal);
      const step = { abort: new AbortController(), ended: Promise.resolve() as Promise<unknown> };
      const held: { worker?: ScorerWorker } = {};
      const both = AbortSignal.any([signal, step.abort.signal]);
      const work = this.#ask(lane, query, candidates, held, listener, both);
      step.ended = work.catch(() => {});
      this.#step = step;
      try {
        return await work;
      } catch (error) {
        listener.dropped();
        if (signal.aborted) throw error;
        const { slots } = this.#deps;
        const lost = held.worker !== undefined && slots.holder(lane.slot) !== held.worker;
        if (step.abort.signal.aborted || (lost && ++taken < MAX_TAKEN)) continue;
        if (reloadLost(slots, lane.slot, error, reloads)) {
          reloads++;
          continue;
        }
        if (held.worker && !held.worker.alive) slots.restart(lane.slot);
        throw error;
      } finally {
        this.#step = undefined;
      }
    }
  }

  async #ask(
    { slot, wanted, job }: RankLane,
    query: Query,
    candidates: readonly Candidate[],
    held: { worker?: ScorerWorker },
    listener: LaneListener,
    signal: AbortSignal,
  ): Promise<LaneRanking> {
    const { slots, answers, now, cancelMs } = this.#deps;
    slots.want(slot, wanted);
    slots.revive(slot);
    const { worker, ready } = await abortable(slots.ready(slot), signal);
    held.worker = worker;
    const scope = scopeOf(ready.info, query);
    const known = await abortable(answers.known(scope), signal);
    const asked = job(ready.card, query, candidates);
    listener.loaded?.(ready.info, asked);
    const seen = new Watch();
    const began = now();
    const counted = watchRemote(wanted.entry.id, worker);
    try {
      await rankInSlot(
        worker,
        { ...asked, known },
        (events, fresh) => {
          void answers.add(scope, fresh);
          for (const event of events) seen.take(event);
          listener.events?.(events);
          listener.running(seen.asked + seen.cached, (now() - began) / 1000);
        },
        signal,
        cancelMs,
      );
    } finally {
      await counted();
    }
    return seen.ranking();
  }
}

/** What the events of one ranking come to. */
class Watch {
  asked = 0;
  cached = 0;
  #storedMs = 0;
  #tokens = 0;
  #tokenSquares = 0;
  #texts = { outputs: 0, outputSquares: 0, tokenOutputs: 0 };
  /** Answers that say how long their text is. */
  #sized = 0;
  #order: readonly number[] = [];
  #scores: readonly number[] = [];
  readonly #cut = new Set<number>();
  #repaired = 0;
  #totals: RankingTotals | undefined;

  take(event: RankingEvent): void {
    if (event.type === 'ranking') {
      this.#order = event.order;
      this.#scores = event.scores;
    } else if (event.type === 'done') this.#totals = event.totals;
    else if (event.type === 'listed')
      this.#repaired += event.items.filter(({ malformed }) => malformed).length;
    for (const { cached, ms, tokens, outputs } of answersIn(event)) {
      if (cached) this.cached++;
      else this.asked++;
      this.#storedMs += ms;
      this.#tokens += tokens;
      this.#tokenSquares += tokens * tokens;
      if (outputs === undefined) continue;
      this.#sized++;
      this.#texts.outputs += outputs;
      this.#texts.outputSquares += outputs * outputs;
      this.#texts.tokenOutputs += tokens * outputs;
    }
    for (const [candidate] of cutPassagesIn(event)) this.#cut.add(candidate);
  }

  ranking(): LaneRanking {
    return {
      order: this.#order,
      scores: this.#scores,
      calls: this.asked + this.cached,
      cached: this.cached,
      seconds: this.cached > 0 ? this.#storedMs / 1000 : (this.#totals?.seconds ?? 0),
      tokens: this.#tokens,
      tokenSquares: this.#tokenSquares,
      texts: this.#sized > 0 && this.#sized === this.asked + this.cached ? this.#texts : null,
      padded: this.cached > 0 ? null : (this.#totals?.padded ?? null),
      cut: this.#cut.size,
      repaired: this.#repaired,
      totals: this.#totals,
    };
  }
}
