/** The lines of a corpus that could not be read: in the way (an error's details) or skipped (a summary). */

import type { CorpusProblem } from '../../workers/types.ts';
import { isObject } from '../checks.ts';
import type { IndexStatus } from './corpus.ts';

export interface CorpusProblems {
  readonly problems: readonly CorpusProblem[];
  /** All of them; a long list is cut. */
  readonly count: number;
  /** True when the corpus is indexed without them. */
  readonly skipped: boolean;
}

/** null when every line could be read, or when the corpus failed for another reason. */
export function problemsOf(index: IndexStatus): CorpusProblems | null {
  if (index.state === 'ready') {
    const { problems, problemCount } = index.summary;
    return problemCount > 0 ? { problems, count: problemCount, skipped: true } : null;
  }
  if (index.state !== 'error') return null;
  const { problems, problemCount } = index.error.details ?? {};
  if (!Array.isArray(problems) || typeof problemCount !== 'number') return null;
  return { problems: problems.filter(isProblem), count: problemCount, skipped: false };
}

function isProblem(value: unknown): value is CorpusProblem {
  return isObject(value) && typeof value.message === 'string';
}
