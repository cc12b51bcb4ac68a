/** Hooks that join the query set with the stores it depends on. */
import { useMemo } from 'react';
import type { Query } from '../../types.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useQuery } from '../corpus/query.ts';
import { useGrades } from '../grades.ts';
import { useModels } from '../models/models.ts';
import { columnQuality } from '../readings/quality.ts';
import { usePromptLengths } from '../run/estimate.ts';
import { useSettings } from '../settings.ts';
import { expectedOf } from './expected.ts';
import { judgedQueries } from './plan.ts';
import { initialQuerySet, type QuerySetState, useQuerySet } from './store.ts';
import { type Measure, type SetTable, tableOf } from './table.ts';

/** The judged queries of the current corpus. */
export function useJudgedQueries(): readonly Query[] {
  const suggestions = useQuery((s) => s.suggestions);
  const table = useGrades((s) => s.table);
  const hashes = useCorpus((s) => s.textHashes);
  return useMemo(() => judgedQueries(suggestions, table, hashes), [suggestions, table, hashes]);
}

/** The set of the current corpus; as at the start where the last one belongs to another. */
export function useCurrentQuerySet(): QuerySetState {
  const set = useQuerySet();
  const fingerprint = useCorpus((s) => s.fingerprint);
  return set.fingerprint === fingerprint ? set : initialQuerySet;
}

/** Its table with the grades of now. */
export function useSetTable({ queries, methods }: Pick<QuerySetState, 'queries' | 'methods'>): SetTable {
  const grades = useGrades((s) => s.table);
  const hashes = useCorpus((s) => s.textHashes);
  const gain = useSettings((s) => s.gain);
  return useMemo(() => {
    const measure: Measure = ({ query, candidates }, order) => {
      const column = { query: query.text, candidates, order };
      return columnQuality(column, grades, hashes, gain).cells.find(({ k }) => k === 10)?.value;
    };
    return tableOf(queries, measure, methods);
  }, [queries, methods, grades, hashes, gain]);
}

/** Calls and seconds that the set of the current corpus will take at most. */
export function useExpectedSet(queries: number): ReturnType<typeof expectedOf> {
  const settings = useSettings();
  const models = useModels();
  const lengths = usePromptLengths();
  const index = useCorpus((s) => s.index);
  const fingerprint = useCorpus((s) => s.fingerprint);
  return useMemo(() => {
    const size = index.state === 'ready' ? index.summary.passages : settings.k;
    return expectedOf(queries, Math.min(settings.k, size), settings, models, lengths, fingerprint);
  }, [queries, settings, models, lengths, index, fingerprint]);
}
