/** The state of the lesson on tournaments: a made-up table of decisions that the reader changes. */
import { DecidedPairs, type PairDecision } from '../../../analysis/decided-pairs.ts';
import { condorcetWinner } from '../../../analysis/tournament.ts';
import { findCycles, pairVerdict } from '../../../ranking/analysis.ts';
import type { Ranking } from '../../../ranking/orders.ts';
import type { Preference } from '../../../ranking/pair-table.ts';
import { rankByPairs } from '../../../ranking/schedules/all-pairs.ts';
import type { Task } from '../frame/lesson.ts';
import { ordinal } from '../frame/numbers.ts';

export const N = 6;
export const IDS: readonly string[] = Array.from({ length: N }, (_, i) => `p${i + 1}`);

export interface TournamentState {
  /** Row a, column b: 1 where a, shown first, was preferred; 0 where b was; 0.5 equal. The diagonal is 0.5 too. */
  readonly table: readonly Preference[];
  /** Passages chosen in the drawing, at most three. */
  readonly chosen: readonly number[];
  /** The guess at the first passage; undefined: still to be made. */
  readonly first: string | undefined;
}

/** 1: the row is preferred, whatever comes first: made of who beats whom, and of pairs where the first shown wins. */
const BEATS: readonly (readonly [winner: number, loser: number])[] = [
  [0, 5],
  [1, 2],
  [1, 5],
  [2, 0],
  [2, 3],
  [2, 5],
  [3, 0],
  [3, 1],
  [4, 0],
  [4, 2],
  [4, 3],
  [4, 5],
];
const FIRST_WINS: readonly (readonly [number, number])[] = [
  [0, 1],
  [1, 4],
  [3, 5],
];

function startTable(): readonly Preference[] {
  const table = new Array<Preference>(N * N).fill(0.5);
  for (const [winner, loser] of BEATS) {
    table[winner * N + loser] = 1;
    table[loser * N + winner] = 0;
  }
  for (const [one, other] of FIRST_WINS) {
    table[one * N + other] = 1;
    table[other * N + one] = 1;
  }
  return table;
}

export const TABLE = startTable();
const SIGN: Readonly<Record<string, Preference>> = { '1': 1, '0': 0, h: 0.5 };

/** Link: `t`, the table row by row in 1, 0 and h (half); `shown=1` opens without the question. */
export function begin(params: URLSearchParams): TournamentState {
  const given = params.get('t') ?? '';
  const valid = given.length === N * N && /^[10h]*$/.test(given);
  return {
    table: valid ? [...given].map((sign) => SIGN[sign]!) : TABLE,
    chosen: [],
    first: params.get('shown') === '1' ? '' : undefined,
  };
}

export function link({ table, first }: TournamentState): URLSearchParams {
  const params = new URLSearchParams();
  const text = table.map((value) => (value === 0.5 ? 'h' : String(value))).join('');
  if (table.join() !== TABLE.join()) params.set('t', text);
  if (first !== undefined) params.set('shown', '1');
  return params;
}

/** How far apart the two logits of a made-up decision are. */
const MARGIN = 2;

/** The table as decisions: logits that say what the table says. */
export function decisionsOf(table: readonly Preference[]): PairDecision[] {
  return table.flatMap((preference, at) => {
    const [a, b] = [Math.floor(at / N), at % N];
    if (a === b) return [];
    return [{ a, b, preference, logitA: MARGIN * (preference - 0.5), logitB: MARGIN * (0.5 - preference) }];
  });
}

export const pairsOf = ({ table }: Pick<TournamentState, 'table'>): DecidedPairs =>
  new DecidedPairs(N, decisionsOf(table));

/** Eq. 5 on the table, as all pairs are ranked. */
export const rankingOf = (state: Pick<TournamentState, 'table'>): Ranking =>
  rankByPairs(pairsOf(state).table);

/** The next answer when a cell is pressed: A, B, equal. */
export function pressed(table: readonly Preference[], a: number, b: number): readonly Preference[] {
  const at = a * N + b;
  const next: Preference = table[at] === 1 ? 0 : table[at] === 0 ? 0.5 : 1;
  return table.map((value, i) => (i === at ? next : value));
}

/** Adds a passage to those chosen, or takes it off; a fourth takes the place of the first. */
export const choose = (chosen: readonly number[], index: number): readonly number[] =>
  chosen.includes(index) ? chosen.filter((i) => i !== index) : [...chosen, index].slice(-3);

/** The points of one passage by where it was shown: as A and as B. */
export function pointsOf(
  { table }: Pick<TournamentState, 'table'>,
  i: number,
): readonly [asA: number, asB: number] {
  let [asA, asB] = [0, 0];
  for (let j = 0; j < N; j++) {
    if (j === i) continue;
    asA += table[i * N + j]!;
    asB += 1 - table[j * N + i]!;
  }
  return [asA, asB];
}

