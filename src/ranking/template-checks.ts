/** What is wrong with a template, in sentences for people. */
import { RankscopeError } from '../errors.ts';
import { TITLE_STYLES } from '../passage-text.ts';
import { splitTemplate } from './render.ts';
import { PAIR_TEXT, type PromptTemplate, type TemplateOf } from './template.ts';
import { type SlotRule, slotsOf, type WordingField } from './template-slots.ts';

/** Everything wrong with a template, in sentences for people; empty when it can be used. */
export function templateProblems(template: PromptTemplate): string[] {
  const problems: string[] = [];
  if (template.id.trim() === '') problems.push('It has no id.');
  if (!Number.isInteger(template.version) || template.version < 1) {
    problems.push(`Its version is ${template.version}; use a whole number from 1.`);
  }
  problems.push(...fieldProblems(template));
  if (template.kind === 'relevance') problems.push(...pairProblems(template));
  else if ('labels' in template) problems.push(...labelProblems(template));
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

/** Of everything that has slots. */
function fieldProblems(template: PromptTemplate): string[] {
  const fields: Partial<Record<WordingField, string>> = template;
  return (['text', 'item', 'target'] as const).flatMap((field) => {
    const rules = slotsOf(template.kind, field);
    if (!rules) return [];
    const text = fields[field];
    return text === undefined
      ? [`It has no “${field}”: a ${template.kind} template needs it.`]
      : slotProblems(text, rules, PLACES[field](template.kind));
  });
}

const PLACES: Readonly<Record<WordingField, (kind: PromptTemplate['kind']) => string>> = {
  text: (kind) => `a ${kind} template`,
  item: () => 'the line of a passage',
  target: () => 'the text that is judged',
};

function slotProblems(text: string, rules: readonly SlotRule[], place: string): string[] {
  const counts = new Map<string, number>();
  for (const { slot } of splitTemplate(text)) {
    if (slot !== undefined) counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  const problems: string[] = [];
  for (const { slot, meaning, times } of rules) {
    const count = counts.get(slot) ?? 0;
    if (count === 0 && times !== 'any')
      problems.push(`The slot {${slot}} is missing: write it where the ${meaning} goes.`);
    if (count > 1 && times === 'once') problems.push(`The slot {${slot}} appears ${count} times: keep one.`);
  }
  for (const slot of counts.keys()) {
    if (rules.some((rule) => rule.slot === slot)) continue;
    const known = rules.map((rule) => `{${rule.slot}}`).join(', ');
    problems.push(`{${slot}} is not a slot of ${place}: use ${known}.`);
  }
  return problems;
}

/** A cross-encoder reads query and passage as they are. */
function pairProblems({ text, decoderPrefix, labels }: TemplateOf<'relevance'>): string[] {
  const problems: string[] = [];
  if (text !== PAIR_TEXT || decoderPrefix !== '') {
    problems.push(
      'A cross-encoder reads query and passage without any words around them: it takes no wording.',
    );
  }
  if (labels.length === 0)
    problems.push('It has no labels; name what the classification head’s outputs mean.');
  return problems;
}

type Labelled = TemplateOf<'pointwise' | 'pairwise' | 'setwise'>;

function labelProblems({ kind, labels }: Labelled): string[] {
  const problems: string[] = [];
  if (kind === 'pairwise' && labels.length !== 2) {
    problems.push(`It has ${labels.length} label(s); a pairwise template needs two: the words for A and B.`);
  }
  if (kind === 'pointwise' && (labels.length < 1 || labels.length > 2)) {
    problems.push(`It has ${labels.length} labels; a pointwise template needs one (Yes) or two (Yes, No).`);
  }
  if (kind === 'setwise' && labels.length < 2) {
    problems.push(
      `It has ${labels.length} label(s); a setwise template needs two or more: one for each passage shown.`,
    );
  }
  for (const label of labels) {
    if (label === '' || /\s/u.test(label)) {
      problems.push(`The label “${label}” must be one word without spaces.`);
    }
  }
  if (new Set(labels).size < labels.length) problems.push('Its labels must differ from each other.');
  return problems;
}
