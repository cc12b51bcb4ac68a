/** The verdict in plain words. It states what was measured and leaves the judgement to the reader. */
import type { SpeedSide } from '../../../state/readings/speed-up.ts';
import type { TimeRange } from '../../../state/readings/timings.ts';
import type { Verdict } from '../../../state/readings/verdict.ts';
import { formatMs, formatNumber, formatShare } from '../../ui/numbers.ts';

/** One sentence for each thing that is known: agreement, nDCG@10, calls and times. */
export function verdictSentences(verdict: Verdict): string[] {
  return [...agreement(verdict), ...quality(verdict), ...cost(verdict)];
}

/** The verdict to paste elsewhere: with its query, and with the conditions of its times. */
export function verdictToCopy(verdict: Verdict): string {
  const { query, speed } = verdict;
  const measured =
    speed.kind === 'ratio'
      ? ` (${verdict.pointwise}: ${speed.student.conditions}; teacher: ${speed.teacher.conditions})`
      : '';
  return `“${query}”: ${verdictSentences(verdict).join(' ')}${measured}`;
}

function agreement({ pointwise, candidates, top, undecided }: Verdict): string[] {
  if (undecided.length > 0) {
    const names = undecided.map((id) => (id === 'student' ? pointwise : id));
    return names.map((name) => `The ${name} puts no passage above another, so its order is BM25’s.`);
  }
  const both = `${capital(pointwise)} and teacher`;
  if (candidates <= top.size) {
    return [
      `${both} put the ${candidates} passages in ${top.sameOrder ? 'the same order' : 'different orders'}.`,
    ];
  }
  if (top.sameOrder) return [`${both} agree on the top ${top.size}.`];
  if (top.shared === top.size) return [`${both} have the same top ${top.size}, in a different order.`];
  if (top.shared > 0) return [`${both} share ${top.shared} of their top ${top.size}.`];
  return [`${both} share none of their top ${top.size}.`];
}

function quality({ ndcg10, pointwise }: Verdict): string[] {
  if (!ndcg10) return [];
  const [bm25, student, teacher] = [ndcg10.bm25, ndcg10.student, ndcg10.teacher].map(formatShare);
  if (bm25 === student && student === teacher) {
    return [`nDCG@10 is ${bm25} for BM25, ${pointwise} and teacher alike.`];
  }
  return [`nDCG@10: BM25 ${bm25}, ${pointwise} ${student}, teacher ${teacher}.`];
}

function cost({ speed, range, pointwise }: Verdict): string[] {
  if (speed.kind !== 'ratio' && speed.kind !== 'cached') return [];
  const { student, teacher } = speed;
  if (speed.kind === 'cached') {
    const all = answers(student) + answers(teacher);
    const kept = speed.cached === all ? 'all of them' : `${formatNumber(speed.cached)} of them`;
    return [
      `The ${pointwise} needed ${counted(answers(student))}, the teacher ${formatNumber(answers(teacher))}; ${kept} were kept from earlier runs, so the times are not compared.`,
    ];
  }
  return [
    `The ${pointwise} asked ${questions(student.calls)} in ${time(student.seconds)}, the teacher ${formatNumber(teacher.calls)} in ${time(teacher.seconds)}.`,
    ...(range ? [repeats(range)] : []),
    ...(speed.raced ? ['Both ran at once, so each slowed the other.'] : []),
  ];
}

const repeats = ({ runs, student, teacher, median }: TimeRange): string =>
  `Median of ${runs} runs: ${around(median.student, student)} against ${around(median.teacher, teacher)}.`;

/** The median, and from where to where where that is another text. */
function around(median: number, range: readonly [number, number]): string {
  const all = between(range);
  return all === time(median) ? all : `${time(median)} (${all})`;
}

function between([low, high]: readonly [number, number]): string {
  const [from, to] = [time(low), time(high)];
  return from === to ? from : `${from} to ${to}`;
}

const time = (seconds: number): string => formatMs(seconds * 1000);
const answers = ({ calls, cached }: SpeedSide): number => calls + cached;
const questions = (count: number): string => `${formatNumber(count)} question${count === 1 ? '' : 's'}`;
const counted = (count: number): string => `${formatNumber(count)} answer${count === 1 ? '' : 's'}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
