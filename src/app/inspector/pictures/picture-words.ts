/** The pictures in words: what everybody reads under their titles. Only what was measured. */
import type { Timeline } from '../../../state/readings/timeline.ts';
import { counted, formatNumber } from '../../ui/numbers.ts';
import { decimals } from '../judge-facts.ts';
import type { Places } from './drawings.ts';

/** `0.42 s`, `12.3 s`. */
export const seconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} s`;

/** @param all passages ranked; `passages` may be the teacher's first alone */
export function movesInWords(passages: readonly Places[], all: number): string {
  const moves = passages.flatMap(({ id, places: { bm25, teacher } }) =>
    bm25 === undefined || teacher === undefined ? [] : [{ id, by: bm25 - teacher, bm25, teacher }],
  );
  const climber = moves.toSorted((one, other) => other.by - one.by)[0];
  const part = passages.length < all ? `The teacher’s first ${passages.length} of ${all} passages; ` : '';
  const lead = `${part}the heavy lines are the teacher’s first three.`;
  const climbed =
    climber && climber.by > 0
      ? ` The furthest climb from BM25 to the teacher is ${climber.id}’s, from place ${climber.bm25} to ${climber.teacher}.`
      : ' Nothing climbs from BM25 to the teacher.';
  return `${lead.charAt(0).toUpperCase()}${lead.slice(1)}${climbed}`;
}

const fromCache = (line: Timeline, who: string): string =>
  line.cached > 0 ? ` ${formatNumber(line.cached)} of the ${who}’s came from the cache, in no time.` : '';

export function callsInWords(teacher: Timeline, student: Timeline | null): string {
  const of = (line: Timeline, who: string): string => {
    const { calls, seconds: at } = line.moments.at(-1)!;
    return `${who} answered ${counted(calls, 'call')} in ${seconds(at)}`;
  };
  if (!student) return `${of(teacher, 'The teacher')}.${fromCache(teacher, 'teacher')}`;
  return `${of(student, 'The student')}; ${of(teacher, 'the teacher')}. Both clocks begin at 0.${fromCache(student, 'student')}${fromCache(teacher, 'teacher')}`;
}

/** @param mark when the teacher is ahead for good */
export function overtakingInWords(
  teacher: Timeline,
  student: Timeline | null,
  mark: number | undefined,
): string {
  const own = teacher.moments.at(-1)!.quality;
  if (!student) return `The teacher ends at ${decimals(own, 3)}.`;
  const others = student.moments.at(-1)!.quality;
  const ends = `The student ends at ${decimals(others, 3)}, the teacher at ${decimals(own, 3)}.`;
  if (mark === undefined) {
    return `${ends} The teacher never overtakes the student${own === others ? ': they end level' : ''}.`;
  }
  if (mark === 0) return `${ends} The teacher is ahead all the time.`;
  return `${ends} The teacher is ahead for good after ${seconds(mark)}, the dotted line.`;
}
