/** What a log holds beside scores and pairs: comparisons of several passages, and windows that were put in order. */
import type { Comparison, Listing } from '../types.ts';
import type { LogEvent } from './progress.ts';

export interface WindowAnswers {
  readonly compared: readonly Comparison[];
  readonly listed: readonly Listing[];
}

/** In their order, since the run was last resumed: what was known then has come again, as cached answers. */
export function windowAnswers(log: readonly LogEvent[]): WindowAnswers {
  const part = log.slice(log.findLastIndex(({ type }) => type === 'resumed') + 1);
  return {
    compared: part.flatMap((event) => (event.type === 'compared' ? event.items : [])),
    listed: part.flatMap((event) => (event.type === 'listed' ? event.items : [])),
  };
}
