/**
 * Looks up what the next run will have to ask, before anybody clicks: BM25 is asked for the candidates
 * (milliseconds), and the comparison cache for what it knows of them.
 */
import { forecastCalls } from '../../ranking/forecast.ts';
import type { AnswerCache } from '../../storage/answers.ts';
import type { Candidate } from '../../types.ts';
import { useCorpus } from '../corpus/corpus.ts';
import type { Indexer } from '../corpus/indexer.ts';
import { useQuery } from '../corpus/query.ts';
import { useModels } from '../models/models.ts';
import { templateOf } from '../models/templates.ts';
import { useSettings } from '../settings.ts';
import { forecastKey, SLOTS, useForecasts } from './forecasts.ts';
import { currentInputs, type Inputs, inputKey } from './inputs.ts';
import { columnOf, useRun } from './run.ts';
import { findCandidates } from './run-bm25.ts';
import { jobOf, scopeOf } from './run-model.ts';

/** Looks up what each loaded model will be asked about these candidates. */
export async function foresee(
  inputs: Inputs,
  candidates: readonly Candidate[],
  answers: AnswerCache,
): Promise<void> {
  const baseKey = inputKey('bm25', inputs);
  const { fingerprint } = inputs.corpus;
  const found = { baseKey, corpus: fingerprint, k: inputs.settings.k, count: candidates.length };
  useForecasts.setState({ found });
  for (const slot of SLOTS) {
    const models = useModels.getState();
    const key = forecastKey(slot, inputs, models);
    const ready = models.slots[slot].ready;
    if (key === '' || !ready) continue;
    const query = { id: '', text: inputs.query.text.trim() };
    const known = await answers.lookup(scopeOf(ready.info, query));
    const template = templateOf(slot, inputs.settings, ready.card);
    const job = jobOf(slot, inputs.settings, template, query, candidates);
    const forecast = forecastCalls(job, ready.info, (name) => known.get(name));
    useForecasts.setState({ [slot]: { key, forecast } });
  }
  useForecasts.setState({ outdated: false });
}

/**
 * Looks ahead whenever something has changed that it depends on and has rested for `waitMs`, and after
 * every run, which leaves answers behind; not while one goes on. Returns the way to stop.
 */
export function watchForecasts(
  { indexer, answers }: { readonly indexer: Indexer; readonly answers: AnswerCache },
  waitMs: number,
): () => void {
  if (waitMs === Number.POSITIVE_INFINITY) return () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: { readonly baseKey: string; readonly candidates: readonly Candidate[] } | undefined;
  const look = async (): Promise<void> => {
    const inputs = currentInputs();
    const runs = useRun.getState();
    const ready = useCorpus.getState().index.state === 'ready';
    if (runs.active || !ready || inputs.query.text.trim() === '') return;
    const baseKey = inputKey('bm25', inputs);
    const { state, run } = columnOf(runs, 'bm25');
    if (state === 'done' && run?.inputKey === baseKey) last = { baseKey, candidates: run.set.candidates };
    if (last?.baseKey !== baseKey) {
      const worker = await indexer.index();
      last = { baseKey, candidates: (await findCandidates(worker, inputs)).candidates };
    }
    // What has changed meanwhile has set the timer again.
    if (inputKey('bm25', currentInputs()) === baseKey) await foresee(inputs, last.candidates, answers);
  };
  const soon = (): void => {
    clearTimeout(timer);
    // Without a forecast the estimate says what may be: nothing to tell anybody about.
    timer = setTimeout(() => void look().catch(() => {}), waitMs);
  };
  const stops = [
    ...[useCorpus, useQuery, useSettings, useModels].map((store) => store.subscribe(soon)),
    useRun.subscribe((now, before) => {
      if (now.active !== before.active) soon();
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
