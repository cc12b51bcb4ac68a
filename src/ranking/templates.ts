/**
 * What can be known of a template before a model reads it: whether it is complete, whether a
 * checkpoint was trained on its wording, and which one a method starts with.
 */
import { acceptsTemplate } from './methods/descriptor.ts';
import { type MethodId, methodNamed } from './methods/registry.ts';
import { PRESETS } from './presets.ts';
import { labelsOf, type PromptTemplate, type TemplateKind, type TemplateOf } from './template.ts';
import { ownWording, wordingHash } from './wording-hash.ts';

export { PRESETS } from './presets.ts';
export { passageText, promptText, renderPrompt } from './render.ts';
export { templateProblems, validateTemplate } from './template-checks.ts';

/** What a checkpoint's card says of a template (RankerCard.templates fits); `trained` left out: true. */
export type CardWording = PromptTemplate & { readonly trained?: boolean };

/** The kind of template a method reads. */
export function kindOf(method: MethodId): TemplateKind {
  return methodNamed(method).kind;
}

/**
 * True when a checkpoint was trained on this wording: same kind, text and decoder prefix, and every
 * label asked for was a label in training at the same place (a student may be asked for `Yes` alone
 * where `Yes`/`No` were trained, not the other way round). Id, name, word limit and the writing of titles do not matter.
 */
export function matchesTrained(template: CardWording, wordings: readonly CardWording[]): boolean {
  return wordings.some((other) => other.trained !== false && sameWording(template, other));
}

/**
 * Whether a checkpoint may know a method's kind of prompt: its card has such a wording, or none that it is known to have
 * been trained on, as a model that was tuned on instructions of many kinds.
 */
export const mayKnow = (method: MethodId, wordings: readonly CardWording[]): boolean =>
  wordings.every(({ trained }) => trained === false) ||
  wordings.some((template) => acceptsTemplate(methodNamed(method), template));

/** True when a checkpoint's card names this wording, in its training or not. */
export function isOffered(template: CardWording, wordings: readonly CardWording[]): boolean {
  return wordings.some((other) => sameWording(template, other));
}

function sameWording(template: CardWording, other: CardWording): boolean {
  const [labels, own] = [labelsOf(other), ownWording(other)];
  return (
    other.kind === template.kind &&
    other.text === template.text &&
    other.decoderPrefix === template.decoderPrefix &&
    labelsOf(template).every((label, index) => labels[index] === label) &&
    ownWording(template).every((text, index) => own[index] === text)
  );
}

/** A card's template without what the card says of it: for a checkpoint that is trained on it now. */
export function withoutTrained(template: CardWording): PromptTemplate {
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

/** Changes of a template; those of fields that its kind does not have are left out. */
export type TemplateEdit = Partial<
  Pick<PromptTemplate, 'text' | 'decoderPrefix' | 'maxPassageWords' | 'titles' | 'name'> &
    Pick<TemplateOf<'setwise'>, 'labels' | 'item' | 'separator'> &
    Pick<TemplateOf<'likelihood'>, 'target'>
>;

const KINDS_WITH: Readonly<Partial<Record<keyof TemplateEdit, readonly TemplateKind[]>>> = {
  labels: ['pointwise', 'pairwise', 'setwise'],
  item: ['setwise', 'listwise'],
  separator: ['setwise', 'listwise'],
  target: ['likelihood'],
};

/**
 * A template with edits. Its id is `custom-` and a hash of what is asked, so that the same edit made
 * twice is the same template; an edit back to a preset's wording is that preset again.
 */
export function editTemplate(base: PromptTemplate, edit: TemplateEdit): PromptTemplate {
  const own = Object.entries(edit).filter(
    ([field]) => KINDS_WITH[field as keyof TemplateEdit]?.includes(base.kind) !== false,
  );
  const edited = { ...withoutTrained(base), ...Object.fromEntries(own) } as PromptTemplate;
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
