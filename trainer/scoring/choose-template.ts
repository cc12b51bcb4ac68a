/** The wording of a run: a preset's or the checkpoint's id, a file, or the checkpoint's own default. */

import { existsSync } from 'node:fs';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import { Checked, parseJsonValues } from '../../src/formats/json-check.ts';
import { readTemplateFields } from '../../src/formats/template-fields.ts';
import type { MethodId } from '../../src/ranking/methods/registry.ts';
import { type PromptTemplate, TEMPLATE_KINDS } from '../../src/ranking/template.ts';
import {
  defaultTemplate,
  editTemplate,
  kindOf,
  mayKnow,
  PRESETS,
  type TemplateEdit,
  validateTemplate,
} from '../../src/ranking/templates.ts';
import { readText } from '../input/read-jobs.ts';

/**
 * @param wanted an id or a path; absent: what the checkpoint was trained on, else the paper's.
 * @param edit what differs from that template in the writing of passages.
 * @throws RankscopeError 'bad-input' when it is neither, or does not fit the method.
 */
export async function chooseTemplate(
  method: MethodId,
  card: Pick<RankerCard, 'templates' | 'name'>,
  wanted?: string,
  edit: PassageEdit = {},
): Promise<PromptTemplate> {
  if (wanted === undefined) return withEdit(defaultTemplate(method, card.templates), edit);
  const named = [...card.templates, ...PRESETS];
  const template = named.find(({ id }) => id === wanted) ?? (await fromFile(wanted, named));
  validateTemplate(template);
  if (template.kind === kindOf(method)) return withEdit(template, edit);
  const fitting = named.filter(({ kind }) => kind === kindOf(method)).map(({ id }) => id);
  throw new RankscopeError(
    'bad-input',
    `The template “${wanted}” is ${template.kind}, and ${method} asks ${kindOf(method)} questions. ` +
      `Templates that fit: ${[...new Set(fitting)].join(', ')}.`,
  );
}

/** How passages are written into a template, where that is chosen apart from its wording. */
export type PassageEdit = Pick<TemplateEdit, 'maxPassageWords' | 'titles'>;

/** The template itself where the edit changes nothing in it. */
function withEdit(template: PromptTemplate, { maxPassageWords, titles }: PassageEdit): PromptTemplate {
  if (maxPassageWords === undefined && titles === undefined) return template;
  const edited = editTemplate(template, {
    maxPassageWords: maxPassageWords ?? template.maxPassageWords,
    titles: titles ?? template.titles,
  });
  validateTemplate(edited);
  return edited;
}

/** Whether a card's templates have the method's kind of prompt; a general model, e.g. FLAN-T5, may know any. */
export const knows = ({ templates }: Pick<RankerCard, 'templates'>, method: MethodId): boolean =>
  mayKnow(method, templates);

/**
 * A model that was never taught a method's kind of question answers it almost at random, and may be asked for hours.
 * A wording that is named, or --untrained, overrides this.
 * @param insist how to ask it anyway, a sentence
 * @throws RankscopeError 'bad-input' that says what the checkpoint was taught
 */
export function refuseUntrained(
  method: MethodId,
  card: Pick<RankerCard, 'templates' | 'name'>,
  { template, untrained }: { readonly template?: string; readonly untrained?: boolean },
  insist = 'Use --untrained to ask it anyway.',
): void {
  if (untrained || template !== undefined || knows(card, method)) return;
  const taught = card.templates.map(({ id, kind }) => `${id} (${kind})`).join(', ');
  throw new RankscopeError(
    'bad-input',
    `${card.name} was not trained on the prompts of ${method}, and its answers would mean little; it was trained on ${taught}. ` +
      `Choose another checkpoint or method. ${insist}`,
  );
}

async function fromFile(path: string, named: readonly PromptTemplate[]): Promise<PromptTemplate> {
  if (!existsSync(path)) {
    const ids = [...new Set(named.map(({ id }) => id))].join(', ');
    throw new RankscopeError(
      'bad-input',
      `There is no template and no file “${path}”. Give a JSON file, or one of ${ids}.`,
    );
  }
  const [first] = parseJsonValues(await readText(path), path);
  if (!first) throw new RankscopeError('bad-input', `${path}: it is empty. Give a template as JSON.`);
  const object = new Checked(first.value, path, first.line, '');
  return readTemplateFields(object, object.oneOf('kind', TEMPLATE_KINDS), {
    id: 'custom-file',
    version: 1,
    name: path,
    decoderPrefix: '',
    source: path,
  });
}
