/** Queries with their candidates from a file, checked before anything is computed. */
import { constants } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { RankscopeError } from '../../src/errors.ts';
import { badInput } from '../../src/formats/excerpt.ts';
import type { CandidateList } from '../../src/formats/hits.ts';
import { readLists } from '../input/lists.ts';

/** A query's candidates and the line of the file they begin on. */
export interface RankJob extends CandidateList {
  /** Absent where the candidates did not come from one file. */
  readonly line: number | undefined;
}

/**
 * Reads RankGPT hits, rank_llm requests or InstructDistill's training lists (JSON or JSON lines, of any
 * size; labels are hits too) and keeps the first `k` candidates of each.
 * @throws RankscopeError 'missing' when there is no such file, 'bad-input' with file, line and reason.
 */
export const readJobs: (file: string, k?: number) => Promise<RankJob[]> = readLists;

/** Ids as a ranking of these lists will have them. */
export const rankedIds = (jobs: readonly CandidateList[]) =>
  jobs.map(({ query, candidates }) => ({
    query: query.id,
    passages: candidates.map(({ passage }) => passage.id),
  }));

/** A text file as UTF-8; anything else is an error that says so. */
export async function readText(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = (error as { code?: string }).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new RankscopeError('missing', `${file} cannot be read: ${reason ?? String(error)}.`, { file });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    if (bytes.length > constants.MAX_STRING_LENGTH) {
      const limit = Math.floor(constants.MAX_STRING_LENGTH / 2 ** 20);
      throw badInput(
        file,
        undefined,
        `it is larger than ${limit} MB. Split it, or keep only what is asked for.`,
      );
    }
    throw badInput(file, undefined, 'it is not UTF-8 text. Save it as UTF-8 (JSON or JSON lines).');
  }
}
