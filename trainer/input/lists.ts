/**
 * Queries with their candidates from a file of any size: RankGPT hits, rank_llm requests or
 * InstructDistill's training lists, JSON or JSON lines, told apart by their keys.
 */
import { readTrainingValue } from '../../src/formats/distill.ts';
import { badInput, excerpt } from '../../src/formats/excerpt.ts';
import { type CandidateList, readHitsValue } from '../../src/formats/hits.ts';
import { JsonSplitter } from '../../src/formats/json-split.ts';
import type { Passage } from '../../src/types.ts';
import { streamText } from './stream-text.ts';

/** A query's candidates and the line of the file they begin on. */
export interface QueryList extends CandidateList {
  readonly line: number;
  /** InstructDistill's labelled positives, where the file has them. */
  readonly positives?: readonly Passage[];
}

/** Longest piece of JSON that is one query, in UTF-16 code units. */
const MAX_LIST = 256 * 1024 * 1024;

/**
 * Reads all lists and keeps the first `k` candidates of each.
 * @throws RankscopeError 'missing', or 'bad-input' with file, line and reason: malformed JSON, a query
 * without text, an id used twice, no query at all.
 */
export async function readLists(file: string, k?: number): Promise<QueryList[]> {
  const lists: QueryList[] = [];
  const lineOf = new Map<string, number>();
  const splitter = new JsonSplitter(
    {
      value(text, line) {
        const list = readList(text, line, lists.length, file);
        const { id, text: words } = list.query;
        if (words.trim() === '') throw badInput(file, line, 'the query is empty. Write one or remove it.');
        const earlier = lineOf.get(id);
        if (earlier !== undefined) {
          throw badInput(
            file,
            line,
            `the query id ${excerpt(id)} was used on line ${earlier}; ids must differ. Rename one.`,
          );
        }
        lineOf.set(id, line);
        lists.push(k === undefined ? list : { ...list, candidates: list.candidates.slice(0, k) });
      },
      unfinished(line) {
        throw badInput(
          file,
          line,
          'the JSON value that begins here does not end. The file is cut off, or a bracket or quotation mark is missing.',
        );
      },
    },
    MAX_LIST,
  );
  let first = true;
  for await (const text of streamText(file)) {
    splitter.push(first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    if (text !== '') first = false;
  }
  splitter.finish();
  if (lists.length === 0) {
    throw badInput(
      file,
      undefined,
      'it holds no queries. Give RankGPT hits (see the command candidates), JSON or JSON lines.',
    );
  }
  return lists;
}

function readList(text: string, line: number, index: number, file: string): QueryList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 120) : '';
    throw badInput(file, line, `not valid JSON (${why}): ${excerpt(text)}. Correct or remove it.`);
  }
  const isTraining = typeof value === 'object' && value !== null && 'retrieved_passages' in value;
  const read = isTraining ? readTrainingValue : readHitsValue;
  return { ...read({ value, line }, index, file), line };
}
