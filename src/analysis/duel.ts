/**
 * People against the models: which pairs an audience is asked, and how far its answers agree with teacher and student.
 * Nothing here asks a model: pairs are chosen from decisions that were made.
 */
import { kendallTauB } from '../evaluation/correlation.ts';
import { seededRandom } from '../random.ts';
import { pairVerdict } from '../ranking/analysis.ts';
import type { DecidedPairs } from './decided-pairs.ts';
import { type Share, shareOf } from './wilson.ts';

/** Why a pair was chosen. */
export type DuelReason =
  /** Teacher and student name different winners. */
  | 'parted'
  /** The teacher's two orders name different winners. */
  | 'contradictory'
  /** The teacher's logits are close, and the student does not object. */
  | 'narrow'
  /** The teacher is sure, and the student does not object. */
  | 'easy';

export interface DuelPair {
  /** Candidate positions: the one shown first, as A, and the other. */
  readonly a: number;
  readonly b: number;
  readonly reason: DuelReason;
}

export type DuelAnswer = 'a' | 'b' | 'tie';

/** A winner's position; null: it names none; undefined: it was not asked. */
export type DuelVerdict = number | null | undefined;

/** What is known of the models. */
export interface DuelJudges {
  readonly pairs: DecidedPairs;
  /** By candidate; NaN where there is none. */
  readonly teacherScores: readonly number[];
  /** By candidate, NaN where there is none; null without a student. */
  readonly studentScores: readonly number[] | null;
}

/** The turns in which kinds of pairs are taken: of ten pairs 3 parted, 2 contradictory, 3 narrow and 2 easy. */
const TURNS: readonly DuelReason[] = [
  'parted',
  'contradictory',
  'narrow',
  'easy',
  'parted',
  'narrow',
  'contradictory',
  'parted',
  'narrow',
  'easy',
];
/** What stands in for a kind of which there are no more: contradictions last, since they have no winner to agree with. */
const INSTEAD: readonly DuelReason[] = ['parted', 'narrow', 'easy', 'contradictory'];
/** So many of the best of a kind are looked at for one whose passages were shown less. */
const REACH = 4;

/** The teacher's winner: of both orders together, or of the one that was asked. */
export function teacherVerdict({ table }: DecidedPairs, a: number, b: number): DuelVerdict {
  const verdict = pairVerdict(table, a, b);
  if (verdict.kind === 'strict') return verdict.winner;
  if (verdict.kind !== 'open') return null;
  const [forward, backward] = [table.get(a, b), table.get(b, a)];
  const forA = forward ?? (backward === undefined ? undefined : 1 - backward);
  return forA === undefined ? undefined : forA === 0.5 ? null : forA === 1 ? a : b;
}

/** The passage with the higher score. */
export function scoreVerdict(scores: readonly number[] | null, a: number, b: number): DuelVerdict {
  const [one, other] = [scores?.[a] ?? Number.NaN, scores?.[b] ?? Number.NaN];
  if (Number.isNaN(one) || Number.isNaN(other)) return undefined;
  return one === other ? null : one > other ? a : b;
}

/** Name of an unordered pair of n candidates. */
export const pairKey = (n: number, a: number, b: number): number => Math.min(a, b) * n + Math.max(a, b);

/** How many pairs can be asked about: those with at least one decision. */
export function duelRoom({ pairs }: DuelJudges): number {
  const found = new Set<number>();
  for (const [a, b] of pairs.asked()) found.add(pairKey(pairs.size, a, b));
  return found.size;
}

/**
 * Chooses pairs for an audience: where teacher and student part (the teacher's surest first), where the teacher
 * contradicts itself, narrow calls, and a few easy ones, in turns; a kind that runs out is made up for by the others.
 * Among equals, passages that were shown less come first. The order of the pairs is random. Which passage is shown first
 * is random too, but so that the teacher's winner is A as often as B, whether or not the student agrees (± 1 each).
 * @param except pairs (pairKey) that were asked before
 */
