/**
 * A run's log as rows of a file. Answers stand in lists of their own, each once; a row names them by their place, and
 * what a ranking has changed by the candidates' positions, so that 9,900 decisions with their times stay small.
 *
 *   ["planned", at, calls, upperBound]
 *   ["scored" | "decided" | "compared" | "listed", at, place…]   −1 − place: taken from the cache
 *   ["ranking", at, order | null, position, score, position, score…]   null: as before; scores that changed
 *   ["resumed", at]
 *   ["done", at, planned, asked, cached, tokens, seconds]
 */
import type { LogEvent } from '../../ranking/progress/progress.ts';
import type { AnswerCost, Comparison, Decision, Listing, ScoredPassage } from '../../ranking/types.ts';

export type LogRow = readonly (string | number | boolean | null | readonly number[])[];

/** The answers of a log by kind, each once, in the order in which they first came. */
export interface LogAnswers {
  readonly scored: readonly ScoredPassage[];
  readonly decided: readonly Decision[];
  readonly compared: readonly Comparison[];
  readonly listed: readonly Listing[];
}

const KINDS = ['scored', 'decided', 'compared', 'listed'] as const;
type AnswerKind = (typeof KINDS)[number];
const isAnswerKind = (type: unknown): type is AnswerKind => KINDS.includes(type as AnswerKind);

/** Rows times candidates: five times what 9,900 decisions asked one by one come to. */
const MOST_PLACES = 10_000_000;

/** Times are measured to about this many decimals of a millisecond. */
const DECIMALS = 3;
const rounded = (ms: number): number => Number(ms.toFixed(DECIMALS));

/** A log over n candidates as rows, and the answers they name. `cached` of an answer is as when it came last. */
export function logToRows(
  events: readonly LogEvent[],
  n: number,
): { readonly rows: readonly LogRow[]; readonly answers: LogAnswers } {
  const lists = { scored: new Answers<ScoredPassage>(), decided: new Answers<Decision>() };
  const more = { compared: new Answers<Comparison>(), listed: new Answers<Listing>() };
  const answers = { ...lists, ...more };
  let order = Array.from({ length: n }, (_, i) => i) as readonly number[];
  let scores: readonly number[] = order.map(() => Number.NaN);
  const toRow = (event: LogEvent): LogRow => {
    const at = rounded(event.at);
    switch (event.type) {
      case 'planned':
        return [event.type, at, event.calls, event.upperBound];
      case 'scored':
        return [event.type, at, ...event.items.map((item) => answers.scored.place(item, item.index))];
      case 'decided':
        return [
          event.type,
          at,
          ...event.items.map((item) => answers.decided.place(item, item.a * n + item.b)),
        ];
      case 'compared':
        return [
          event.type,
          at,
          ...event.items.map((item) => answers.compared.place(item, String(item.shown))),
        ];
      case 'listed':
        return [event.type, at, ...event.items.map((item) => answers.listed.place(item, String(item.shown)))];
      case 'ranking': {
        const before = { order, scores: byCandidate(order, scores) };
        ({ order, scores } = event);
        const after = byCandidate(order, scores);
        const changed = after.flatMap((score, i) =>
          Object.is(score, before.scores[i]) ? [] : [i, Number.isNaN(score) ? null : score],
        );
        return [event.type, at, sameOrder(order, before.order) ? null : order, ...changed];
      }
      case 'resumed':
        return [event.type, at];
      case 'done': {
        const { planned, asked, cached, tokens, seconds } = event.totals;
        return [event.type, at, planned, asked, cached, tokens, seconds];
      }
    }
  };
  const rows = events.map(toRow);
  const { scored, decided, compared, listed } = answers;
  return {
    rows,
    answers: { scored: scored.list, decided: decided.list, compared: compared.list, listed: listed.list },
  };
}

/** Answers in the order of their first coming; the same answer, cached or not, has one place. */
class Answers<T extends AnswerCost> {
  readonly list: T[] = [];
  readonly #places = new Map<string | number, number>();

