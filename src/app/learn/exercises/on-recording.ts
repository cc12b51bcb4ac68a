/** Exercises on a recorded run: four of its passages, chosen so that the judge contradicts itself once. */

import { replaySchedule } from '../../../analysis/budget.ts';
import { DecidedPairs, type PairDecision } from '../../../analysis/decided-pairs.ts';
import { dcg, idealDcg, ndcg, precision, reciprocalRank } from '../../../evaluation/metrics.ts';
import { pairVerdict, summarisePairs } from '../../../ranking/analysis.ts';
import { prpAllPairs } from '../../../ranking/methods/prp-allpair/method.ts';
import { rankByPairs } from '../../../ranking/schedules/all-pairs.ts';
import { slidingWindow } from '../../../ranking/schedules/sliding-window.ts';
import { listLoss } from '../../../training/list-loss.ts';
import { formatEstimate, formatMs, formatNumber, formatShare } from '../../ui/numbers.ts';
import { fixed } from '../frame/numbers.ts';
import { decisionsOf, type RecordedQuery } from '../recorded-query.ts';
import type { Exercise } from './exercise.ts';

const FOUR = 4;
const K = 5;

/** A passage of four: its place in the recording and its name. */
export interface Quartet {
  /** Candidate positions, in BM25's order. */
  readonly members: readonly number[];
  readonly pairs: DecidedPairs;
  readonly decisions: readonly PairDecision[];
}

/** The first four candidates, in BM25's order, of which exactly one pair is contradictory; else the first four. */
export function quartetOf({ teacher, candidates }: RecordedQuery): Quartet {
  const all = teacher!.matrix.list();
  const pick = (members: readonly number[]): Quartet => {
    const decisions = all
      .filter(({ a, b }) => members.includes(a) && members.includes(b))
      .map(({ a, b, logitA, logitB, preference }) => ({
        a: members.indexOf(a),
        b: members.indexOf(b),
        logitA,
        logitB,
        preference,
      }));
    return { members, decisions, pairs: new DecidedPairs(FOUR, decisions) };
  };
  for (const members of fours(candidates.length)) {
    const quartet = pick(members);
    if (summarisePairs(quartet.pairs.table).contradictory.length === 1) return quartet;
  }
  return pick([0, 1, 2, 3]);
}

function* fours(n: number): Generator<readonly number[]> {
  for (let a = 0; a < n; a++)
    for (let b = a + 1; b < n; b++)
      for (let c = b + 1; c < n; c++) for (let d = c + 1; d < n; d++) yield [a, b, c, d];
}

