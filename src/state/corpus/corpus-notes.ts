/** What is worth knowing of a corpus that was read: said when it arrives, and shown beside it while it is there. */

import type { CorpusSummary } from '../../workers/types.ts';
import type { IndexStatus } from './corpus.ts';

/** That a corpus is empty or has one passage is said where it matters: at Rank, and in the columns. */
const ELSEWHERE: readonly string[] = ['empty', 'single'];

/** In words, in the order of reading. */
export function notesOf({ notices }: Pick<CorpusSummary, 'notices'>): readonly string[] {
  return notices.filter(({ code }) => !ELSEWHERE.includes(code)).map(({ message }) => message);
}

/** The notes that hold now: none while a corpus is being read or could not be. */
export function currentNotes(index: IndexStatus): readonly string[] {
  return index.state === 'ready' ? notesOf(index.summary) : [];
}