/** Whether the chosen three beat each other in a ring. */
export function isRing(state: TournamentState): boolean {
  const wanted = state.chosen.toSorted((a, b) => a - b).join();
  return (
    state.chosen.length === 3 &&
    findCycles(pairsOf(state).table).some((ring) => ring.toSorted((a, b) => a - b).join() === wanted)
  );
}

/** What two passages' two answers say together. */
export function verdictInWords(state: TournamentState, i: number, j: number): string {
  const verdict = pairVerdict(pairsOf(state).table, i, j);
  if (verdict.kind === 'strict') return `${IDS[verdict.winner]} beats ${IDS[verdict.loser]}`;
  const between = `${IDS[i]} and ${IDS[j]}`;
  return verdict.kind === 'even' ? `${between} are equal` : `${between} contradict: the order decides`;
}

/** The pairs among the chosen, in words. */
export function chosenInWords(state: TournamentState): string {
  const { chosen } = state;
  if (chosen.length < 2) return 'Choose three passages in the drawing.';
  const pairs = chosen.flatMap((i, at) => chosen.slice(at + 1).map((j) => verdictInWords(state, i, j)));
  return `${pairs.join('; ')}.${isRing(state) ? ' A ring: no order can satisfy all three.' : ''}`;
}

export const changes = (state: TournamentState, start: TournamentState): number =>
  state.table.filter((value, i) => value !== start.table[i]).length;

const veiled = { done: false, remark: 'First answer the question in the figure.' };

export const tasks: readonly Task<TournamentState>[] = [
  {
    id: 'ring',
    text: 'Find three passages that beat each other in a ring, and choose them in the drawing.',
    hints: [
      'Follow the arrows from winner to loser: where do you come back to after three steps?',
      'p5 loses to nobody and p6 beats nobody: neither can be part of a ring.',
      'Choose p2, p3 and p4.',
    ],
    judge: (state) =>
      state.first === undefined ? veiled : { done: isRing(state), remark: chosenInWords(state) },
  },
  {
    id: 'tie',
    text: 'p2 and p3 have equally many points; p2 is above because BM25 had it first. Put p3 above p2 by changing one answer.',
    hints: [
      'One answer moves one point from one passage to another.',
      'Press a cell in the row of p2 that p2 wins.',
      'Press the cell “p2 as A, p1 as B” once: p1 is preferred then.',
    ],
    judge: (state, start) => {
      if (state.first === undefined) return veiled;
      const { order } = rankingOf(state);
      const changed = changes(state, start);
      const above = order.indexOf(2) < order.indexOf(1);
      const answers = changed === 1 ? '1 answer has' : `${changed} answers have`;
      return {
        done: above && changed === 1,
        remark: `p2 is ${ordinal(order.indexOf(1))}, p3 ${ordinal(order.indexOf(2))}; ${answers} changed${changed > 1 ? ' (“The first table” takes them back)' : ''}.`,
      };
    },
  },
  {
    id: 'condorcet',
    text: 'Make p5 beat every other passage. Such a winner is called a Condorcet winner.',
    hints: [
      'A notch marks two answers that contradict each other. Which pair of p5 has one?',
      'p5 and p2: whichever is shown first wins. One of the two answers must change.',
      'Press the cell “p2 as A, p5 as B” once: p5 is preferred then.',
    ],
    judge: (state) => {
      if (state.first === undefined) return veiled;
      const pairs = pairsOf(state);
      const others = IDS.map((_, j) => j).filter((j) => j !== 4);
      const beaten = others.filter((j) => {
        const verdict = pairVerdict(pairs.table, 4, j);
        return verdict.kind === 'strict' && verdict.winner === 4;
      });
      return {
        done: condorcetWinner(pairs) === 4,
        remark: `p5 beats ${beaten.length} of ${others.length}.`,
      };
    },
  },
];

export function inWords(state: TournamentState): readonly string[] {
  const pairs = IDS.flatMap((_, i) => IDS.slice(i + 1).map((_, k) => verdictInWords(state, i, i + 1 + k)));
  const table = `A made-up table of ${N * (N - 1)} answers. ${pairs.join('; ')}.`;
  if (state.first === undefined) return [table, 'The points are shown once you have said what you expect.'];
  const { order, scores } = rankingOf(state);
  const ranking = order.map((i, place) => `${ordinal(place)} ${IDS[i]} with ${scores[place]} points`);
  return [table, `${ranking.join(', ')}.`, chosenInWords(state)];
}