export function chooseDuel(
  judges: DuelJudges,
  count: number,
  seed: number,
  except: ReadonlySet<number> = new Set(),
): DuelPair[] {
  const pools = poolsOf(judges, except);
  const shown = new Map<number, number>();
  const uses = ({ i, j }: Known): number => (shown.get(i) ?? 0) + (shown.get(j) ?? 0);
  const chosen: Known[] = [];
  for (let turn = 0; chosen.length < count; turn++) {
    const wanted = TURNS[turn % TURNS.length]!;
    const reason = [wanted, ...INSTEAD].find((one) => pools[one].length > 0);
    if (!reason) break;
    const best = pools[reason].slice(0, REACH).reduce((x, y) => (uses(y) < uses(x) ? y : x));
    // Easy and narrow pairs are two ends of one list.
    for (const pool of Object.values(pools)) {
      const at = pool.findIndex(({ i, j }) => i === best.i && j === best.j);
      if (at >= 0) pool.splice(at, 1);
    }
    for (const one of [best.i, best.j]) shown.set(one, (shown.get(one) ?? 0) + 1);
    chosen.push({ ...best, reason });
  }
  return shuffled(sided(chosen, seededRandom(seed)), seededRandom(seed + 1));
}

interface Known {
  readonly i: number;
  readonly j: number;
  readonly reason: DuelReason;
  readonly winner: number | null;
  /** How far apart the logits are: less is narrower. */
  readonly gap: number;
}

function poolsOf(
  { pairs, studentScores }: DuelJudges,
  except: ReadonlySet<number>,
): Record<DuelReason, Known[]> {
  const { size: n, table } = pairs;
  const known: Known[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const winner = teacherVerdict(pairs, i, j);
      if (winner === undefined || except.has(pairKey(n, i, j))) continue;
      const margins = [pairs.margin(i, j), -pairs.margin(j, i)].filter((margin) => !Number.isNaN(margin));
      const mean = Math.abs(margins.reduce((sum, margin) => sum + margin, 0) / margins.length);
      const student = scoreVerdict(studentScores, i, j);
      const parted = winner !== null && student !== undefined && student !== null && student !== winner;
      const contradictory = pairVerdict(table, i, j).kind === 'contradictory';
      known.push({
        i,
        j,
        winner,
        reason: parted ? 'parted' : contradictory ? 'contradictory' : 'narrow',
        // A contradiction is the plainer the surer its less sure half was.
        gap: contradictory ? Math.min(...margins.map(Math.abs)) : mean,
      });
    }
  }
  const of = (reason: DuelReason): Known[] => known.filter((one) => one.reason === reason);
  const wide = (x: Known, y: Known): number => y.gap - x.gap || x.i - y.i || x.j - y.j;
  return {
    parted: of('parted').sort(wide),
    contradictory: of('contradictory').sort(wide),
    narrow: of('narrow').sort(wide).reverse(),
    // Equal logits are no easy pair.
    easy: of('narrow')
      .filter(({ winner }) => winner !== null)
      .sort(wide),
  };
}

/** Which passage is A: the teacher's winner in every other pair, by kind of pair; a coin decides with which it begins. */
function sided(chosen: readonly Known[], random: () => number): DuelPair[] {
  let winnerFirst = random() < 0.5;
  const inTurn = (some: readonly Known[]): DuelPair[] =>
    some.map(({ i, j, winner, reason }) => {
      const [first, second] = winner === j ? [j, i] : [i, j];
      const pair = winnerFirst ? { a: first, b: second, reason } : { a: second, b: first, reason };
      winnerFirst = !winnerFirst;
      return pair;
    });
  const mixed = shuffled(chosen, random);
  const [open, decided] = [
    mixed.filter((one) => one.winner === null),
    mixed.filter((one) => one.winner !== null),
  ];
  return [
    ...inTurn(decided.filter(({ reason }) => reason === 'parted')),
    ...inTurn(decided.filter(({ reason }) => reason !== 'parted')),
    ...inTurn(open),
  ];
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}

/** How far two of the three agree. */
export interface DuelAgreement {
  /** Same winner, of the pairs in which both name one. */
  readonly same: Share;
  /** Answered pairs in which one of them names no winner. */
  readonly withoutWinner: number;
  /** Kendall's τ-b of the two orders of the passages shown; undefined where one is all ties. */
  readonly tau: number | undefined;
}

