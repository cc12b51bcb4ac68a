/**
 * The calls between the page and the train worker, which teaches a copy of the embedded base in the page (lesson 6). The
 * base is the teacher, too: one folder, asked in pairs for labels and trained under a wording that it was never taught.
 */
import type { FileDigest } from '../bytes/byte-source.ts';
import type { BlobFile } from '../sources/blob-folder.ts';
import type { Passage, Query } from '../types.ts';

/** A sample, as far as a training reads it. */
export interface JudgedCorpus {
  readonly id: string;
  readonly title: string;
  readonly passages: readonly Passage[];
  readonly queries: readonly (Query & { readonly grades: Readonly<Record<string, number>> })[];
}

export interface TrainRequest {
  /** URL of the base's folder, ending in `/`. */
  readonly url: string;
  /** Its questions are ranked by the teacher and learnt from; their grades are not looked at. */
  readonly taught: JudgedCorpus;
  /** Its questions only measure: nothing is learnt from them. */
  readonly heldOut: JudgedCorpus;
  /** Passages of BM25 that the teacher compares for each question: n(n − 1) calls. */
  readonly candidates: number;
  readonly seed: number;
}

export type TrainProgress =
  | { readonly phase: 'load' }
  /** The teacher is asked; `seconds` of its calls so far. */
  | { readonly phase: 'label'; readonly done: number; readonly total: number; readonly seconds: number }
  | { readonly phase: 'student' };

/** One answer of the teacher: `a` shown as passage A, `b` as passage B; places in first-stage order, from 0. */
export interface TaughtDecision {
  readonly a: number;
  readonly b: number;
  readonly logitA: number;
  readonly logitB: number;
  readonly preference: 0 | 0.5 | 1;
}

/** A question that is learnt from. */
export interface TaughtList {
  readonly query: Query;
  /** In first-stage order. */
  readonly passages: readonly Passage[];
  readonly decisions: readonly TaughtDecision[];
}

/** Calls of one kind, and what they took here. */
export interface CallCost {
  readonly calls: number;
  readonly seconds: number;
}

export interface TrainOpened {
  readonly threads: number;
  readonly parameters: number;
  readonly lists: readonly TaughtList[];
  /** nDCG@10 of the held-out questions, by who ranks. `relevance`: the base asked its own Yes / No question. */
  readonly ndcg: { readonly bm25: number; readonly relevance: number; readonly teacher: number };
  /** Pairwise calls, of all questions of both corpora. */
  readonly pairs: CallCost;
  /** Pointwise calls of the held-out questions: what a student of this size takes. */
  readonly points: CallCost;
  readonly start: TrainState;
}

/** What the reader has in hand, between steps too. */
export interface TrainSettings {
  readonly learningRate: number;
  /** The teacher's pairs among so many of BM25's passages are learnt from; 2 to `candidates`. */
  readonly listSize: number;
  /** The list whose scores come with each step. */
  readonly follow: number;
}

/** The student as it is after so many steps. */
export interface TrainState {
  readonly step: number;
  /** Of the followed list's passages, all candidates of it. */
  readonly scores: readonly number[];
  /** Mean nDCG@10 of the held-out questions, where it was measured at this step. */
  readonly ndcg?: number;
}

export interface TrainedStep extends TrainState {
  /** Mean of the step's lists before the update; not a number where training has blown up. */
  readonly loss: number;
  readonly rate: number;
  /** Of all parameters, before clipping. */
  readonly gradientNorm: number;
  /** Of the step alone, measuring left out. */
  readonly seconds: number;
}

/** What is written on the card of a student besides. */
export interface StudentFacts {
  readonly settings: TrainSettings;
  readonly lossCurve: readonly (readonly [step: number, loss: number])[];
  readonly ndcgCurve: readonly (readonly [step: number, ndcg: number])[];
}

export interface StudentFiles {
  readonly title: string;
  /** Of its weights: names this student and no other. */
  readonly digest: FileDigest;
  readonly files: readonly BlobFile[];
}

export interface TrainWorkerApi {
  /**
   * Loads the base, asks the teacher, and makes an untaught student.
   * @throws RankscopeError 'cancelled', 'network', 'missing', 'bad-checkpoint' or 'device'
   */
  open(request: TrainRequest, onProgress: (progress: TrainProgress) => void): Promise<TrainOpened>;
  /** Holds from the next step on. */
  set(settings: TrainSettings): void;
  /** Scores of the list that is followed now. */
  state(): Promise<TrainState>;
  /** So many steps, or until `pause`. @returns once nothing runs any more */
  run(steps: number, onStep: (step: TrainedStep) => void): Promise<void>;
  /** After the step at work, or in the midst of it: that step then has changed nothing. */
  pause(): void;
  /** An untaught student again. The one of before is kept, until the next restart. */
  restart(): Promise<TrainState>;
  /** The student of before the last restart and the one of now change places. */
  swap(): Promise<TrainState>;
  /** The student as a checkpoint's files. */
  student(facts: StudentFacts): Promise<StudentFiles>;
  /** The same in one zip. */
  zip(facts: StudentFacts): Promise<Blob>;
}
