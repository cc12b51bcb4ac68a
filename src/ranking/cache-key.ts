/**
 * Keys of the comparison cache. A key names everything an answer depends on: who computed it
 * (checkpoint, dtype, device class, runtime), what was asked (template, limits, query) and of which
 * passages. The number of threads is left out: a scorer's logits do not depend on it by contract.
 */
import type { PromptLimits, ScorerInfo } from '../inference/scorer.ts';
import type { Candidate, Query } from '../types.ts';
import { hashFields, hashText } from './hash.ts';
import { passageText } from './render.ts';
import type { PromptTemplate } from './template.ts';
import { wordingHash } from './wording-hash.ts';

/**
 * Keys for one run; indices are the candidates' positions. `key(i)` is pointwise, `key(a, b)` the
 * ordered pair. Passages with the same text share their keys: they are one question.
 *
 * `limits` are those given to the scorer with the call; the checkpoint's own defaults belong to its
 * digest. `more` is what else an answer depends on that is no logits: its kind, limits, the text that is judged.
 */
export function createKeys(
  info: ScorerInfo,
  template: PromptTemplate,
  limits: Partial<PromptLimits>,
  query: Query,
  candidates: readonly Candidate[],
  more: readonly (string | number)[] = [],
): (...passages: readonly number[]) => string {
  const scorer = hashFields([info.digest, info.dtype, info.device, info.runtime]);
  const asked = hashFields([
    template.id,
    template.version,
    wordingHash(template),
    limits.maxTokens ?? '',
    limits.maxPassageWords ?? '',
    limits.maxPassageTokens ?? '',
    query.text,
    ...more,
  ]);
  const texts = candidates.map(({ passage }) => hashText(passageText(passage, template.titles)));
  const prefix = `${scorer}-${asked}`;
  return (...passages) => passages.reduce((key, index) => `${key}-${texts[index]}`, prefix);
}
