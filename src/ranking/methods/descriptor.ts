/** What everything else knows of a ranking method: the page, the command line, estimates, exports and help. */
import type { Capability } from '../../inference/ranker-model.ts';
import type { Candidate, Query } from '../../types.ts';
import type { AskContext } from '../ask.ts';
import type { PairTable } from '../pair-table.ts';
import type { PairChoices, ScheduleChoices } from '../schedules/choices.ts';
import type { Schedule } from '../schedules/schedule.ts';
import { labelsOf, type PromptTemplate, type TemplateKind } from '../template.ts';
import type { RankingEvent } from '../types.ts';

export interface PlannedCalls {
  readonly calls: number;
  /** True when the method may need fewer (heapsort, sliding window, exact top k). */
  readonly upperBound: boolean;
}

/** Options that a method may take; it reads those that its descriptor names. */
export interface MethodChoices extends ScheduleChoices {
  /**
   * Rank by true probabilities (the paper's Eq. 2), which need the log-sum-exp over the vocabulary.
   * @example `true` tells “Yes, surely” from “Yes, among many words that are as likely”
   */
  readonly trueProbabilities: boolean;
}

/** How a method's scores are shown. */
export interface ScoreStyle {
  /** What stands above the numbers. */
  readonly label: string;
  /** Id of what explains it in the page's glossary. */
  readonly term: string;
  readonly decimals: number;
  /** What a passage scores that wins every comparison, for n candidates; absent: the scores set the scale. */
  readonly full?: (n: number) => number;
}

/** Runs a method: `scored` or `decided` and `ranking` after every batch. */
export type RunMethod = (
  template: PromptTemplate,
  query: Query,
  candidates: readonly Candidate[],
  context: AskContext,
) => AsyncGenerator<RankingEvent>;

/**
 * Begins a schedule over `size` candidates; it reads the decisions from the table.
 * @param seed of what it draws at random: the query's, so that a ranking is the same wherever it is made
 */
export type BeginSchedule = (size: number, table: PairTable, choices: PairChoices, seed: number) => Schedule;

/** Which pairs a comparing method asks, and what it is called where only pairs are chosen. */
export interface PairSchedule {
  /** In options and recipes. */
  readonly name: string;
  /** On the page. */
  readonly title: string;
  readonly begin: BeginSchedule;
}

export interface MethodDescriptor {
  /** As it stands in options, runs' tags, decisions and saved runs; a new one moves the old one to `formerIds`. */
  readonly id: string;
  /** Ids that it had before, oldest first: they are read wherever an id is read, and never written. */
  readonly formerIds?: readonly string[];
  /** In the page's words. */
  readonly title: string;
  /** Id of what explains the title in the page's glossary. */
  readonly term: string;
  /** One line of help, without a full stop. */
  readonly summary: string;
  /** What a model must be able to do for it. */
  readonly needs: Capability;
  readonly kind: TemplateKind;
  /** Fewest labels that its template must have; 0 where the answer is a text. */
  readonly labels: 0 | 1 | 2;
  /** The template it starts with where a checkpoint offers none. */
  readonly template: PromptTemplate;
  /** Options it takes. */
  readonly takes: readonly (keyof MethodChoices)[];
  readonly style: ScoreStyle;
  /** Its scores are places: it finds an order, and no score of its own. */
  readonly byPlace: boolean;
  /** Passages that a prompt shows, where there is a choice; absent: as many as its kind of template. */
  readonly shows?: (choices: ScheduleChoices) => number;
  /** Calls for n candidates at most, answers already cached included. */
  readonly plannedCalls: (n: number, choices: ScheduleChoices) => PlannedCalls;
  /** Methods that compare pairs, and no others. */
  readonly schedule?: PairSchedule;
  readonly run: (choices: MethodChoices) => RunMethod;
}

/** Whether a method can be asked with a template. */
export const acceptsTemplate = (
  { kind, labels }: Pick<MethodDescriptor, 'kind' | 'labels'>,
  template: PromptTemplate,
): boolean => template.kind === kind && labelsOf(template).length >= labels;

/** n points for the first of n, 1 for the last. */
export const POINTS: ScoreStyle = { label: 'points', term: 'points', decimals: 0, full: (n) => n };
