/**
 * What can be known of a template before a model reads it: whether it is complete, whether a
 * checkpoint was trained on its wording, and which one a method starts with.
 */
import { RankscopeError } from '../errors.ts';
import { TITLE_STYLES } from '../passage-text.ts';
import { acceptsTemplate } from './methods/descriptor.ts';
import { type MethodId, methodNamed } from './methods/registry.ts';
import { PRESETS } from './presets.ts';
import { passageSlots, splitTemplate } from './render.ts';
import type { PromptTemplate, TemplateKind } from './template.ts';
import { wordingHash } from './wording-hash.ts';

export { PRESETS } from './presets.ts';
export { passageText, promptText, renderPrompt } from './render.ts';

/** What a checkpoint's card says of a template (RankerCard.templates fits); `trained` left out: true. */
export type CardWording = Pick<PromptTemplate, 'kind' | 'text' | 'decoderPrefix' | 'labels'> & {
  readonly trained?: boolean;
};

/** The kind of template a method reads. */
export function kindOf(method: MethodId): TemplateKind {
  return methodNamed(method).kind;
}

/** Everything wrong with a template, in sentences for people; empty when it can be used. */
export function templateProblems(template: PromptTemplate): string[] {
  const problems: string[] = [];
  if (template.id.trim() === '') problems.push('It has no id.');
  if (!Number.isInteger(template.version) || template.version < 1) {
    problems.push(`Its version is ${template.version}; use a whole number from 1.`);
  }
  problems.push(...slotProblems(template), ...labelProblems(template));
  const words = template.maxPassageWords;
  if (words !== undefined && (!Number.isInteger(words) || words < 1)) {
    problems.push(`Passages cannot be cut to ${words} words; use a whole number from 1, or none.`);
  }
  if (template.titles !== undefined && !TITLE_STYLES.includes(template.titles)) {
    problems.push(`Titles are written as one of ${TITLE_STYLES.join(', ')}, not ${String(template.titles)}.`);
  }
  return problems;
}

/** Throws 'bad-input' that names every problem of the template. */
export function validateTemplate(template: PromptTemplate): void {
  const problems = templateProblems(template);
  if (problems.length === 0) return;
  throw new RankscopeError(
    'bad-input',
    `The template “${template.name || template.id}” cannot be used. ${problems.join(' ')}`,
    { template: template.id, problems },
  );
}

function slotProblems(template: PromptTemplate): string[] {
  const wanted = ['query', ...passageSlots(template.kind)];
  const counts = new Map<string, number>();
  for (const { slot } of splitTemplate(template.text)) {
    if (slot !== undefined) counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  const problems: string[] = [];
  for (const slot of wanted) {
    const count = counts.get(slot) ?? 0;
    if (count === 0)
      problems.push(`The slot {${slot}} is missing: write it where the ${slotMeaning(slot)} goes.`);
    if (count > 1) problems.push(`The slot {${slot}} appears ${count} times: keep one.`);
  }
  for (const slot of counts.keys()) {
    if (wanted.includes(slot)) continue;
    const known = wanted.map((name) => `{${name}}`).join(', ');
    problems.push(`{${slot}} is not a slot of a ${template.kind} template: use ${known}.`);
  }
  return problems;
}

function slotMeaning(slot: string): string {
  if (slot === 'passage_a') return 'text of passage A';
  if (slot === 'passage_b') return 'text of passage B';
  return slot === 'passage' ? "passage's text" : 'query';
}

function labelProblems(template: PromptTemplate): string[] {
  const { labels, kind } = template;
  const problems: string[] = [];
  if (kind === 'pairwise' && labels.length !== 2) {
    problems.push(`It has ${labels.length} label(s); a pairwise template needs two: the words for A and B.`);
  }
  if (kind === 'pointwise' && (labels.length < 1 || labels.length > 2)) {
    problems.push(`It has ${labels.length} labels; a pointwise template needs one (Yes) or two (Yes, No).`);
  }
  for (const label of labels) {
    if (label === '' || /\s/u.test(label)) {
      problems.push(`The label “${label}” must be one word without spaces.`);
    }
  }
  if (new Set(labels).size < labels.length) problems.push('Its labels must differ from each other.');
  return problems;
}

/**
 * True when a checkpoint was trained on this wording: same kind, text and decoder prefix, and every
 * label asked for was a label in training at the same place (a student may be asked for `Yes` alone
 * where `Yes`/`No` were trained, not the other way round). Id, name, word limit and the writing of titles do not matter.
 */
export function matchesTrained(template: CardWording, wordings: readonly CardWording[]): boolean {
  return wordings.some((other) => other.trained !== false && sameWording(template, other));
}

/** True when a checkpoint's card names this wording, in its training or not. */
export function isOffered(template: CardWording, wordings: readonly CardWording[]): boolean {
  return wordings.some((other) => sameWording(template, other));
}

function sameWording(template: CardWording, other: CardWording): boolean {
  return (
    other.kind === template.kind &&
    other.text === template.text &&
    other.decoderPrefix === template.decoderPrefix &&
    template.labels.every((label, index) => other.labels[index] === label)
  );
}

/** A card's template without what the card says of it: for a checkpoint that is trained on it now. */
export function withoutTrained(template: PromptTemplate & { readonly trained?: boolean }): PromptTemplate {
  const { trained: _, ...plain } = template;
  return plain;
}

/**
 * The template a method starts with: the first of its kind on the checkpoint's card (with two labels for
 * relevance generation), else the paper's.
 */
export function defaultTemplate(method: MethodId, offered: readonly PromptTemplate[] = []): PromptTemplate {
  const known = methodNamed(method);
  return offered.find((other) => acceptsTemplate(known, other)) ?? known.template;
}

export type TemplateEdit = Partial<
  Pick<PromptTemplate, 'text' | 'decoderPrefix' | 'labels' | 'maxPassageWords' | 'titles' | 'name'>
>;

/**
 * A template with edits. Its id is `custom-` and a hash of what is asked, so that the same edit made
 * twice is the same template; an edit back to a preset's wording is that preset again.
 */
export function editTemplate(base: PromptTemplate, edit: TemplateEdit): PromptTemplate {
  const edited = { ...withoutTrained(base), ...edit };
  const wording = wordingHash(edited);
  if (wording === wordingHash(base)) return base;
  const preset = PRESETS.find((other) => wordingHash(other) === wording);
  if (preset) return preset;
  return {
    ...edited,
    id: `custom-${wording}`,
    version: 1,
    name: edit.name ?? (base.id.startsWith('custom-') ? base.name : `${base.name}, edited`),
    source: base.id.startsWith('custom-') ? base.source : `edited from ${base.id} version ${base.version}`,
  };
}
