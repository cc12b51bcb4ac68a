/** Why teacher and student give a passage, or a pair, different places: sentences made of measured figures alone. */
import { type Followed, partingOf } from '../../../analysis/follow.ts';
import type { ComparingRun, PointwiseRun } from '../../../state/run/run.ts';
import { scoreStyle } from '../../playground/methods.ts';
import { plainFigure } from './figures.ts';

/** `1st`, `2nd`, `13th`. */
export function ordinal(n: number): string {
  const teen = n % 100 > 10 && n % 100 < 14;
  const end = teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${end}`;
}

/** Points as they are counted: `7`, `7½`. */
export const pointsText = (points: number): string =>
  points % 1 === 0 ? String(points) : `${Math.floor(points) || ''}½`;

/** @param idOf a passage's id by candidate position */
export function whyApart(followed: Followed, teacher: ComparingRun, student: PointwiseRun): string {
  const { position, place, meetings } = followed;
  const there = student.order.indexOf(position) + 1;
  const { gained, lost } = partingOf(teacher.order, student.order, position);
  if (place === there && gained.length === 0)
    return `Both rank it ${ordinal(place)}, with the same passages above it.`;
  const both = `The teacher ranks it ${ordinal(place)}, the student ${ordinal(there)}`;
  const parts = [
    gained.length > 0 &&
      `${counts(gained.length)} the student has above it and the teacher below (${against(gained)})`,
    lost.length > 0 &&
      `${counts(lost.length)} the teacher has above it and the student below (${against(lost)})`,
  ].filter((part) => part !== false);
  return `${both}: ${parts.join('; ')}.`;

  function against(positions: readonly number[]): string {
    const games = meetings.filter(({ opponent }) => positions.includes(opponent));
    const points = games.reduce((sum, meeting) => sum + meeting.points, 0);
    const asked = games.reduce((sum, meeting) => sum + meeting.asked, 0);
    const score = (one: number): number => student.scores[student.order.indexOf(one)]!;
    const gaps = positions.map((one) => score(one) - score(position)).filter(Number.isFinite);
    const { label, decimals } = scoreStyle(student);
    const spread = [Math.min(...gaps), Math.max(...gaps)].map((gap) => signed(gap, decimals));
    const range = spread[0] === spread[1] ? spread[0] : `${spread[0]} to ${spread[1]}`;
    const said =
      asked > 0
        ? `the teacher gave it ${pointsText(points)} of ${asked} points against them`
        : 'the teacher never compared them with it';
    return gaps.length > 0 ? `${said}; their student ${label} is ${range} beside its own` : said;
  }
}

const counts = (n: number): string => (n === 1 ? 'one passage' : `${n} passages`);
const signed = (value: number, digits: number): string =>
  `${value > 0 ? '+' : ''}${plainFigure(value, digits)}`;

/** What teacher and student say of one pair, in one sentence. @param pair positions; ids in the same order */
export function pairApart(
  teacher: ComparingRun,
  student: PointwiseRun,
  [a, b]: readonly [number, number],
  [one, other]: readonly [string, string],
): string {
  const sides = [teacher.matrix.at(a, b), teacher.matrix.at(b, a)];
  const margins = [
    sides[0] && sides[0].logitA - sides[0].logitB,
    sides[1] && sides[1].logitB - sides[1].logitA,
  ].filter((margin) => margin !== undefined);
  const mean = margins.reduce((sum, margin) => sum + margin, 0) / margins.length;
  const scoreOf = (position: number): number => student.scores[student.order.indexOf(position)]!;
  const gap = scoreOf(a) - scoreOf(b);
  const { label, decimals } = scoreStyle(student);
  if (Number.isNaN(gap)) return 'The student has not scored both passages yet.';
  const votes = new Set(margins.map(Math.sign));
  const teacherSays =
    votes.size > 1
      ? `The teacher contradicts itself (logit differences ${margins.map((m) => signed(m, 2)).join(' and ')} for ${one})`
      : mean === 0
        ? 'The teacher finds both equal'
        : `The teacher prefers ${mean > 0 ? one : other} ${margins.length > 1 ? 'in both orders' : 'in the one order asked'} (mean logit difference ${Math.abs(mean).toFixed(2)})`;
  const studentSays =
    gap === 0
      ? `the student’s ${label} is the same for both`
      : `the student’s ${label} is ${Math.abs(gap).toFixed(decimals)} higher for ${gap > 0 ? one : other}`;
  const conclusion =
    votes.size > 1 || mean === 0 || gap === 0
      ? 'so only one of them decides this pair'
      : mean > 0 === gap > 0
        ? 'so they agree on this pair'
        : 'so they put this pair in opposite orders';
  return `${teacherSays}; ${studentSays}, ${conclusion}.`;
}
