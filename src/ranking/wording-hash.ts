/** What tells one wording from another, in caches and in the ids of edited templates. */
import { hashFields } from './hash.ts';
import { DEFAULT_SEPARATOR, labelsOf, type PromptTemplate } from './template.ts';

/** Hash of everything in a template that shapes a prompt or its answer. */
export function wordingHash(template: PromptTemplate): string {
  const { kind, text, decoderPrefix, maxPassageWords, titles = 'sentence' } = template;
  const labels = labelsOf(template);
  const asked = [kind, text, decoderPrefix, labels.length, ...labels, maxPassageWords ?? ''];
  const own = ownWording(template);
  if (own.length > 0) return hashFields([...asked, titles, ...own]);
  // Hashes of before there was a choice stay.
  return hashFields(titles === 'sentence' ? asked : [...asked, titles]);
}

/** What templates of a kind have beside what all have. */
export function ownWording(template: PromptTemplate): readonly string[] {
  switch (template.kind) {
    case 'pointwise':
    case 'pairwise':
    case 'relevance':
      return [];
    case 'setwise':
      return [template.item, template.separator ?? DEFAULT_SEPARATOR];
    case 'listwise':
      return [template.item, template.separator ?? DEFAULT_SEPARATOR, template.answer ?? ''];
    case 'likelihood':
      return [template.target];
  }
}
