/**
 * InstructDistill's own files: training lists, JSON lines of
 * `{query, positive_passages, retrieved_passages: [{docid, text}]}`, and the teacher's answers, a JSON
 * list of strings `"3 > 1 > 2"` in the order of the queries (numbers count passages from 1).
 */
import type { Candidate, Passage, Query } from '../types.ts';
import { ID_NAMES, TEXT_NAMES, TITLE_NAMES } from './columns.ts';
import { badInput, excerpt } from './excerpt.ts';
import { jsonLines, queryIdOf, toPassage } from './hits.ts';
import { describeJson } from './json.ts';
import { Checked, type JsonValue, parseJsonValues } from './json-check.ts';

export interface TrainingList {
  readonly query: Query;
  /** Labelled positives; distillation does not use them. */
  readonly positives: readonly Passage[];
  /** In first-stage order; scores are 0 where the file has none. */
  readonly candidates: readonly Candidate[];
}

/** Reads training lists. A query’s id is `qid`, `query_id`, `id` or its place (`q1` …). Throws 'bad-input' with the line. */
export function readTrainingLists(text: string, file = 'the training lists'): TrainingList[] {
  return parseJsonValues(text, file).map((value, index) => readTrainingValue(value, index, file));
}

/** One list of `readTrainingLists`, for files too large to be one text; `index` counts lists from 0. */
export function readTrainingValue({ value, line }: JsonValue, index: number, file: string): TrainingList {
  const object = new Checked(value, file, line, '');
  const query = { id: queryIdOf(object) ?? `q${index + 1}`, text: object.string('query') };
  const positives = object.has('positive_passages') ? readPassages(object, 'positive_passages', false) : [];
  const scores = object.objects('retrieved_passages').map((p) => (p.has('score') ? p.number('score') : 0));
  const retrieved = readPassages(object, 'retrieved_passages', true);
  const candidates = retrieved.map((passage, i) => ({ passage, rank: i + 1, score: scores[i]! }));
  return { query, positives, candidates };
}

export function writeTrainingLists(lists: readonly TrainingList[]): string {
  const plain = ({ id, title, text }: Passage) => ({
    docid: id,
    title,
    text,
  });
  return jsonLines(
    lists.map(({ query, positives, candidates }) => ({
      query: query.text,
      query_id: query.id,
      positive_passages: positives.map(plain),
      retrieved_passages: candidates.map(({ passage, score }) => ({ ...plain(passage), score })),
    })),
  );
}

/** A teacher's answer as indices from 0, best first, and what had to be done to make it a permutation. */
export interface Permutation {
  readonly order: readonly number[];
  /** There are other words than numbers, “>” and brackets, or there is nothing. */
  readonly otherText: boolean;
  /** Numbers that were dropped: named before, or of no passage. */
  readonly repeated: number;
  readonly outOfRange: number;
  /** Passages that it does not name: they follow in their own order. */
  readonly appended: number;
}

/** Whether a strict reader would refuse it. Naming the best passages alone is what sliding windows do. */
export const isRepaired = ({ otherText, repeated, outOfRange }: Permutation): boolean =>
  otherText || repeated > 0 || outOfRange > 0;

const PLAIN = /^\s*\[?\d+\]?(?:\s*>\s*\[?\d+\]?)*\s*$/;

/**
 * A language model's answer as a permutation, as the authors' code (RankGPT's, InstructDistill's) makes one: its
 * numbers in order, repeats and those of no passage dropped, the passages that it does not name appended.
 */
export function repairPermutation(answer: string, size: number): Permutation {
  const order = new Set<number>();
  let repeated = 0;
  let outOfRange = 0;
  for (const [digits] of answer.matchAll(/\p{Nd}+/gu)) {
    const at = Number(asciiDigits(digits)) - 1;
    if (at < 0 || at >= size) outOfRange++;
    else if (order.has(at)) repeated++;
    else order.add(at);
  }
  const appended = size - order.size;
  for (let at = 0; at < size; at++) order.add(at);
  const isNothing = answer.trim() === '' && size === 0;
  return { order: [...order], otherText: !isNothing && !PLAIN.test(answer), repeated, outOfRange, appended };
}

/** Full-width, Arabic and other digits are digits to the authors' code (Python's) too. Each script has its ten in a row. */
function asciiDigits(digits: string): string {
  return digits.normalize('NFKC').replace(/[^0-9]/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    let zero = code;
    while (zero > code - 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String(code - zero);
  });
}

/** The orders of `readAnswers`. */
export function readPermutations(...args: Parameters<typeof readAnswers>): (readonly number[])[] {
  return readAnswers(...args).map(({ order }) => order);
}

/**
 * Reads the teacher's permutations, one a query, repaired where needed. `sizes` says how many passages each query
 * has; without it each names all.
 * Throws 'bad-input' for what is not a list of texts or a list of another length than `sizes`; with `strict` also for
 * a number out of range or named twice and for any other words.
 */
export function readAnswers(
  text: string,
  file = 'the permutations',
  sizes?: readonly number[],
  options: { readonly strict?: boolean } = {},
): Permutation[] {
  const values = parseJsonValues(text, file);
  if (sizes && sizes.length !== values.length) {
    throw badInput(
      file,
      undefined,
      `it has ${values.length} permutations for ${sizes.length} queries. They must match.`,
    );
  }
  return values.map(({ value, line }, index) => {
    const wrong = (reason: string) => badInput(file, line, `permutation ${index + 1}: ${reason}.`);
    // The authors' code writes "" for a query that has no passages.
    const answer = value === null ? '' : value;
    if (typeof answer !== 'string') {
      throw wrong(`expected text such as "3 > 1 > 2", found ${describeJson(value)}`);
    }
    const permutation = repairPermutation(answer, sizes?.[index] ?? answer.match(/\p{Nd}+/gu)?.length ?? 0);
    if (!options.strict) return permutation;
    const { otherText, repeated, outOfRange, order } = permutation;
    if (otherText) throw wrong(`expected text such as "3 > 1 > 2", found ${excerpt(answer)}`);
    if (outOfRange > 0) throw wrong(`it names passages that do not exist (there are ${order.length})`);
    if (repeated > 0) throw wrong('it names a passage twice');
    return permutation;
  });
}

/** The teacher's file from orders of indices (from 0, best first). */
export function writePermutations(orders: readonly (readonly number[])[]): string {
  return `${JSON.stringify(orders.map((order) => order.map((at) => at + 1).join(' > ')))}\n`;
}

/** What a teacher is to rank needs text, as in hits; labelled positives only pass through. */
function readPassages(object: Checked, key: string, needsText: boolean): Passage[] {
  const seen = new Set<string>();
  return object.objects(key).map((item) => {
    const idKey = item.firstKey(ID_NAMES) ?? 'docid';
    const id = item.id(idKey);
    if (seen.has(id))
      throw item.error(idKey, `${excerpt(id)} appears twice; ids must be unique within a query`);
    seen.add(id);
    const textKey = item.firstKey(TEXT_NAMES) ?? 'text';
    const isBare = !needsText && item.raw(textKey) === '' && item.firstKey(TITLE_NAMES) === undefined;
    return isBare ? { id, text: '' } : toPassage(id, item, textKey);
  });
}