  place(item: T, question: string | number): number {
    let place = this.#places.get(question);
    const known = place === undefined ? undefined : this.list[place];
    if (
      place === undefined ||
      !known ||
      JSON.stringify({ ...known, cached: 0 }) !== JSON.stringify({ ...item, cached: 0 })
    ) {
      place = this.list.length;
      this.#places.set(question, place);
    }
    this.list[place] = item;
    return item.cached ? -1 - place : place;
  }
}

/**
 * The log that rows and answers were made of.
 * @throws Error with a clause, and the number of the row, for a row that is none or names what is not there
 */
export function rowsToLog(rows: readonly unknown[], answers: LogAnswers, n: number): LogEvent[] {
  // A row of a few bytes can stand for a whole ranking: a small file must not fill the memory.
  if (rows.length * n > MOST_PLACES)
    throw new BadRow(MOST_PLACES / n, `no run over ${n} candidates has so many events`);
  let order = Array.from({ length: n }, (_, i) => i) as readonly number[];
  let scores: readonly number[] = order.map(() => Number.NaN);
  let last = 0;
  return rows.map((row, i) => {
    if (!Array.isArray(row)) throw new BadRow(i, 'expected a list');
    const [type, at, ...rest] = row as unknown[];
    if (!isAmount(at) || at < last) throw new BadRow(i, 'its time is not one after that of the row before');
    last = at;
    if (isAnswerKind(type)) return answersEvent(type, at, rest, answers, i);
    switch (type) {
      case 'planned': {
        const [calls, upperBound] = rest;
        if (!isAmount(calls) || typeof upperBound !== 'boolean')
          throw new BadRow(i, 'needs calls and a bound');
        return { type, at, calls, upperBound };
      }
      case 'ranking': {
        const [next, ...changes] = rest;
        const byPosition = byCandidate(order, scores);
        if (next !== null) {
          if (!isPermutation(next, n)) throw new BadRow(i, `must order the ${n} candidates by position`);
          order = next;
        }
        for (let c = 0; c < changes.length; c += 2) {
          const [position, score] = [changes[c], changes[c + 1]];
          const isPlace = isAmount(position) && Number.isInteger(position) && position < n;
          if (!isPlace || !(score === null || Number.isFinite(score)))
            throw new BadRow(i, 'needs positions and scores');
          byPosition[position] = (score as number | null) ?? Number.NaN;
        }
        scores = order.map((position) => byPosition[position]!);
        return { type, at, order, scores };
      }
      case 'resumed':
        return { type, at };
      case 'done': {
        if (rest.length !== 5 || !rest.every(isAmount)) throw new BadRow(i, 'needs five totals');
        const [planned, asked, cached, tokens, seconds] = rest as [number, number, number, number, number];
        return { type, at, totals: { planned, asked, cached, tokens, seconds } };
      }
      default:
        throw new BadRow(i, `is of no kind that there is: ${JSON.stringify(type)?.slice(0, 40)}`);
    }
  });
}

/** A row that cannot be read; the message is a clause. */
export class BadRow extends Error {
  readonly row: number;

  constructor(row: number, reason: string) {
    super(reason);
    this.row = row;
  }
}

function answersEvent(
  type: AnswerKind,
  at: number,
  places: readonly unknown[],
  answers: LogAnswers,
  row: number,
): LogEvent {
  const items = places.map((place) => {
    const whole = Number.isInteger(place) ? (place as number) : Number.NaN;
    const item: AnswerCost | undefined = answers[type][whole < 0 ? -1 - whole : whole];
    if (!item)
      throw new BadRow(row, `names an answer that is not there: ${JSON.stringify(place)?.slice(0, 40)}`);
    return { ...item, cached: whole < 0 };
  });
  // Its list is of its kind.
  return { type, at, items } as unknown as LogEvent;
}

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

const sameOrder = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((position, i) => position === b[i]);

function byCandidate(order: readonly number[], scores: readonly number[]): number[] {
  const byPosition = new Array<number>(order.length).fill(Number.NaN);
  order.forEach((position, i) => {
    byPosition[position] = scores[i] ?? Number.NaN;
  });
  return byPosition;
}

function isPermutation(value: unknown, n: number): value is number[] {
  if (!Array.isArray(value) || value.length !== n || new Set(value).size !== n) return false;
  return value.every((position) => Number.isInteger(position) && position >= 0 && position < n);
}
