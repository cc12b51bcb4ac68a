/** TREC runs: `qid Q0 docid rank score tag`, one line a passage. */
import { RankscopeError } from '../errors.ts';
import { compareTrec } from '../evaluation/trec-order.ts';
import type { Run, RunEntry } from '../types.ts';
import { badInput, counted, excerpt } from './excerpt.ts';
import { forEachLine } from './lines.ts';
import { rewrittenIds, trecId } from './run-ids.ts';
import { areFilled, isTrecNumber, trecFields, trecNumber } from './trec-fields.ts';

/**
 * Reads a file that may hold several runs, parted by their tags (as our own export does: one file,
 * three methods). Fields are parted by ASCII white space and what follows the sixth is ignored, as
 * trec_eval does; six fields parted by tabs may have spaces in them. Ranks must be numbers, which shows
 * a line that is parted wrongly; what they say is ignored: entries come in trec_eval's order (score, then
 * id, descending). Throws 'bad-input' naming the line for a malformed one, or both lines where a run
 * lists a passage twice for a query.
 */
export function readTrecRuns(text: string, file = 'the run'): Map<string, Run> {
  const runs = new Map<string, Map<string, RunEntry[]>>();
  const seen = new Map<string, number>();
  forEachLine(text, (line, number) => {
    if (line.trim() === '') return;
    const fields = trecRunFields(line);
    if (fields.length < 6) {
      throw badInput(
        file,
        number,
        `expected six fields “qid Q0 docid rank score tag”, found ${fields.length}: ${excerpt(line)}.${adviceOn(fields)}`,
      );
    }
    const [query, , id, rank, rawScore, tag] = fields as [string, string, string, string, string, string];
    const hint = fields.length > 6 ? ` ${PART_WITH_TABS}` : '';
    trecNumber(rank, 'rank', file, number, hint);
    const score = trecNumber(rawScore, 'score', file, number, hint);
    if (fields.length > 6 && isTrecNumber(tag) && /^\d+$/.test(rawScore) && !line.includes('\t')) {
      // An id such as “page 12”: its number would be the rank, the rank the score, the score the tag.
      throw badInput(
        file,
        number,
        `expected six fields, found ${fields.length}, and the sixth is not a tag: ${excerpt(line)}. ${PART_WITH_TABS}`,
      );
    }
    // A tab cannot be part of a field, so that the joined key is unambiguous.
    const key = `${tag}\t${query}\t${id}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw badInput(
        file,
        number,
        `passage ${excerpt(id)} is already listed for query ${excerpt(query)} on line ${earlier}. Remove one.`,
      );
    }
    seen.set(key, number);
    const run = runs.get(tag) ?? new Map<string, RunEntry[]>();
    runs.set(tag, run);
    const entries = run.get(query);
    if (entries) entries.push({ id, score });
    else run.set(query, [{ id, score }]);
  });
  for (const run of runs.values()) for (const entries of run.values()) entries.sort(compareTrec);
  return runs;
}

const PART_WITH_TABS = 'If ids contain spaces, separate the fields with tabs.';

/** What is missing in a line that other programs write. */
function adviceOn(fields: readonly string[]): string {
  const numbers = fields.map(isTrecNumber);
  if (fields.length === 5 && numbers[3] && numbers[4]) return ' The tag is missing: add a name for the run.';
  const isMarco = (fields.length === 3 || fields.length === 4) && numbers[2];
  return isMarco
    ? ' This seems to be MS MARCO’s form (qid, pid, rank): add Q0, a score that falls and a tag.'
    : '';
}

/** Whether fields between tabs are a line's; the second, which means nothing, may be empty where the rest is certain. */
function isTabbed(fields: readonly string[]): boolean {
  if (fields.length < 6) return false;
  const isCertain = isTrecNumber(fields[3]) && isTrecNumber(fields[4]) && areFilled(fields, [0, 2, 5]);
  return isCertain || areFilled(fields.slice(0, 6));
}

/** The fields of a run's line; those after the sixth mean nothing, nor does what follows the tag's first word. */
export function trecRunFields(line: string): string[] {
  const fields = trecFields(line, isTabbed);
  const tag = fields[5];
  if (tag?.includes(' ')) fields[5] = tag.slice(0, tag.indexOf(' '));
  return fields;
}

/**
 * Reads one run of a file.
 * @param tag which of its runs; absent: the only one
 * @throws RankscopeError 'bad-input' if it holds none, not that one, or several and none is named
 */
export function readTrecRun(text: string, file = 'the run', tag?: string): Run {
  return chooseRun(readTrecRuns(text, file), file, tag).run;
}

/** The run that is meant, with its tag. Throws as `readTrecRun` does. */
export function chooseRun(
  runs: ReadonlyMap<string, Run>,
  file: string,
  tag?: string,
): { readonly tag: string; readonly run: Run } {
  const [only] = runs;
  if (only === undefined) throw badInput(file, undefined, 'it has no lines.');
  if (tag === undefined && runs.size === 1) return { tag: only[0], run: only[1] };
  const run = tag === undefined ? undefined : runs.get(tag);
  if (tag !== undefined && run) return { tag, run };
  const held = `it contains ${counted(runs.size, 'run')} (${[...runs.keys()].join(', ')})`;
  const reason = tag === undefined ? held : `it has no run ${excerpt(tag)}; ${held}`;
  throw badInput(file, undefined, `${reason}. Choose one with --tag NAME, or give a file with one run.`);
}

/**
 * Writes a run, entries in the order given, best first. What trec_eval will read is exactly this order,
 * also with 32-bit floats, which some readers use. Scores that fall are written as they are. Of scores that
 * are equal (BM25 has ties, Eq. 5 has many), the first keeps its own and the others are lowered by less than
 * a millionth, as Anserini does it; trec_eval would put them by id otherwise. Scores that are not numbers, or
 * rise, do not give the order at all: that query's are written as n − rank + 1. White space cannot stand in
 * this format: in ids and tags it becomes `_` (see run-ids.ts). Throws 'bad-input' if two queries, or two ids of
 * a query, become one that way, or an id is empty.
 */
export function writeTrecRun(run: Run, tag: string): string {
  const lines: string[] = [];
  const name = trecId(tag);
  rewrittenIds([...run].map(([query, entries]) => ({ query, passages: entries.map(({ id }) => id) })));
  for (const [query, entries] of run) {
    const safe = entries.map(({ id, score }) => ({ id: trecId(id), score }));
    if (new Set(safe.map(({ id }) => id)).size < safe.length) {
      throw new RankscopeError('bad-input', `Query ${excerpt(query)} ranks a passage twice.`);
    }
    const scores = fallingScores(safe.map(({ score }) => score));
    safe.forEach(({ id }, index) => {
      lines.push(`${trecId(query)} Q0 ${id} ${index + 1} ${scores[index]} ${name}\n`);
    });
  }
  return lines.join('');
}

/** Several methods in one file: each is a run with its own tag. */
export function writeTrecRuns(runs: Iterable<readonly [tag: string, run: Run]>): string {
  let text = '';
  for (const [tag, run] of runs) text += writeTrecRun(run, tag);
  return text;
}

/** The scores, ties parted, so that they fall from entry to entry as 64-bit and as 32-bit floats. */
function fallingScores(scores: readonly number[]): number[] {
  const places = scores.map((_, index) => scores.length - index);
  const written: number[] = [];
  for (const [index, score] of scores.entries()) {
    if (!Number.isFinite(Math.fround(score)) || score > scores[index - 1]!) return places;
    const above = written[index - 1];
    const apart = above === undefined || Math.fround(score) < Math.fround(above);
    written.push(apart ? score : justBelow(above));
  }
  return written.every((score) => Number.isFinite(Math.fround(score))) ? written : places;
}

/** The next value down that 32-bit floats tell apart, in digits that can be read. */
function justBelow(score: number): number {
  // Floats of 32 bits are at most 2⁻²³ of their size apart: two steps survive any rounding.
  return Math.fround(score - Math.max(Math.abs(score) * 2 ** -22, 1e-9));
}
