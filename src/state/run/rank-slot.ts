/** One ranking in one scorer worker, with an end whatever the worker does. */

import { RankscopeError } from '../../errors.ts';
import type { CachedAnswer } from '../../ranking/answer.ts';
import type { TimedEvent } from '../../ranking/types.ts';
import { CANCEL_MS, settledWithin } from '../../workers/promises.ts';
import type { RankJob } from '../../workers/scorer-protocol.ts';
import type { ScorerWorker } from '../../workers/types.ts';

/**
 * Runs a job to its end. When the signal is aborted the worker is asked to stop; if it has not
 * after `cancelMs`, it is terminated (the caller sees `worker.alive` false and restarts it).
 * Rejects with 'cancelled' after an abort, else with the worker's error.
 */
export async function rankInSlot(
  worker: ScorerWorker,
  job: RankJob,
  onEvents: (events: readonly TimedEvent[], fresh: readonly CachedAnswer[]) => void,
  signal: AbortSignal,
  cancelMs = CANCEL_MS,
): Promise<void> {
  const cancelled = new RankscopeError('cancelled', 'Cancelled.');
  if (signal.aborted) throw cancelled;
  const over = new AbortController();
  const work = worker.rank(job, onEvents);
  // A worker that hangs may never settle `work`; this then does.
  const ended = new Promise<never>((_, reject) => {
    const abort = async (): Promise<void> => {
      worker.cancel();
      if (!(await settledWithin(work, cancelMs))) worker.terminate();
      reject(cancelled);
    };
    signal.addEventListener('abort', () => void abort(), { once: true, signal: over.signal });
  });
  try {
    await Promise.race([work, ended]);
  } catch (error) {
    throw signal.aborted ? cancelled : error;
  } finally {
    over.abort();
  }
}
