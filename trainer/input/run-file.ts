/** A TREC run as a first stage or as labels: one run a file, its passages known by id. */
import { badInput, counted, excerpt } from '../../src/formats/excerpt.ts';
import { forEachLine } from '../../src/formats/lines.ts';
import { isOwnTag, trecId } from '../../src/formats/run-ids.ts';
import { chooseRun, readTrecRuns, trecRunFields } from '../../src/formats/runs.ts';
import type { Run } from '../../src/types.ts';
import { readText } from './read-jobs.ts';

export interface RunFile {
  readonly file: string;
  readonly run: Run;
  /** Written by us, so that ids with white space have “_” in its place: see `restoreIds`. */
  readonly isOwn: boolean;
  /** Line of a passage in the file, for messages. */
  lineOf(query: string, passage: string): number | undefined;
}

/**
 * @param tag which of the file's runs; absent: the only one
 * @throws RankscopeError 'missing', or 'bad-input' with file, line and reason.
 */
export async function readRunFile(file: string, tag?: string): Promise<RunFile> {
  const text = await readText(file);
  const chosen = chooseRun(readTrecRuns(text, file), file, tag);
  return {
    file,
    run: chosen.run,
    isOwn: isOwnTag(chosen.tag),
    lineOf(query, passage) {
      let found: number | undefined;
      forEachLine(text, (line, number) => {
        if (found !== undefined) return;
        const [qid, , docid, , , own] = trecRunFields(line);
        if (
          (qid === query || qid === trecId(query)) &&
          docid === passage &&
          (tag === undefined || own === tag)
        )
          found = number;
      });
      return found;
    },
  };
}

/**
 * Checks that a corpus has the first `k` passages of every one of these queries.
 * @throws RankscopeError 'bad-input' naming the line of the first that it has not.
 */
export function checkRunPassages(
  { file, run, lineOf }: RunFile,
  corpus: string,
  has: (id: string) => boolean,
  queries: Iterable<{ readonly id: string }>,
  k: number,
): void {
  let missing = 0;
  let first: readonly [query: string, passage: string] | undefined;
  for (const { id: query } of queries) {
    for (const { id } of (run.get(query) ?? []).slice(0, k)) {
      if (has(id)) continue;
      missing++;
      first ??= [query, id];
    }
  }
  if (!first) return;
  const others = missing > 1 ? ` (and ${counted(missing - 1, 'other')})` : '';
  throw badInput(
    file,
    lineOf(...first),
    `passage ${excerpt(first[1])}${others} is not in ${corpus}. Give the corpus that the run was made on.`,
  );
}
