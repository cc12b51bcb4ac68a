/**
 * Counts the tokens of a prompt before the first run: with the loaded model's tokenizer, over a
 * few passages of the corpus, cut as the prompt would cut them.
 */

import { preparePassage, promptText, renderPrompt, targetText, wordLimit } from '../../ranking/render.ts';
import { shownAtOnce } from '../../ranking/shown-at-once.ts';
import { type PromptTemplate, passagesShown } from '../../ranking/template.ts';
import type { Passage } from '../../types.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import type { ModelSlots } from '../models/model-slots.ts';
import { useModels } from '../models/models.ts';
import { methodOf, templateOf } from '../models/templates.ts';
import { useSettings } from '../settings.ts';
import { lengthKey, setPromptLength, usePromptLengths } from './estimate.ts';
import { currentInputs, type Inputs } from './inputs.ts';
import { useRun } from './run.ts';

/** Passages counted: enough for a mean, few enough to take milliseconds. */
const PASSAGES = 12;
const WAIT_MS = 300;

/** Watches the stores and counts when something that shapes prompts has changed; returns the way to stop. */
export function watchPromptLengths(slots: ModelSlots): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const slot of ['student', 'teacher'] as const) void count(slots, slot).catch(() => {});
    }, WAIT_MS);
  };
  const stops = [useCorpus, useModels, useSettings, useQuery].map((store) => store.subscribe(soon));
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

async function count(slots: ModelSlots, slot: ScorerSlot): Promise<void> {
  const { index } = useCorpus.getState();
  if (index.state !== 'ready' || useRun.getState().active) return;
  await countPrompts(slots, slot, currentInputs(), index.summary.firstPassages);
}

/** Counts a slot's prompts over these passages, unless their length is known or the model is not loaded. */
export async function countPrompts(
  slots: ModelSlots,
  slot: ScorerSlot,
  { settings, corpus, query }: Inputs,
  from: readonly Passage[],
): Promise<void> {
  const models = useModels.getState();
  const key = lengthKey(slot, settings, models, corpus.fingerprint, query.text);
  if (models.slots[slot].status !== 'ready' || usePromptLengths.getState().tokens.has(key)) return;
  const { worker, ready } = await slots.ready(slot);
  if (!worker.countTokens) return;
  const passages = from.slice(0, PASSAGES);
  if (passages.length === 0) return;
  const template = templateOf(slot, settings, ready.card);
  const countTokens = worker.countTokens.bind(worker);
  const shown = shownAtOnce(methodOf(slot, settings), template, settings, settings.k);
  const tokens = await meanPromptTokens(
    template,
    ready.card.limits,
    passages,
    query.text,
    countTokens,
    shown,
  );
  setPromptLength(key, tokens);
}

/**
 * A judged token takes about as long as two that are read: a position of the decoder, and all of the vocabulary. By
 * operations 1.6 (FLAN-T5-base) to 2.2 (the embedded models).
 */
const JUDGED = 2;

/**
 * Mean tokens that a call reads: the wording with empty passages, plus the mean passage (cut to the word
 * and token limits) for each passage slot, at most the longest input allowed; those of a text that is judged count double.
 */
export async function meanPromptTokens(
  template: PromptTemplate,
  limits: {
    readonly maxTokens: number;
    readonly maxPassageWords?: number;
    readonly maxPassageTokens?: number;
  },
  passages: readonly Passage[],
  query: string,
  countTokens: (texts: readonly string[]) => Promise<readonly number[]>,
  slots = passagesShown(template).least,
): Promise<number> {
  const empty = Array.from({ length: slots }, () => ({ text: '' }));
  const wording = promptText(renderPrompt(template, { text: query }, empty));
  const words = wordLimit(template, limits);
  const target = template.kind === 'likelihood' ? targetText(template, { text: query }) : '';
  const [fixed = 0, judged = 0, ...counts] = await countTokens([
    wording,
    target,
    ...passages.map((passage) => preparePassage(passage, words, template.titles).text),
  ]);
  const cut = counts.map((n) => Math.min(n, limits.maxPassageTokens ?? n));
  const mean = cut.reduce((sum, n) => sum + n, 0) / Math.max(1, cut.length);
  return Math.min(limits.maxTokens, fixed + slots * mean) + JUDGED * judged;
}
