/** The wording of a run: a preset's or the checkpoint's id, a file, or the checkpoint's own default. */
import { existsSync } from 'node:fs';
import { RankscopeError } from '../../src/errors.ts';
import { Checked, parseJsonValues } from '../../src/formats/json-check.ts';
import type { RankerCard } from '../../src/inference/ranker-card.ts';
import type { PromptTemplate, TemplateKind } from '../../src/ranking/template.ts';
import { defaultTemplate, kindOf, PRESETS, validateTemplate } from '../../src/ranking/templates.ts';
import type { MethodId } from '../../src/ranking/types.ts';
import { readText } from './read-input.ts';

/**
 * @param wanted an id or a path; absent: what the checkpoint was trained on, else the paper's.
 * @throws RankscopeError 'bad-input' when it is neither, or does not fit the method.
 */
export async function chooseTemplate(
  method: MethodId,
  card: Pick<RankerCard, 'templates' | 'name'>,
  wanted?: string,
): Promise<PromptTemplate> {
  if (wanted === undefined) return defaultTemplate(method, card.templates);
  const named = [...card.templates, ...PRESETS];
  const template = named.find(({ id }) => id === wanted) ?? (await fromFile(wanted, named));
  validateTemplate(template);
  if (template.kind === kindOf(method)) return template;
  const fitting = named.filter(({ kind }) => kind === kindOf(method)).map(({ id }) => id);
  throw new RankscopeError(
    'bad-input',
    `The template “${wanted}” is ${template.kind}, and ${method} asks ${kindOf(method)} questions. ` +
      `Templates that fit: ${[...new Set(fitting)].join(', ')}.`,
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
  const name = object.optionalString('name') ?? path;
  return {
    id: object.optionalString('id') ?? 'custom-file',
    version: object.has('version') ? object.number('version') : 1,
    name,
    kind: object.oneOf<TemplateKind>('kind', ['pointwise', 'pairwise']),
    text: object.string('text'),
    decoderPrefix: object.optionalString('decoderPrefix') ?? '',
    labels: object.strings('labels'),
    ...(object.has('maxPassageWords') ? { maxPassageWords: object.number('maxPassageWords') } : {}),
    source: object.optionalString('source') ?? path,
  };
}
