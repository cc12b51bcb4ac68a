/** Hooks that join stores. The pure functions they call live in the files named here. */
import { useMemo } from 'react';
import type { ScorerSlot } from '../../workers/types.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { useGrades } from '../grades.ts';
import { useModels } from '../models/models.ts';
import { type TemplateChoice, templateChoice } from '../models/templates.ts';
import { type Estimate, estimate, usePromptLengths } from '../run/estimate.ts';
import { useForecasts } from '../run/forecasts.ts';
import { type ColumnId, columnOf, type Run, useColumn, useRun } from '../run/run.ts';
import { useSettings } from '../settings.ts';
import { tauBetween } from './agreement.ts';
import { type ColumnDoubt, columnDoubt } from './column-doubt.ts';
import { type ColumnQuality, columnQuality, judgmentsFor, retrievedOrder } from './quality.ts';
import { type SpeedUp, speedUp } from './speed-up.ts';
import { rangeOf, timingKey, useTimings } from './timings.ts';
import { type Verdict, verdict } from './verdict.ts';

export type { Estimate, MethodEstimate } from '../run/estimate.ts';
export type { ColumnQuality } from './quality.ts';
export type { SpeedSide, SpeedUp } from './speed-up.ts';

/** Calls and seconds expected of the next run. */
export function useEstimate(): Estimate {
  const settings = useSettings();
  const query = useQuery();
  const corpus = useCorpus();
  const models = useModels();
  const lengths = usePromptLengths();
  const forecasts = useForecasts();
  return useMemo(
    () => estimate({ settings, query, corpus }, models, lengths, forecasts),
    [settings, query, corpus, models, lengths, forecasts],
  );
}

/** What speaks against a model's ranking; null where nothing does. */
export function useDoubt(id: ColumnId): ColumnDoubt | null {
  const column = useColumn(id);
  const ready = useModels((s) => (id === 'bm25' ? null : s.slots[id].ready));
  return useMemo(() => columnDoubt(column, ready), [column, ready]);
}

/** The speed-up strip. */
export function useSpeedUp(): SpeedUp {
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  return useMemo(() => speedUp({ columns, runs }), [columns, runs]);
}

/** nDCG@1/5/10 of a run, with the judged share. */
export function useQuality(run: Run | null): ColumnQuality {
  const [set, order] = [run?.set, run?.order ?? NOTHING];
  const firstStage = run?.kind === 'first-stage';
  const table = useGrades((s) => s.table);
  const hashes = useCorpus((s) => s.textHashes);
  const gain = useSettings((s) => s.gain);
  return useMemo(() => {
    const { query = { text: '' }, candidates = [] } = set ?? {};
    const ranked = firstStage ? retrievedOrder(candidates, order) : order;
    const inCorpus = set?.recorded ? null : hashes;
    const judgments = judgmentsFor(set, table);
    return columnQuality({ query: query.text, candidates, order: ranked }, judgments, inCorpus, gain);
  }, [set, order, firstStage, table, hashes, gain]);
}

/** What the finished run says; null while there is none. */
export function useVerdict(): Verdict | null {
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  const state = { columns, runs };
  const byRun = useTimings((s) => s.byRun);
  const ndcg10 = {
    bm25: ndcg10Of(useQuality(columnOf(state, 'bm25').run)),
    student: ndcg10Of(useQuality(columnOf(state, 'student').run)),
    teacher: ndcg10Of(useQuality(columnOf(state, 'teacher').run)),
  };
  return verdict(state, ndcg10, rangeOf(byRun.get(timingKey(state)) ?? []));
}

const NOTHING: readonly number[] = [];

const ndcg10Of = ({ cells }: ColumnQuality): number | undefined => cells.find(({ k }) => k === 10)?.value;

/** Template choices of a slot; choose with `chooseTemplate(slot, id)` of templates.ts. */
export function useTemplateChoice(slot: ScorerSlot): TemplateChoice {
  const settings = useSettings();
  const card = useModels((s) => s.slots[slot].ready?.card);
  return useMemo(() => templateChoice(slot, settings, card), [slot, settings, card]);
}

/** Kendall's τ-b between two columns' scores (see agreement.ts). */
export function useTau(a: ColumnId, b: ColumnId): ReturnType<typeof tauBetween> {
  const [left, right] = [useColumn(a), useColumn(b)];
  return useMemo(() => tauBetween(left, right), [left, right]);
}
