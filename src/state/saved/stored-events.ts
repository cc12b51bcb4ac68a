/** What is stored of a run's log and its candidates, checked: it may be of another time, or broken. */
import * as v from 'valibot';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import type { Comparison, Decision, Listing, ScoredPassage } from '../../ranking/types.ts';
import type { SearchHit } from '../../retrieval/types.ts';
import { isFiniteNumber, isIndex, isListUpTo, isNumber, isObject, isText } from '../checks.ts';
import { CANDIDATES } from '../settings.ts';
import { finite, listUpTo, objectWith, text } from './shapes.ts';

/** More labels and slots than any template has. */
const MOST_LOGITS = 1_000;
const MOST_CUTS = 10;
/** More events than any log has: each brings an answer, or follows one that does. */
const MOST_EVENTS = 10 * CANDIDATES.max * CANDIDATES.max;

const candidate = objectWith({
  rank: finite,
  score: finite,
  passage: objectWith({ id: text, text, title: v.optional(text) }),
  filled: v.optional(v.literal(true)),
});
export const storedCandidates = listUpTo(CANDIDATES.max, candidate);

/** The terms are shown as they are; nobody walks them here. */
const hit = objectWith({ id: text, score: finite, terms: v.custom<SearchHit['terms']>(Array.isArray) });
export const storedHits = listUpTo(CANDIDATES.max, hit);

export const isPermutation = (value: unknown, n: number): value is number[] =>
  isListUpTo(value, n, (i): i is number => isIndex(i, n)) && value.length === n && new Set(value).size === n;

// Answers, of which a run of 100 candidates has 9,900, and the rankings between them are looked at field by field:
// with a schema for each event alone, reading 19,800 of them took 77 ms of processor time instead of 52.

const isCost = (value: Readonly<Record<string, unknown>>): boolean =>
  isFiniteNumber(value.tokens) &&
  isFiniteNumber(value.ms) &&
  isListUpTo(
    value.cuts,
    MOST_CUTS,
    (cut): cut is object =>
      isObject(cut) && isText(cut.slot) && isFiniteNumber(cut.kept) && isFiniteNumber(cut.total),
  );

/** @param n candidates */
export const isScored = (value: unknown, n: number): value is ScoredPassage =>
  isObject(value) &&
  isIndex(value.index, n) &&
  isFiniteNumber(value.score) &&
  isListUpTo(value.logits, MOST_LOGITS, isFiniteNumber) &&
  isCost(value);

/** @param n candidates */
export function isDecision(value: unknown, n: number): value is Decision {
  if (!isObject(value) || !isIndex(value.a, n) || !isIndex(value.b, n) || value.a === value.b) return false;
  const { preference, logitA, logitB } = value;
  const decided = preference === 0 || preference === 0.5 || preference === 1;
  return decided && isFiniteNumber(logitA) && isFiniteNumber(logitB) && isCost(value);
}

/** Positions of candidates, each once. */
const isShown = (value: unknown, n: number): value is number[] =>
  isListUpTo(value, n, (i): i is number => isIndex(i, n)) && new Set(value).size === value.length;

const isComparison = (value: unknown, n: number): value is Comparison =>
  isObject(value) && isShown(value.shown, n) && isIndex(value.winner, n) && isCost(value);

const isListing = (value: unknown, n: number): value is Listing =>
  isObject(value) &&
  isShown(value.shown, n) &&
  isShown(value.order, n) &&
  (value.text === undefined || isText(value.text)) &&
  typeof value.malformed === 'boolean' &&
  isCost(value);

/** At most so many answers or events over n candidates. */
export const answersUpTo = <T>(most: number, n: number, is: (item: unknown, n: number) => item is T) =>
  v.custom<T[]>((list) => isListUpTo(list, most, (item): item is T => is(item, n)));

const totals = objectWith({
  planned: finite,
  asked: finite,
  cached: finite,
  tokens: finite,
  seconds: finite,
});

/** An event of a log over n candidates. */
function isLogEvent(value: unknown, n: number): value is LogEvent {
  if (!isObject(value) || !isFiniteNumber(value.at)) return false;
  switch (value.type) {
    case 'resumed':
      return true;
    case 'planned':
      return isFiniteNumber(value.calls) && typeof value.upperBound === 'boolean';
    case 'scored':
      return isListUpTo(value.items, n, (item): item is ScoredPassage => isScored(item, n));
    case 'decided':
      return isListUpTo(value.items, n * n, (item): item is Decision => isDecision(item, n));
    case 'compared':
      return isListUpTo(value.items, n * n, (item): item is Comparison => isComparison(item, n));
    case 'listed':
      return isListUpTo(value.items, n * n, (item): item is Listing => isListing(item, n));
    case 'ranking':
      return (
        isPermutation(value.order, n) && isListUpTo(value.scores, n, isNumber) && value.scores.length === n
      );
    case 'done':
      return v.is(totals, value.totals);
    default:
      return false;
  }
}

/** Events of a log over n candidates. */
export const eventsOver = (n: number) => answersUpTo(MOST_EVENTS, n, isLogEvent);
