/** Whether a finished column's ranking is an answer at all (ranking/doubts.ts), in words for its head. */

import { passageText } from '../../passage-text.ts';
import { doubtReason, doubtText } from '../../ranking/doubt-words.ts';
import { findDoubt } from '../../ranking/doubts.ts';
import { windowAnswers } from '../../ranking/progress/window-answers.ts';
import { matchesTrained } from '../../ranking/templates.ts';
import type { ScorerReady } from '../../workers/scorer-protocol.ts';
import type { ShownColumn } from '../run/run.ts';

export interface ColumnDoubt {
  /** What was seen. */
  readonly text: string;
  /** Why it may be. */
  readonly reason: string;
}

/** @param ready what the column's slot holds now: its card counts only if it is the one that ranked */
export function columnDoubt(
  { state, run }: Pick<ShownColumn, 'state' | 'run'>,
  ready: ScorerReady | null,
): ColumnDoubt | null {
  if (state !== 'done' || !run || run.kind === 'first-stage') return null;
  const { method, order, scores, template, info, truncations } = run;
  const { candidates } = run.set;
  const doubt = findDoubt({
    method,
    order,
    scores,
    scored: run.kind === 'pointwise' ? run.scored.filter((item) => item !== undefined) : [],
    decisions: run.kind === 'comparing' ? run.matrix.table : [],
    margins: run.kind === 'comparing' ? run.matrix.list().map(({ logitA, logitB }) => logitA - logitB) : [],
    listed: windowAnswers(run.log.from(0)).listed,
  });
  if (!doubt) return null;
  const texts = new Set(candidates.map(({ passage }) => passageText(passage)));
  const card = ready && info && ready.info.digest === info.digest ? ready.card : null;
  const known = {
    input: 'BM25',
    sameTexts: texts.size === 1,
    allCut: truncations.size === candidates.length,
    trained: card && template ? matchesTrained(template, card.templates) : undefined,
  };
  return { text: doubtText(doubt, known), reason: doubtReason(doubt.kind, known) };
}
