/**
 * Single questions to the models of the page: asking a decision again, leaving sentences out, probing. They go to the
 * worker of a column while that is idle; a ranking that begins meanwhile ends them.
 */
import { RankscopeError } from '../../errors.ts';
import type { ScorerInfo } from '../../inference/scorer.ts';
import type { SeenPrompt } from '../../inference/seen-prompt.ts';
import { promptsOf, type QuestionsJob, type SingleAnswer } from '../../ranking/questions.ts';
import type { ScorerSlot, ScorerWorker } from '../../workers/types.ts';
import { useModels } from '../models/models.ts';
import { consent } from '../remote/consent.ts';
import { countRemote } from '../remote/remote.ts';
import { questionsAsk } from '../remote/remote-ask.ts';

export interface Asking {
  /**
   * Asks every question anew; answers come in batches, in any order. A service is asked once the user has agreed.
   * @returns what answered
   * @throws RankscopeError 'cancelled'; 'bad-input' while a ranking runs; what loading the model threw
   */
  ask(
    slot: ScorerSlot,
    job: QuestionsJob,
    onAnswers: (answers: readonly SingleAnswer[]) => void,
    signal?: AbortSignal,
  ): Promise<ScorerInfo>;
  /** The questions' prompts as the slot's model reads them. @throws as `ask` does */
  see(slot: ScorerSlot, job: QuestionsJob): Promise<readonly SeenPrompt[]>;
}

export interface AskingParts {
  readonly slots: {
    ready(slot: ScorerSlot): Promise<{ worker: ScorerWorker; ready: { readonly info: ScorerInfo } }>;
  };
  /** Whether the columns are ranking. */
  readonly ranking: () => boolean;
  /** Has whatever else uses the workers let go of them. */
  readonly makeRoom: () => Promise<void>;
}

export function createAsking({ slots, ranking, makeRoom }: AskingParts): Asking {
  return {
    async ask(slot, job, onAnswers, signal) {
      // A fault of the question is told before a model is waited for.
      promptsOf(job);
      if (ranking()) {
        throw new RankscopeError(
          'bad-input',
          'The models are ranking. Wait until they are done, or cancel, then ask.',
        );
      }
      for (let agreed = ''; ; ) {
        await makeRoom();
        const { worker, ready } = await slots.ready(slot);
        const { service, digest } = ready.info;
        if (service !== undefined && agreed !== digest) {
          // While they think about it something else may take the worker.
          await consent([questionsAsk(modelOf(slot), service, job)], {
            what: 'Query and passages are',
            signal,
          });
          agreed = digest;
          continue;
        }
        try {
          await worker.ask(job, onAnswers, signal);
        } finally {
          await countRemote(modelOf(slot), worker);
        }
        return ready.info;
      }
    },
    async see(slot, job) {
      const { worker } = await slots.ready(slot);
      return worker.see(job);
    },
  };
}

const modelOf = (slot: ScorerSlot): string | undefined => useModels.getState().slots[slot].model?.id;

let current: Asking | undefined;

export const installAsking = (real: Asking | undefined): void => {
  current = real;
};

/** The page's own, once it has been started. */
export const asking: Asking = {
  ask: (...args) => real().ask(...args),
  see: (...args) => real().see(...args),
};

function real(): Asking {
  if (!current) throw new Error('The playground has not been started: call startPlayground() first.');
  return current;
}
