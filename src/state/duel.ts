/**
 * Duels: what an audience answered before it saw what the models had said. Its answers are about the passages, not about
 * a run, so they stand for every run over the same candidates, and outlive the page.
 */
import { useMemo } from 'react';
import { create } from 'zustand';
import { DecidedPairs } from '../analysis/decided-pairs.ts';
import { chooseDuel, type DuelAnswer, type DuelJudges, type DuelPair, pairKey } from '../analysis/duel.ts';
import { readLocal, type TextStore, writeLocal } from '../storage/local.ts';
import { textHash } from '../text-hash.ts';
import { isIndex, isListUpTo, isObject, isShort } from './checks.ts';
import { studentOf } from './inspector/inspected.ts';
import { useOpened } from './recording/opened.ts';
import { type CandidateSet, type ComparingRun, columnOf, type PointwiseRun, useRun } from './run/run.ts';

export interface Duel {
  /** Names query and candidates (duelKey). */
  readonly key: string;
  readonly pairs: readonly DuelPair[];
  /** To the first pairs, in their order. */
  readonly answers: readonly DuelAnswer[];
}

/** Kept; the oldest make room. */
const MOST_DUELS = 8;
/** Of one duel: nobody answers more in one sitting. */
export const MOST_PAIRS = 100;
export const USUAL_PAIRS = 10;
const MOST_CANDIDATES = 1000;
const KEY = 'duels';
const VERSION = 1;
let store: TextStore | undefined;

/** The newest first. */
export const useDuels = create<{ readonly duels: readonly Duel[] }>()(() => ({ duels: [] }));

/** Called once at the start. */
export function restoreDuels(local: TextStore): void {
  store = local;
  useDuels.setState({ duels: read() });
}

const keys = new WeakMap<CandidateSet, string>();

/** The same for the same query and passages, whichever run or recording they are of. */
export function duelKey(set: CandidateSet): string {
  const known = keys.get(set);
  if (known !== undefined) return known;
  const passages = set.candidates.map(({ passage: { id, title, text } }) => [id, title ?? null, text]);
  const key = textHash(JSON.stringify([set.query.text, passages]));
  keys.set(set, key);
  return key;
}

/** Chooses so many pairs and begins; with `more` they follow those that were answered. */
export function beginDuel(key: string, judges: DuelJudges, count: number, seed: number, more = false): void {
  const before = more ? useDuels.getState().duels.find((one) => one.key === key) : undefined;
  const asked = before?.pairs ?? [];
  const except = new Set(asked.map(({ a, b }) => pairKey(judges.pairs.size, a, b)));
  const wanted = Math.min(count, MOST_PAIRS - asked.length);
  const pairs = [...asked, ...chooseDuel(judges, wanted, seed, except)];
  put({ key, pairs, answers: before?.answers ?? [] });
}

/** Answers the pair that is asked; nothing once all are answered. */
export const answerDuel = (key: string, answer: DuelAnswer): void =>
  change(key, (duel) =>
    duel.answers.length < duel.pairs.length ? { ...duel, answers: [...duel.answers, answer] } : duel,
  );

/** Takes the last answer back. */
export const undoAnswer = (key: string): void =>
  change(key, (duel) => (duel.answers.length > 0 ? { ...duel, answers: duel.answers.slice(0, -1) } : duel));

/** Forgets a duel; what is given back puts it there again. */
export function dropDuel(key: string): () => void {
  const dropped = useDuels.getState().duels.find((one) => one.key === key);
  write(without(read(), key));
  useDuels.setState(({ duels }) => ({ duels: without(duels, key) }));
  return () => {
    if (dropped) put(dropped);
  };
}

function change(key: string, of: (duel: Duel) => Duel): void {
  const duel = useDuels.getState().duels.find((one) => one.key === key);
  const now = duel && of(duel);
  if (now && now !== duel) put(now);
}

const without = (duels: readonly Duel[], key: string): Duel[] => duels.filter((one) => one.key !== key);

function put(duel: Duel): void {
  const first = (duels: readonly Duel[]): Duel[] => [duel, ...without(duels, duel.key)].slice(0, MOST_DUELS);
  // Beside what another tab has stored meanwhile.
  write(first(read()));
  useDuels.setState(({ duels }) => ({ duels: first(duels) }));
}

function write(duels: readonly Duel[]): void {
  if (store) writeLocal(store, KEY, VERSION, duels);
}

function read(): readonly Duel[] {
  if (!store) return useDuels.getState().duels;
  const kept = readLocal(store, KEY, VERSION, (data) =>
    isListUpTo(data, MOST_DUELS, isDuel) ? data : undefined,
  );
  return kept.state === 'ok' ? kept.data : [];
}

const REASONS: readonly unknown[] = ['parted', 'contradictory', 'narrow', 'easy'];
const ANSWERS: readonly unknown[] = ['a', 'b', 'tie'];

const isPair = (value: unknown): value is DuelPair =>
  isObject(value) &&
  isIndex(value.a, MOST_CANDIDATES) &&
  isIndex(value.b, MOST_CANDIDATES) &&
  value.a !== value.b &&
  REASONS.includes(value.reason);

function isDuel(value: unknown): value is Duel {
  if (!isObject(value) || !isShort(value.key, 100)) return false;
  const { pairs, answers } = value;
  const isAnswer = (one: unknown): one is DuelAnswer => ANSWERS.includes(one);
  return (
    isListUpTo(pairs, MOST_PAIRS, isPair) &&
    isListUpTo(answers, pairs.length, isAnswer) &&
    pairs.every(({ a, b }) => a !== b)
  );
}

/** What a duel is about: the runs in the columns, or those of a recording at its end, whatever moment is replayed. */
export interface DuelSource {
  readonly run: ComparingRun | null;
  readonly student: PointwiseRun | null;
  /** A ranking is under way. */
  readonly active: boolean;
  readonly recorded: boolean;
}

export function useDuelSource(): DuelSource {
  const whole = useOpened((s) => s.shown?.whole);
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  const active = useRun((s) => s.active);
  const recorded = useRun((s) => s.aside !== null);
  return useMemo(() => {
    const shown = whole ?? { columns, runs };
    const { run } = columnOf(shown, 'teacher');
    const comparing = run?.kind === 'comparing' ? run : null;
    const student = comparing && studentOf(shown, comparing.set.id);
    return { run: comparing, student: student?.totals ? student : null, active, recorded };
  }, [whole, columns, runs, active, recorded]);
}

/** What the models said, for choosing pairs and comparing answers. */
export function judgesOf(run: ComparingRun, student: PointwiseRun | null): DuelJudges {
  const n = run.set.candidates.length;
  const byCandidate = ({ order, scores }: ComparingRun | PointwiseRun): number[] => {
    const found = new Array<number>(n).fill(Number.NaN);
    order.forEach((position, place) => {
      found[position] = scores[place] ?? Number.NaN;
    });
    return found;
  };
  return {
    pairs: new DecidedPairs(n, run.matrix.list()),
    teacherScores: byCandidate(run),
    studentScores: student && byCandidate(student),
  };
}
