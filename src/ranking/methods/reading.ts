/** How a wording's answers are read in a column that scores passages one by one. */
import { labelsOf, type PromptTemplate } from '../template.ts';
import { wordingHash } from '../wording-hash.ts';
import { monoT5 } from './monot5/method.ts';
import { pointwiseYes } from './pointwise-yes/method.ts';
import type { MethodId } from './registry.ts';

const MONO_T5_WORDING = wordingHash(monoT5.template);

/**
 * The method itself; but where the logit of the first label would be the score and the wording is monoT5's, monoT5's own
 * score: its models are trained on true against false, and one logit alone is not comparable between passages.
 */
export const readingOf = (method: MethodId, template: PromptTemplate): MethodId =>
  method === pointwiseYes.id && isMonoT5(template) ? monoT5.id : method;

const isMonoT5 = (template: PromptTemplate): boolean =>
  labelsOf(template).length === 2 &&
  (template.id === monoT5.template.id || wordingHash(template) === MONO_T5_WORDING);
