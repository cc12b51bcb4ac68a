/** What tells one wording from another, in caches and in the ids of edited templates. */
import { hashFields } from './hash.ts';
import type { PromptTemplate } from './template.ts';

/** Hash of everything in a template that shapes a prompt or its answer. */
export function wordingHash(template: PromptTemplate): string {
  const { kind, text, decoderPrefix, labels, maxPassageWords, titles = 'sentence' } = template;
  const asked = [kind, text, decoderPrefix, labels.length, ...labels, maxPassageWords ?? ''];
  // Hashes of before there was a choice stay.
  return hashFields(titles === 'sentence' ? asked : [...asked, titles]);
}
