/** In which words a template is answered, for people. */
import type { PromptTemplate } from './template.ts';

/** `labels A / B`, `numbers, best first`, `likelihood of {query}`. */
export function answerWords(template: PromptTemplate): string {
  switch (template.kind) {
    case 'pointwise':
    case 'pairwise':
    case 'setwise':
      return `labels ${template.labels.join(' / ')}`;
    case 'relevance':
      return template.labels.length === 1
        ? 'a relevance score'
        : `head’s labels ${template.labels.join(' / ')}`;
    case 'listwise':
      return template.answer === 'best' ? 'the number of the best' : 'numbers, best first';
    case 'likelihood':
      return `likelihood of ${template.target}`;
  }
}