export interface DuelRow {
  readonly pair: DuelPair;
  readonly people: DuelVerdict;
  readonly teacher: DuelVerdict;
  readonly student: DuelVerdict;
  /** Not all who name a winner name the same one. */
  readonly parted: boolean;
}

export interface DuelResult {
  readonly answered: number;
  /** Passages that the answered pairs are of. */
  readonly passages: number;
  readonly peopleTeacher: DuelAgreement;
  /** null without a student. */
  readonly peopleStudent: DuelAgreement | null;
  readonly teacherStudent: DuelAgreement | null;
  /** Of the pairs in which people named a winner, those in which it was the passage shown first. */
  readonly first: Share;
  /** In how many pairs each names no winner. */
  readonly ties: { readonly people: number; readonly teacher: number; readonly student: number };
  /** Those where they part first, else in the order asked. */
  readonly rows: readonly DuelRow[];
}

/** @param answers to the first pairs, in their order */
export function duelResult(
  judges: DuelJudges,
  pairs: readonly DuelPair[],
  answers: readonly DuelAnswer[],
): DuelResult {
  const rows = answers.slice(0, pairs.length).map((answer, at): DuelRow => {
    const pair = pairs[at]!;
    const people = answer === 'tie' ? null : pair[answer];
    const teacher = teacherVerdict(judges.pairs, pair.a, pair.b);
    const student = scoreVerdict(judges.studentScores, pair.a, pair.b);
    const winners = [people, teacher, student].filter((one) => one !== null && one !== undefined);
    return { pair, people, teacher, student, parted: new Set(winners).size > 1 };
  });
  const people = peopleScores(judges.pairs.size, rows);
  const shown = people.flatMap((score, i) => (Number.isNaN(score) ? [] : [i]));
  const { teacherScores, studentScores } = judges;
  const between = (
    one: (row: DuelRow) => DuelVerdict,
    other: (row: DuelRow) => DuelVerdict,
    scores: readonly (readonly number[])[],
  ): DuelAgreement => {
    const both = rows.filter((row) => isWinner(one(row)) && isWinner(other(row)));
    const scored = shown.filter((i) => scores.every((list) => !Number.isNaN(list[i]!)));
    const [x, y] = scores.map((list) => scored.map((i) => list[i]!));
    return {
      same: shareOf(both.filter((row) => one(row) === other(row)).length, both.length),
      withoutWinner: rows.length - both.length,
      tau: kendallTauB(x!, y!),
    };
  };
  const none = (verdict: (row: DuelRow) => DuelVerdict): number =>
    rows.filter((row) => verdict(row) === null).length;
  const decided = rows.filter((row) => isWinner(row.people));
  const [ofPeople, ofTeacher, ofStudent] = (['people', 'teacher', 'student'] as const).map(
    (who) => (row: DuelRow) => row[who],
  );
  return {
    answered: rows.length,
    passages: shown.length,
    peopleTeacher: between(ofPeople!, ofTeacher!, [people, teacherScores]),
    peopleStudent: studentScores && between(ofPeople!, ofStudent!, [people, studentScores]),
    teacherStudent: studentScores && between(ofTeacher!, ofStudent!, [teacherScores, studentScores]),
    first: shareOf(decided.filter((row) => row.people === row.pair.a).length, decided.length),
    ties: { people: none(ofPeople!), teacher: none(ofTeacher!), student: none(ofStudent!) },
    rows: rows.toSorted((x, y) => Number(y.parted) - Number(x.parted)),
  };
}

const isWinner = (verdict: DuelVerdict): verdict is number => typeof verdict === 'number';

/** Share of its games that a passage has won, a tie as half a win; NaN for one that was not shown. */
function peopleScores(n: number, rows: readonly DuelRow[]): number[] {
  const wins = new Array<number>(n).fill(0);
  const games = new Array<number>(n).fill(0);
  for (const { pair, people } of rows) {
    for (const one of [pair.a, pair.b]) {
      games[one]!++;
      wins[one]! += people === one ? 1 : people === null ? 0.5 : 0;
    }
  }
  return wins.map((won, i) => (games[i] === 0 ? Number.NaN : won / games[i]!));
}
