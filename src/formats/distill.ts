/**
 * InstructDistill's own files: training lists, JSON lines of
 * `{query, positive_passages, retrieved_passages: [{docid, text}]}`, and the teacher's answers, a JSON
 * list of strings `"3 > 1 > 2"` in the order of the queries (numbers count passages from 1).
 */
import type { Candidate, Passage, Query } from '../types.ts';
import { ID_NAMES, TEXT_NAMES, TITLE_NAMES } from './columns.ts';
import { badInput, excerpt } from './excerpt.ts';
import { jsonLines } from './hits.ts';
import { describeJson } from './json.ts';
import { Checked, type JsonValue, parseJsonValues } from './json-check.ts';

export interface TrainingList {
  readonly query: Query;
  /** Labelled positives; distillation does not use them. */
  readonly positives: readonly Passage[];
  /** In first-stage order; scores are 0 where the file has none. */
  readonly candidates: readonly Candidate[];
}

/** Reads training lists. A query's id is `query_id`, `qid` or its place (`q1` …). Throws 'bad-input' with the line. */
export function readTrainingLists(text: string, file = 'the training lists'): TrainingList[] {
  return parseJsonValues(text, file).map((value, index) => readTrainingValue(value, index, file));
}

/** One list of `readTrainingLists`, for files too large to be one text; `index` counts lists from 0. */
export function readTrainingValue({ value, line }: JsonValue, index: number, file: string): TrainingList {
  const object = new Checked(value, file, line, '');
  const idKey = object.firstKey(['query_id', 'qid']);
  const query = { id: idKey ? object.id(idKey) : `q${index + 1}`, text: object.string('query') };
  const positives = object.has('positive_passages') ? readPassages(object, 'positive_passages') : [];
  const scores = object.objects('retrieved_passages').map((p) => (p.has('score') ? p.number('score') : 0));
  const retrieved = readPassages(object, 'retrieved_passages', 'needs text');
  const candidates = retrieved.map((passage, i) => ({
    passage,
    rank: i + 1,
    score: scores[i]!,
  }));
  return { query, positives, candidates };
}

export function writeTrainingLists(lists: readonly TrainingList[]): string {
  const plain = ({ id, title, text }: Passage) => ({
    docid: id,
    ...(title === undefined ? {} : { title }),
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

/**
 * Reads the teacher's permutations as indices from 0, best first; brackets (`[3] > [1]`) are accepted.
 * Passages that a string does not name follow in their own order, when `sizes` says how many there are.
 * Throws 'bad-input' for a number out of range or named twice, or a list of another length than `sizes`.
 */
export function readPermutations(
  text: string,
  file = 'the permutations',
  sizes?: readonly number[],
): number[][] {
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
    if (value === '' && (sizes?.[index] ?? 0) === 0) return [];
    if (typeof value !== 'string' || !/^\s*\[?\d+\]?(\s*>\s*\[?\d+\]?)*\s*$/.test(value)) {
      throw wrong(`expected a text such as "3 > 1 > 2", found ${describeJson(value)}`);
    }
    const order = value.split('>').map((part) => Number(part.replace(/[[\]\s]/g, '')) - 1);
    const size = sizes?.[index] ?? order.length;
    const named = new Set(order);
    if (named.size < order.length) throw wrong('it names a passage twice');
    for (const at of order) {
      if (at < 0 || at >= size) throw wrong(`it names passage ${at + 1} of ${size}`);
    }
    for (let at = 0; at < size; at++) if (!named.has(at)) order.push(at);
    return order;
  });
}

/** The teacher's file from orders of indices (from 0, best first). */
export function writePermutations(orders: readonly (readonly number[])[]): string {
  return `${JSON.stringify(orders.map((order) => order.map((at) => at + 1).join(' > ')))}\n`;
}

/** What a teacher is to rank needs text, as in hits; labelled positives only pass through. */
function readPassages(object: Checked, key: string, text?: 'needs text'): Passage[] {
  const seen = new Set<string>();
  return object.objects(key).map((item) => {
    const key = item.firstKey(ID_NAMES) ?? 'docid';
    const id = item.id(key);
    if (seen.has(id)) throw item.error(key, `${excerpt(id)} is there twice; ids must differ within a query`);
    seen.add(id);
    const title = item.optionalString(item.firstKey(TITLE_NAMES) ?? 'title');
    const textKey = item.firstKey(TEXT_NAMES) ?? 'text';
    const words = item.string(textKey);
    if (text === 'needs text' && words.trim() === '') {
      throw item.error(textKey, 'the passage has no text; remove it or add its text');
    }
    return title === undefined || title === '' ? { id, text: words } : { id, title, text: words };
  });
}
