/**
 * What a run will take: calls by the method's own count, seconds from measured figures only. A
 * model's speed is measured when it is loaded and again by each run; the length of a prompt is the
 * mean of the last run with the same template, before one counted with the model's own tokenizer
 * over the first passages of the corpus (prompt-lengths.ts).
 */
import { create } from 'zustand';
import { plannedCalls } from '../ranking/planned-calls.ts';
import { wordingHash } from '../ranking/templates.ts';
import type { IndexStatus } from './corpus.ts';
import type { ModelsState } from './models.ts';
import type { Settings } from './settings.ts';
import { methodOf, templateOf } from './templates.ts';
import type { ScorerSlot } from './workers/types.ts';

/** A run expected to take longer asks first. */
export const ASK_ABOVE_SECONDS = 60;

export interface MethodEstimate {
  readonly calls: number;
  /** The schedule may need fewer. */
  readonly upperBound: boolean;
  /** null while the model's speed or the prompts' length is unknown. */
  readonly seconds: number | null;
}

export interface Estimate {
  readonly student: MethodEstimate;
  readonly teacher: MethodEstimate;
}

export interface PromptLengthsState {
  /** Mean tokens of a prompt, by `lengthKey`. */
  readonly tokens: ReadonlyMap<string, number>;
}

export const usePromptLengths = create<PromptLengthsState>()(() => ({ tokens: new Map() }));

/** Lengths belong to a wording and a corpus. */
export function lengthKey(
  slot: ScorerSlot,
  settings: Settings,
  models: ModelsState,
  fingerprint: string,
): string {
  const template = templateOf(slot, settings, models.slots[slot].ready?.card);
  return `${wordingHash(template)}|${fingerprint}`;
}

export function setPromptLength(key: string, tokens: number): void {
  usePromptLengths.setState((s) => ({ tokens: new Map(s.tokens).set(key, tokens) }));
}

export function estimate(
  settings: Settings,
  models: ModelsState,
  corpus: { readonly index: IndexStatus; readonly fingerprint: string },
  lengths: PromptLengthsState,
): Estimate {
  const size = corpus.index.state === 'ready' ? corpus.index.summary.passages : settings.k;
  const n = Math.min(settings.k, size);
  const of = (slot: ScorerSlot): MethodEstimate => {
    const planned = plannedCalls(methodOf(slot, settings), n, settings.passes);
    const speed = models.slots[slot].tokensPerSecond;
    const length = lengths.tokens.get(lengthKey(slot, settings, models, corpus.fingerprint));
    const seconds = speed && length !== undefined ? (planned.calls * length) / speed : null;
    return { ...planned, seconds };
  };
  return { student: of('student'), teacher: of('teacher') };
}

/** Seconds for both; in a race the longer of the two. null while either is unknown. */
export function expectedSeconds({ student, teacher }: Estimate, race: boolean): number | null {
  if (student.seconds === null || teacher.seconds === null) return null;
  return race ? Math.max(student.seconds, teacher.seconds) : student.seconds + teacher.seconds;
}
