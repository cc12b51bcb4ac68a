/** Queries with their candidates from a file, checked before anything is computed. */
import { readFile } from 'node:fs/promises';
import { RankscopeError } from '../../src/errors.ts';
import { badInput, excerpt } from '../../src/formats/excerpt.ts';
import { type CandidateList, readHits } from '../../src/formats/hits.ts';
import { parseJsonValues } from '../../src/formats/json-check.ts';

/** A query's candidates and the line of the file they begin on. */
export interface RankJob extends CandidateList {
  /** Absent where the candidates did not come from one file. */
  readonly line: number | undefined;
}

/**
 * Reads RankGPT hits or rank_llm requests (JSON or JSON lines) and keeps the first `k` candidates of each.
 * @throws RankscopeError 'missing' when there is no such file, 'bad-input' with file, line and reason.
 */
export async function readJobs(file: string, k?: number): Promise<RankJob[]> {
  const text = await readText(file);
  const lists = readHits(text, file);
  if (lists.length === 0) {
    throw badInput(file, undefined, 'it holds no queries. Give RankGPT hits, JSON or JSON lines.');
  }
  const lines = parseJsonValues(text, file).map(({ line }) => line);
  const seen = new Map<string, number>();
  return lists.map(({ query, candidates }, index) => {
    const line = lines[index]!;
    if (query.text.trim() === '') throw badInput(file, line, 'the query is empty. Write one or remove it.');
    const earlier = seen.get(query.id);
    if (earlier !== undefined) {
      throw badInput(
        file,
        line,
        `the query id ${excerpt(query.id)} was used on line ${earlier}; ids must differ. Rename one.`,
      );
    }
    seen.set(query.id, line);
    return { query, line, candidates: k === undefined ? candidates : candidates.slice(0, k) };
  });
}

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
    throw badInput(file, undefined, 'it is not UTF-8 text. Save it as UTF-8 (JSON or JSON lines).');
  }
}
