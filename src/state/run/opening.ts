/**
 * The moment after the page opens: the first sample, or what a former visit left, is still on its
 * way. A Rank asked for meanwhile is not a mistake: it is kept and runs when the corpus is there.
 */
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { missingInput } from './orchestrator.ts';
import { useRun } from './run.ts';

const WAITING = 'The corpus is still loading; ranking starts as soon as it is ready.';

export class Opening {
  #awaited: number;
  #wish: (() => void) | undefined;

  /** @param awaited how many things are on their way; each ends with a call of `arrive`. */
  constructor(awaited: number) {
    this.#awaited = awaited;
  }

  /** One of the things awaited has come, or it is clear that it will not. */
  arrive(): void {
    this.#awaited--;
    if (this.#awaited > 0) return;
    // After the subscriber that noticed it has done the rest of its work.
    queueMicrotask(() => {
      const run = this.#wish;
      this.#wish = undefined;
      run?.();
    });
  }

  /** Runs now, or, where the input is only late, when it has come. */
  run(run: () => void): void {
    if (this.#awaited <= 0 || !missingInput()) {
      this.#wish = undefined;
      run();
      return;
    }
    this.#wish = run;
    useRun.setState({ message: { text: WAITING } });
  }

  /** Takes a kept wish back. */
  cancel(): void {
    if (!this.#wish) return;
    this.#wish = undefined;
    useRun.setState({ message: null });
  }
}

/**
 * A first visit begins with the first sample and its first question, unless the user was faster.
 * @param arrived called once, when the question is there or will not come.
 */
export function offerFirstSample(arrived: () => void): void {
  const { samples, source, chooseSample } = useCorpus.getState();
  const [sample] = samples;
  if (!sample || source.kind !== 'none') {
    arrived();
    return;
  }
  chooseSample(sample.id);
  const finish = (): void => {
    for (const stop of stops) stop();
    arrived();
  };
  const stops = [
    useQuery.subscribe(({ suggestions }) => {
      if (suggestions.length > 0) finish();
    }),
    useCorpus.subscribe(({ origin, index }) => {
      if (origin !== sample.id || index.state === 'error') finish();
    }),
  ];
}
