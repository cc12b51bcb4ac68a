/** The wording by whose labels a model is warmed up, probed and compared between devices. */
import type { LabelTemplate, RelevanceTemplate, SetwiseTemplate } from '../ranking/template.ts';
import type { RankerCard } from './ranker-card.ts';

/** The card's first template with labels: every card has one (parseRankerCard). */
export function labelledTemplate({ templates }: Pick<RankerCard, 'templates'>) {
  return templates.find(
    (one): one is LabelTemplate | RelevanceTemplate | SetwiseTemplate => 'labels' in one,
  )!;
}
