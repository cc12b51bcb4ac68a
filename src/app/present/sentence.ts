/** The one sentence at the end of a presentation: only what was measured, in plain words. */
import type { Verdict } from '../../state/readings/verdict.ts';
import { formatMs, formatNumber, formatShare } from '../ui/numbers.ts';

/** e.g. `The student has the teacher’s top 3, with nDCG@10 .83 against .82, 10 calls against 90 and 9.8 times as fast.` */
export function presentSentence(verdict: Verdict): string {
  const parts = [...quality(verdict), ...cost(verdict)];
  const last = parts.pop();
  const rest =
    last === undefined
      ? ''
      : `, with ${[...(parts.length > 0 ? [parts.join(', ')] : []), last].join(' and ')}`;
  return `${agreement(verdict)}${rest}.`;
}

function agreement({ pointwise, candidates, top, undecided }: Verdict): string {
  if (undecided.length > 0) {
    const who =
      undecided.length === 2
        ? `${pointwise} and teacher decide`
        : `${name(undecided[0]!, pointwise)} decides`;
    return `The ${who} nothing here`;
  }
  const size = candidates <= top.size ? candidates : top.size;
  if (top.sameOrder) return `The ${pointwise} agrees with the teacher on the top ${size}`;
  if (top.shared === top.size) return `The ${pointwise} has the teacher’s top ${size} in another order`;
  return `The ${pointwise} shares ${top.shared === 0 ? 'none' : top.shared} of the teacher’s top ${size}`;
}

const name = (id: 'student' | 'teacher', pointwise: string): string => (id === 'student' ? pointwise : id);

function quality({ ndcg10 }: Verdict): string[] {
  if (!ndcg10) return [];
  return [`nDCG@10 ${formatShare(ndcg10.student)} against ${formatShare(ndcg10.teacher)}`];
}

function cost({ speed }: Verdict): string[] {
  if (speed.kind !== 'ratio' && speed.kind !== 'cached') return [];
  const { student, teacher } = speed;
  const calls = `${formatNumber(student.calls + student.cached)} calls against ${formatNumber(teacher.calls + teacher.cached)}`;
  // Kept answers have no time of this run.
  if (speed.kind === 'cached') return [`${calls} (answers were kept, so no times)`];
  const times = `${formatMs(student.seconds * 1000)} against ${formatMs(teacher.seconds * 1000)}`;
  return [calls, `${times}${speed.raced ? ' side by side' : ''}`];
}
