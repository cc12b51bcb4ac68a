/** Labels as lists to learn from: what the teacher ranked, which of it makes pairs, what is held out. */
import { createHash } from 'node:crypto';
import { badInput, excerpt } from '../../src/formats/excerpt.ts';
import { readLabelValue, type SourceInfo } from '../../src/formats/label-line.ts';
import { pairProbabilities } from '../../src/ranking/pair-probability.ts';
import type { Passage, Query } from '../../src/types.ts';
import { forEachJsonValue } from '../input/json-values.ts';
import { refuseUnfinished } from '../label/audit-file.ts';

export interface LabelList {
  /** Its text is what the teacher read of it, where that was cut (label --cut-queries). */
  readonly query: Query;
  /** In first-stage order. */
  readonly passages: readonly Passage[];
  /** The teacher's score of each passage, higher is better. */
  readonly scores: readonly number[];
  /** Where asked for, of a source that decides pairs: see `pairProbabilities`. */
  readonly probabilities?: Float64Array;
  readonly file: string;
  readonly line: number;
}

export interface Labels {
  readonly lists: readonly LabelList[];
  /** Who labelled; several when the files are of several sources. */
  readonly sources: readonly SourceInfo[];
}

/**
 * Reads label files, one after the other.
 * @param wanted probabilities: n² numbers a list, for the loss that reads them
 * @throws RankscopeError 'missing', or 'bad-input' with file and line: malformed, no label, a query twice;
 *   labels whose making was stopped
 */
export async function readLabels(
  files: readonly string[],
  wanted: { readonly probabilities?: boolean } = {},
): Promise<Labels> {
  const lists: LabelList[] = [];
  const places = new Map<string, LabelList>();
  const sources = new Map<string, SourceInfo>();
  for (const file of files) {
    const before = lists.length;
    await forEachJsonValue(file, (value, line) => {
      const label = readLabelValue({ value, line }, lists.length - before, file);
      const { candidates, order, source, queryCut } = label;
      const text = label.query.text.slice(0, queryCut?.kept);
      const query = { ...label.query, text };
      if (query.text.trim() === '') throw badInput(file, line, 'the query is empty. Remove the line.');
      const earlier = places.get(query.id);
      if (earlier) {
        const where =
          earlier.file === file ? `on line ${earlier.line}` : `in ${earlier.file}, line ${earlier.line}`;
        throw badInput(
          file,
          line,
          `the query id ${excerpt(query.id)} was used ${where}. Keep one of the lines.`,
        );
      }
      const scores = new Array<number>(order.length);
      order.forEach((position, place) => {
        scores[position] = label.scores[place]!;
      });
      const passages = candidates.map(({ passage }) => passage);
      const asked = wanted.probabilities ? label.decisions : [];
      const margins = asked.map(({ a, b, logitA, logitB }) => ({ a, b, margin: logitA - logitB }));
      const probabilities = margins.length > 0 ? pairProbabilities(order.length, margins) : undefined;
      const list: LabelList = {
        query,
        passages,
        scores,
        probabilities,
        file,
        line,
      };
      places.set(query.id, list);
      sources.set(JSON.stringify(source), source);
      lists.push(list);
    });
    if (lists.length === before) {
      throw badInput(file, undefined, 'it contains no labels. Make some with the command label.');
    }
    await refuseUnfinished(file, lists.length - before);
  }
  return { lists, sources: [...sources.values()] };
}

/** The list's best `k` passages by the teacher, still in first-stage order; equal scores as in `order`. */
export function bestOf(list: LabelList, k: number | undefined): LabelList {
  const { passages, scores, probabilities } = list;
  if (k === undefined || passages.length <= k) return list;
  const best = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept = best.slice(0, k).sort((a, b) => a - b);
  const pairs = kept.flatMap((i) => kept.map((j) => probabilities?.[i * passages.length + j] ?? Number.NaN));
  return {
    ...list,
    passages: kept.map((i) => passages[i]!),
    scores: kept.map((i) => scores[i]!),
    probabilities: probabilities && Float64Array.from(pairs),
  };
}

/**
 * Ranks 1 … n, 1 = best; equal scores in first-stage order, as the method's own code ranks them (PRP's
 * scores plus 1 / (10 + first-stage rank)).
 */
export function ranksOf(scores: readonly number[]): number[] {
  const ranks = new Array<number>(scores.length);
  const best = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
  best.forEach((i, place) => {
    ranks[i] = place + 1;
  });
  return ranks;
}

export interface Split {
  readonly training: readonly LabelList[];
  readonly validation: readonly LabelList[];
  readonly leftOut: {
    /** Fewer than two passages. */
    readonly short: number;
    /** All passages scored alike: nothing to order. */
    readonly noPair: number;
    /** Also among the validation's queries, by id or by text. */
    readonly held: number;
  };
}

/** Held out of every twenty lists, and at most, where nothing is said. */
const HELD_SHARE = 20;
const MOST_HELD = 200;

/**
 * What is learnt from and what is held out: the given lists, or else some of the labels, drawn by a hash
 * of the query's id, so that it does not depend on the order of files, nor on the seed.
 */
export function splitLists(
  all: readonly LabelList[],
  { k, holdOut }: { readonly k?: number; readonly holdOut?: number },
  given?: readonly LabelList[],
): Split {
  const long = all.filter(({ passages }) => passages.length > 1);
  const usable = long.filter(hasPair);
  const most = holdOut ?? Math.min(MOST_HELD, Math.floor(usable.length / HELD_SHARE));
  const validation = given?.filter(hasPair) ?? drawn(usable, most);
  const words = (list: LabelList) => list.query.text.trim().toLowerCase();
  const ids = new Set(validation.map(({ query }) => query.id));
  const texts = new Set(validation.map(words));
  const free = usable.filter((list) => !ids.has(list.query.id) && !texts.has(words(list)));
  const training = free.map((list) => bestOf(list, k)).filter(hasPair);
  return {
    training,
    validation,
    leftOut: {
      short: all.length - long.length,
      noPair: long.length - usable.length + free.length - training.length,
      held: usable.length - free.length - (given ? 0 : validation.length),
    },
  };
}

/** Up to `count` lists, those with the least hashes, in the order of the file. */
export function drawn(lists: readonly LabelList[], count: number): LabelList[] {
  const hash = ({ query }: LabelList) => createHash('sha256').update(query.id).digest('hex');
  const hashed = lists.map((list) => [hash(list), list] as const);
  const least = hashed.toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, count);
  const chosen = new Set(least.map(([, list]) => list));
  return lists.filter((list) => chosen.has(list));
}

const hasPair = ({ scores }: LabelList) => scores.some((score) => score !== scores[0]);
