/** Which prompt each model gets, what else there is to choose, and whether it was trained on it. */

import type { RankerCard } from '../../checkpoint/ranker-card.ts';
import { isServiceCard } from '../../checkpoint/remote-card.ts';
import type { Fusion } from '../../ranking/fusion.ts';
import { acceptsTemplate } from '../../ranking/methods/descriptor.ts';
import { type MethodId, methodNamed, methodOfComparison } from '../../ranking/methods/registry.ts';
import { relevanceGeneration } from '../../ranking/methods/rg/method.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import { defaultTemplate, isOffered, matchesTrained, PRESETS } from '../../ranking/templates.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { type Settings, type TemplateUse, useSettings } from '../settings.ts';
import { useModels } from './models.ts';

/** The method a slot runs under these settings. */
export function methodOf(slot: ScorerSlot, settings: Settings): MethodId {
  if (slot === 'teacher') return methodOfComparison(settings.schedule);
  return settings.studentMode === 'base' ? relevanceGeneration.id : settings.studentMethod;
}

/** How a slot's ranking is fused with BM25's under these settings: the student's alone, and not the base's. */
export const fusionOf = (slot: ScorerSlot, { studentMode, fusion }: Settings): Fusion | undefined =>
  slot === 'student' && studentMode === 'student' && fusion ? fusion : undefined;

/** Which of the three template choices a slot uses under these settings. */
export function templateUseOf(slot: ScorerSlot, settings: Settings): TemplateUse {
  return slot === 'teacher' ? 'teacher' : settings.studentMode;
}

/**
 * The prompt a slot will be asked with: the chosen one, else what its checkpoint was trained on,
 * else (no card yet) the paper's.
 */
export function templateOf(slot: ScorerSlot, settings: Settings, card?: RankerCard): PromptTemplate {
  const method = methodOf(slot, settings);
  const chosen = settings.templates[templateUseOf(slot, settings)];
  const found = chosen === null ? undefined : choicesOf(method, settings, card).find((t) => t.id === chosen);
  return found ?? defaultTemplate(method, card?.templates);
}

/** Everything a method can be asked with: the checkpoint's own wordings, the presets, the user's edits. */
export function choicesOf(method: MethodId, settings: Settings, card?: RankerCard): PromptTemplate[] {
  const choices = new Map<string, PromptTemplate>();
  for (const template of [...(card?.templates ?? []), ...PRESETS, ...settings.customTemplates]) {
    const fits = acceptsTemplate(methodNamed(method), template);
    if (fits && !choices.has(template.id)) choices.set(template.id, template);
  }
  return [...choices.values()];
}

export interface TemplateChoice {
  readonly choices: readonly PromptTemplate[];
  readonly selected: PromptTemplate;
  /** What to expect where the loaded checkpoint was not trained on it; none where it was, or is not loaded. */
  readonly note: string | undefined;
  readonly use: TemplateUse;
}

/** What a checkpoint's card makes of a wording, for people; nothing where it was trained on it. */
export function trainingNote(template: PromptTemplate, card?: RankerCard): string | undefined {
  // Of a service's training nothing is known.
  if (!card || isServiceCard(card) || matchesTrained(template, card.templates)) return undefined;
  return isOffered(template, card.templates)
    ? `${card.name} is not known to have been trained on this wording, though its card offers it.`
    : `${card.name} was not trained on this wording: expect a worse ranking.`;
}

/** For the combo boxes "Teacher prompt" and "Student prompt". */
export function templateChoice(slot: ScorerSlot, settings: Settings, card?: RankerCard): TemplateChoice {
  const selected = templateOf(slot, settings, card);
  return {
    choices: choicesOf(methodOf(slot, settings), settings, card),
    selected,
    note: trainingNote(selected, card),
    use: templateUseOf(slot, settings),
  };
}

/** Chooses by id; the checkpoint's own wording is kept as "none chosen", so that it follows the checkpoint. */
export function chooseTemplate(slot: ScorerSlot, id: string): void {
  const settings = useSettings.getState();
  const card = useModels.getState().slots[slot].ready?.card;
  const own = defaultTemplate(methodOf(slot, settings), card?.templates).id;
  settings.chooseTemplate(templateUseOf(slot, settings), id === own ? null : id);
}
