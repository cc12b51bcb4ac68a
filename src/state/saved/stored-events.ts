/** What is stored of a run's log and its candidates, checked: it may be of another time, or broken. */
import type { LogEvent } from '../../ranking/progress/progress.ts';
import type { Comparison, Decision, Listing, ScoredPassage } from '../../ranking/types.ts';
import type { SearchHit } from '../../retrieval/types.ts';
import type { Candidate } from '../../types.ts';
import { isFiniteNumber, isIndex, isListUpTo, isNumber, isObject, isText } from '../checks.ts';

/** More labels and slots than any template has. */
const MOST_LOGITS = 1_000;
const MOST_CUTS = 10;

export function isCandidate(value: unknown): value is Candidate {
  if (!isObject(value) || !isFiniteNumber(value.rank) || !isFiniteNumber(value.score)) return false;
  if (!isObject(value.passage) || (value.filled !== undefined && value.filled !== true)) return false;
  const { id, title, text } = value.passage;
  return isText(id) && isText(text) && (title === undefined || isText(title));
}

export const isHit = (value: unknown): value is SearchHit =>
  isObject(value) && isText(value.id) && isFiniteNumber(value.score) && Array.isArray(value.terms);

export const isPermutation = (value: unknown, n: number): value is number[] =>
  isListUpTo(value, n, (i): i is number => isIndex(i, n)) && value.length === n && new Set(value).size === n;

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

/** An event of a log over n candidates. */
export function isLogEvent(value: unknown, n: number): value is LogEvent {
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
      return (
        isObject(value.totals) &&
        ['planned', 'asked', 'cached', 'tokens', 'seconds'].every((name) =>
          isFiniteNumber((value.totals as Record<string, unknown>)[name]),
        )
      );
    default:
      return false;
  }
}
