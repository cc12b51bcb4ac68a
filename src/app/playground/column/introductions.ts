/** What a column will do, said before anything has run: two sentences, with the calls it will take. Pure. */
import type { TemplateKind } from '../../../ranking/template.ts';
import { counted, formatNumber } from '../../ui/numbers.ts';
import type { ShownAs } from '../methods.ts';

export interface Plan {
  /** Candidates that each method ranks. */
  readonly candidates: number;
  /** Calls of this column's method; BM25 makes none. */
  readonly calls: number;
  /** `calls` are the most there can be. */
  readonly upTo: boolean;
  /** Of these so many are answered already. */
  readonly cached: number;
  /** Which passages a teacher compares, in the page's words. */
  readonly schedule: string;
  /** Of the column's method: what a teacher is shown at once, two passages or several; how a student reads. */
  readonly kind: TemplateKind;
  readonly shown: number;
}

/** First what the method does, then what it takes. */
export function introduction(method: ShownAs, plan: Plan): readonly [does: string, takes: string] {
  const { candidates: n } = plan;
  const all = n > 1 ? `the ${formatNumber(n)} passages` : 'the passages';
  const each = n > 1 ? `each of ${all}` : 'each passage';
  switch (method) {
    case 'bm25':
      return [
        `Finds ${all} that share most words with the query, rare words counting more.`,
        'No model is asked; student and teacher rank the same passages anew.',
      ];
    case 'student':
      if (plan.kind === 'relevance')
        return [
          `A cross-encoder reads ${each} together with the query, as one text.`,
          `One score a passage makes the order: ${callsOf(plan)}.`,
        ];
      return [
        `Reads ${each} once, together with the query, as it learnt to from a teacher’s rankings.`,
        `One score a passage makes the order: ${callsOf(plan)}. Is it as good as the teacher’s?`,
      ];
    case 'base':
      return [
        `The model before it learnt from a teacher is asked Yes or No about ${each}.`,
        `That takes ${callsOf(plan)} too, and shows what the student owes to distillation.`,
      ];
    case 'teacher':
      if (plan.kind === 'setwise')
        return [
          `Reads ${formatNumber(plan.shown)} of ${all} at a time and names the one that answers the query best.`,
          `${plan.schedule} decides which are shown together: ${callsOf(plan)}.`,
        ];
      if (plan.kind === 'listwise')
        return [
          `Reads ${formatNumber(plan.shown)} of ${all} at a time and writes them in order, best first.`,
          `The window moves from the bottom of the list to the top: ${callsOf(plan)}. An answer that is not a complete list is repaired, and counted.`,
        ];
      return [
        `Reads two of ${all} at a time and says which answers the query better, each pair in both orders.`,
        askedBy(plan),
      ];
  }
}

function askedBy(plan: Plan): string {
  const { candidates: n, calls, upTo, schedule } = plan;
  if (!upTo) return `Every pair is asked, and each win counts: ${callsOf(plan)}.`;
  const all = n * (n - 1);
  const instead = calls < all ? ` instead of ${formatNumber(all)}` : ', as a rule far fewer';
  return `${schedule} decides which pairs are asked: ${callsOf(plan)}${instead}.`;
}

function callsOf({ calls, upTo, cached }: Plan): string {
  const known =
    cached > 0 ? `, ${cached >= calls ? 'all' : formatNumber(cached)} of them answered already` : '';
  return `${upTo ? 'up to ' : ''}${counted(calls, 'call')}${known}`;
}
