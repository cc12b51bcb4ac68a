/**
 * "Decisions (JSON)": everything a ranking of one query consisted of, as one file. Other programs read
 * it, so its shape is a contract: passages are named by their ids, never by position.
 */

import type { ScorerInfo, Truncation } from '../inference/scorer.ts';
import type { Fusion } from '../ranking/fusion.ts';
import { pointwiseYes } from '../ranking/methods/pointwise-yes/method.ts';
import { prpAllPairs } from '../ranking/methods/prp-allpair/method.ts';
import type { MethodId } from '../ranking/methods/registry.ts';
import { type GivenChoices, givenChoices } from '../ranking/schedules/choices.ts';
import type { PromptTemplate } from '../ranking/template.ts';
import type { AnswerCost, Comparison, Decision, Listing, ScoredPassage } from '../ranking/types.ts';
import type { Bm25Params } from '../retrieval/types.ts';
import type { Candidate, Grades, Query } from '../types.ts';
import type { LogRow } from './recording/log-rows.ts';

/** With the logs of the runs: a recording (recording/recording.ts). Files without are of version 1. */
export const DECISIONS_VERSION = 2;
export const RECORDING_FORMAT = 'rankscope-run/2';

/** As in a column's data-state. A method that has not run is idle, with an empty order. */
export type MethodState = 'idle' | 'running' | 'done' | 'cancelled' | 'error';

export interface DecisionsExport {
  readonly version: 1 | typeof DECISIONS_VERSION;
  /** Of version 2. */
  readonly format?: typeof RECORDING_FORMAT;
  /** The query's text. */
  readonly query: string;
  readonly queryId?: string;
  /** UTF-16 units of the query that the model read, where it was cut to fit. */
  readonly queryCut?: { readonly kept: number; readonly total: number };
  /** How the candidates were found. */
  readonly firstStage?: { readonly bm25: Bm25Params; readonly k: number; readonly fill: boolean };
  /** In first-stage order. */
  readonly candidates: readonly ExportedCandidate[];
  /** Grades above 0 of judged passages that are not among the candidates: the ideal of nDCG has them too. */
  readonly gradesElsewhere?: readonly number[];
  /** When, and on what machine, as far as whoever wrote it says so. */
  readonly made?: { readonly at: string; readonly on?: string };
  readonly methods: {
    readonly bm25: ExportedMethod;
    readonly student: ExportedMethod & { readonly scored: readonly ExportedScore[] };
    readonly teacher: ExportedMethod & {
      readonly decisions: readonly ExportedDecision[];
      /** Of methods that name one of several passages; absent where there are none. */
      readonly compared?: readonly ExportedComparison[];
      /** Of methods that put windows in order; absent where there are none. */
      readonly listed?: readonly ExportedListing[];
    };
  };
}

export interface ExportedCandidate {
  readonly id: string;
  readonly title?: string;
  readonly text: string;
  /** First stage's rank (from 1) and score. */
  readonly rank: number;
  readonly score: number;
  /** The first stage did not retrieve it (src/types.ts); it is not in the order of `bm25`. */
  readonly filled?: true;
  /** Absent when not judged. */
  readonly grade?: number;
}

/** With the choices of its schedule, where it takes any. */
export interface ExportedMethod extends GivenChoices {
  /** Which method filled the column; BM25's is `bm25`. */
  readonly method: MethodId | 'bm25';
  /** null for BM25, which has no prompt and no model, and for a method that has not run. */
  readonly template: PromptTemplate | null;
  readonly checkpoint: ExportedCheckpoint | null;
  readonly trueProbabilities?: boolean;
  /** Order and scores are those of a fusion with the first stage. */
  readonly fusion?: Fusion;
  /** Ran at the same time as the other model (race). */
  readonly raced?: boolean;
  readonly state: MethodState;
  /** Passage ids, best first: the best ranking known at the time. */
  readonly order: readonly string[];
  /** scores[i] belongs to order[i]. */
  readonly scores: readonly number[];
  /** What happened when, by the places of the answers in their lists (recording/log-rows.ts). */
  readonly log?: readonly LogRow[];
}

/** Of a service, dtype and device are not written. */
type ExportedCheckpoint = Pick<ScorerInfo, 'name' | 'digest'> &
  Partial<Pick<ScorerInfo, 'dtype' | 'device' | 'threads' | 'runtime' | 'alone' | 'service'>>;

/** One PRP decision; a and b are passage ids in the order asked. */
export interface ExportedDecision extends Omit<Decision, 'a' | 'b' | 'cuts'> {
  readonly a: string;
  readonly b: string;
  /** What was cut to fit; absent when nothing was. */
  readonly cuts?: readonly Truncation[];
}

/** Passage ids in the order shown, and the winner's. */
export interface ExportedComparison extends Omit<Comparison, 'shown' | 'winner' | 'cuts'> {
  readonly shown: readonly string[];
  readonly winner: string;
  readonly cuts?: readonly Truncation[];
}

/** Passage ids of a window in the order shown, and as they were put in order. */
export interface ExportedListing extends Omit<Listing, 'shown' | 'order' | 'cuts'> {
  readonly shown: readonly string[];
  readonly order: readonly string[];
  readonly cuts?: readonly Truncation[];
}