/** @param recorded with both models, and four candidates or more */
export function recordedExercises(recorded: RecordedQuery): readonly Exercise[] {
  const { ids, grades, student, teacher, candidates } = recorded;
  const quartet = quartetOf(recorded);
  const { members, decisions, pairs } = quartet;
  const name = (member: number): string => ids[members[member]!]!;
  const listed = (order: readonly number[], nameOf = name): string => order.map(nameOf).join(', ');
  const scores = members.map((index) => student!.scored[index]!.score);
  const byScore = members.map((_, i) => i).toSorted((i, j) => scores[j]! - scores[i]! || i - j);
  const { order, scores: points } = rankByPairs(pairs.table);
  const { contradictory } = summarisePairs(pairs.table);
  const wonByA = decisions.filter(({ preference }) => preference === 1).length;
  const first = decisions.find(({ a, b }) => a === 0 && b === 1)!;
  const { callMs } = decisionsOf(teacher!);
  const passed = replaySchedule(pairs, (size, table) => slidingWindow(size, table, 1)).points.at(-1)!;
  const graded = new Map(grades);
  const names = teacher!.order.map((index) => ids[index]!);
  const gradeOf = (id: string): number => graded.get(id) ?? 0;
  const [winner, loser] = [order[0]!, order[1]!];
  const pairLoss = listLoss('ranknet', [scores[winner]!, scores[loser]!], {
    ranks: [1, 2],
    teacherScores: [1, 0],
  });
  const lead = scores[winner]! - scores[loser]!;
  const options = { k: K, gain: 'linear' } as const;
  const all = prpAllPairs.plannedCalls;
  return [
    {
      lesson: 'asking',
      question:
        'The student was asked about each passage alone. Its Yes logits are below. In which order does it put them? May they be compared with the logits of another query?',
      table: {
        caption: 'Yes logits of the student',
        head: ['passage', ...members.map((_, i) => name(i))],
        rows: [['Yes logit', ...scores.map((score) => fixed(score))]],
      },
      answer: () => [
        'No: a logit says something only beside others of the same query and the same wording.',
        `Order: ${listed(byScore)}.`,
      ],
    },
    {
      lesson: 'comparing',
      question: `The teacher saw ${name(0)} as A and ${name(1)} as B; its logits were ${fixed(first.logitA)} for A and ${fixed(first.logitB)} for B. How probable is A, of the two?`,
      answer: () => [
        `1 / (1 + e^(${fixed(first.logitB)} − ${bracketed(first.logitA)})) = ${formatShare(1 / (1 + Math.exp(first.logitB - first.logitA)))}`,
      ],
    },
    {
      lesson: 'comparing',
      question:
        'The table has the teacher’s twelve decisions: 1 where the row, shown as A, was preferred; ½ for a tie. Which pairs contradict each other? What share of the decisions did A win? What would it be without position bias?',
      table: {
        caption: 'Row as A, column as B',
        head: ['A \\ B', ...members.map((_, i) => name(i))],
        rows: members.map((_, i) => [
          name(i),
          ...members.map((_, j) => (i === j ? '–' : cell(pairs.table.get(i, j)))),
        ]),
      },
      answer: () => [
        contradictory.length === 0
          ? 'No pair is contradictory.'
          : `Contradictory: ${contradictory.map(([i, j]) => `${name(i)} and ${name(j)}`).join('; ')}.`,
        `A won ${wonByA} of ${decisions.length}: ${formatShare(wonByA / decisions.length)}; without bias about .500.`,
      ],
    },
    {
      lesson: 'tournament',
      question:
        'Give each passage of that table a point for each decision that it wins (Eq. 5). What is the ranking? BM25’s order, that of the rows, decides ties.',
      answer: () => [
        order.map((member, place) => `${name(member)} ${fixed(points[place]!, 0)}`).join(', ') + '.',
        verdicts(quartet, name),
      ],
    },
    {
      lesson: 'cost',
      question: `A call took ${formatMs(callMs)} in this recording. How long do all pairs take for ${candidates.length}, 20 and 100 passages?`,
      answer: () =>
        [candidates.length, 20, 100].map(
          (n) =>
            `${n} · ${n - 1} = ${formatNumber(all(n).calls)} calls: ${formatEstimate((all(n).calls * callMs) / 1000)}`,
        ),
    },
    {
      lesson: 'cost',
      question:
        'One pass of a sliding window goes up the rows of the table. Where two decisions contradict each other, the upper passage stays. Who is first then, after how many calls?',
      answer: () => [
        `The list afterwards: ${listed(passed.order)}, after ${passed.calls} of ${decisions.length} calls.`,
        passed.order[0] === order[0]
          ? 'The same passage as with all of them.'
          : `With all of them ${name(order[0]!)} is first.`,
      ],
    },
    {
      lesson: 'distillation',
      question: `The teacher has ${name(winner)} above ${name(loser)}; the student gives them ${fixed(scores[winner]!)} and ${fixed(scores[loser]!)}. What is the RankNet loss of this pair, ln(1 + e^−(sᵢ − sⱼ)), and which way does each score move?`,
      answer: () => [
        `ln(1 + e^−${bracketed(lead)}) = ${fixed(pairLoss.loss, 3)}`,
        `The slope by the upper score is ${fixed(pairLoss.gradient[0]!, 3)}, by the lower ${fixed(pairLoss.gradient[1]!, 3)}: training raises ${name(winner)} and lowers ${name(loser)}${lead > 0 ? ', a little, for they stand right already' : ''}.`,
      ],
    },
    {
      lesson: 'judging',
      question: `The teacher’s first ${K} passages have the grades below; all grades of this query above 0 are ${listOf([...graded.values()].filter((grade) => grade > 0).toSorted((x, y) => y - x))}. Compute DCG@${K}, ideal DCG@${K}, nDCG@${K}, MRR and P@${K}, with the grade itself as gain.`,
      table: {
        caption: 'The teacher’s order',
        head: ['place', ...names.slice(0, K).map((_, i) => String(i + 1))],
        rows: [
          ['passage', ...names.slice(0, K)],
          ['grade', ...names.slice(0, K).map((id) => String(gradeOf(id)))],
        ],
      },
      answer: () => [
        `DCG@${K} ${fixed(dcg(names, graded, options), 3)}, ideal DCG@${K} ${fixed(idealDcg(graded, options), 3)}`,
        `nDCG@${K} ${formatShare(ndcg(names, graded, options))}, MRR ${formatShare(reciprocalRank(names, graded))}, P@${K} ${formatShare(precision(names, graded, { k: K }))}`,
      ],
    },
  ];
}

const cell = (value: number | undefined): string => (value === 0.5 ? '½' : String(value ?? '–'));
const bracketed = (value: number): string => (value < 0 ? `(${fixed(value)})` : fixed(value));
const listOf = (values: readonly number[]): string => values.join(', ') || 'none';

function verdicts({ pairs }: Quartet, name: (member: number) => string): string {
  const said: string[] = [];
  for (let i = 0; i < FOUR; i++) {
    for (let j = i + 1; j < FOUR; j++) {
      const verdict = pairVerdict(pairs.table, i, j);
      if (verdict.kind === 'strict') said.push(`${name(verdict.winner)} beats ${name(verdict.loser)}`);
    }
  }
  return `${said.join('; ')}: two points each; the others share theirs.`;
}
