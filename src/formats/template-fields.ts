/** The fields of a template as files have them: checked for their types, not yet for their sense (templateProblems). */
import { TITLE_STYLES } from '../passage-text.ts';
import type { PromptTemplate, TemplateKind } from '../ranking/template.ts';
import type { Checked } from './json-check.ts';

/** What a file may leave out, with what is taken then. */
export type TemplateDefaults = Pick<PromptTemplate, 'id' | 'version' | 'name' | 'decoderPrefix' | 'source'>;

/** @throws RankscopeError 'bad-input' naming the file, the line and the field */
export function readTemplateFields(
  item: Checked,
  kind: TemplateKind,
  defaults?: TemplateDefaults,
): PromptTemplate {
  const text = (key: keyof TemplateDefaults & ('id' | 'name' | 'decoderPrefix' | 'source')): string =>
    defaults && !item.has(key) ? defaults[key] : item.string(key);
  // Fields in the order in which presets have them: what is exported again is the same text.
  const named = {
    id: text('id'),
    version: defaults && !item.has('version') ? defaults.version : item.number('version'),
    name: text('name'),
  };
  const wording = { text: item.string('text'), decoderPrefix: text('decoderPrefix') };
  const passages = {
    maxPassageWords: item.has('maxPassageWords') ? item.number('maxPassageWords') : undefined,
    titles: item.has('titles') ? item.oneOf('titles', TITLE_STYLES) : undefined,
    source: text('source'),
  };
  const many = () => ({
    item: item.string('item'),
    separator: item.optionalString('separator'),
  });
  switch (kind) {
    case 'pointwise':
    case 'pairwise':
    case 'relevance':
      return { ...named, kind, ...wording, labels: item.strings('labels'), ...passages };
    case 'setwise':
      return { ...named, kind, ...wording, ...many(), labels: item.strings('labels'), ...passages };
    case 'listwise': {
      const answer = item.has('answer') ? item.oneOf('answer', ['best'] as const) : undefined;
      return { ...named, kind, ...wording, ...many(), answer, ...passages };
    }
    case 'likelihood':
      return { ...named, kind, ...wording, target: item.string('target'), ...passages };
  }
}