export interface ExportedScore {
  readonly id: string;
  readonly score: number;
  /** In the order of the template's labels. */
  readonly logits: readonly number[];
  /** Log-sum-exp over the vocabulary, where it was asked for. */
  readonly logSumExp?: number;
  readonly tokens: number;
  readonly outputs?: number;
  readonly ms: number;
  readonly cached: boolean;
  readonly cuts?: readonly Truncation[];
}

/** What a column holds: a ranking as candidate indices, from the method's event stream. */
export interface MethodRecord extends GivenChoices {
  readonly method: MethodId;
  readonly template: PromptTemplate | null;
  readonly info: ExportedCheckpoint | null;
  readonly trueProbabilities?: boolean;
  readonly fusion?: Fusion;
  readonly raced?: boolean;
  readonly state: MethodState;
  readonly order: readonly number[];
  readonly scores: readonly number[];
  readonly log?: readonly LogRow[];
}

export interface DecisionsInput {
  readonly query: Query;
  readonly candidates: readonly Candidate[];
  readonly grades?: Grades;
  readonly queryCut?: DecisionsExport['queryCut'] | undefined;
  readonly firstStage?: DecisionsExport['firstStage'];
  readonly gradesElsewhere?: readonly number[];
  readonly made?: DecisionsExport['made'];
  /** State of the first stage; absent: done. Its order and scores are the candidates' own. */
  readonly bm25State?: MethodState;
  readonly student?: MethodRecord & { readonly scored: readonly ScoredPassage[] };
  readonly teacher?: MethodRecord & {
    readonly decisions: readonly Decision[];
    readonly compared?: readonly Comparison[];
    readonly listed?: readonly Listing[];
  };
}

const NOT_RUN = { template: null, checkpoint: null, state: 'idle', order: [], scores: [] } as const;

/** Builds the export; a partial run gives what it has. Write it with `writeDecisions`. */
export function decisionsExport(input: DecisionsInput): DecisionsExport {
  const { query, candidates, grades, queryCut, firstStage, gradesElsewhere, made, student, teacher } = input;
  const recorded = student?.log !== undefined || teacher?.log !== undefined;
  const id = (index: number) => candidates[index]!.passage.id;
  const retrieved = candidates.filter(({ filled }) => !filled);
  return {
    version: recorded ? DECISIONS_VERSION : 1,
    format: recorded ? RECORDING_FORMAT : undefined,
    query: query.text,
    queryId: query.id,
    queryCut,
    firstStage,
    candidates: candidates.map(({ passage, rank, score, filled }) => {
      const grade = grades?.get(passage.id);
      return {
        id: passage.id,
        title: passage.title,
        text: passage.text,
        rank,
        score,
        filled,
        grade,
      };
    }),
    gradesElsewhere,
    made,
    methods: {
      bm25: {
        ...NOT_RUN,
        method: 'bm25',
        state: input.bm25State ?? 'done',
        order: retrieved.map(({ passage }) => passage.id),
        scores: retrieved.map(({ score }) => score),
      },
      student: {
        ...exportMethod(student, pointwiseYes.id, id),
        scored: (student?.scored ?? []).map(({ index, score, logits, logSumExp, ...cost }) => ({
          id: id(index),
          score,
          logits,
          logSumExp,
          ...exportCost(cost),
        })),
      },
      teacher: {
        ...exportMethod(teacher, prpAllPairs.id, id),
        decisions: (teacher?.decisions ?? []).map(({ a, b, logitA, logitB, preference, ...cost }) => ({
          a: id(a),
          b: id(b),
          logitA,
          logitB,
          preference,
          ...exportCost(cost),
        })),
        compared: someOf(teacher?.compared, ({ shown, winner, logits, ...cost }) => ({
          shown: shown.map(id),
          winner: id(winner),
          logits,
          ...exportCost(cost),
        })),
        listed: someOf(teacher?.listed, ({ shown, order, text, malformed, ...cost }) => ({
          shown: shown.map(id),
          order: order.map(id),
          text,
          malformed,
          ...exportCost(cost),
        })),
      },
    },
  };
}

/** The file's text. */
export function writeDecisions(value: DecisionsExport): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** undefined for an empty list, which JSON leaves out. */
const someOf = <T, E>(items: readonly T[] = [], write: (item: T) => E): readonly E[] | undefined =>
  items.length === 0 ? undefined : items.map(write);

const exportCost = ({ tokens, outputs, ms, cached, cuts }: AnswerCost) => ({
  tokens,
  outputs,
  ms,
  cached,
  cuts: cuts.length === 0 ? undefined : cuts,
});

function exportMethod(
  record: MethodRecord | undefined,
  fallback: MethodId,
  id: (index: number) => string,
): ExportedMethod {
  if (!record) return { method: fallback, ...NOT_RUN };
  const { method, template, info, trueProbabilities, fusion, raced, state, order, scores, log } = record;
  return {
    method,
    template,
    checkpoint: info && exportCheckpoint(info, log !== undefined),
    ...givenChoices(record),
    trueProbabilities,
    fusion,
    raced,
    state,
    order: order.map(id),
    scores: [...scores],
    log,
  };
}

/** Times mean something only beside what they were measured on. */
function exportCheckpoint(
  { name, digest, dtype, device, threads, runtime, alone, service }: ExportedCheckpoint,
  timed: boolean,
): ExportedCheckpoint {
  if (service !== undefined) return { name, digest, service, runtime: timed ? runtime : undefined };
  const identity = { name, digest, dtype, device };
  return timed ? { ...identity, threads, runtime, alone } : identity;
}
