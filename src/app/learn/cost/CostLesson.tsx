import { useCallback, useMemo } from 'react';
import { Lesson } from '../frame/Lesson.tsx';
import { Loaded } from '../frame/Loaded.tsx';
import type { LessonFacts } from '../lessons.ts';
import { type CostData, loadData } from './data.ts';
import { cost } from './lesson.ts';

interface Props {
  readonly facts: LessonFacts;
  readonly params: URLSearchParams;
}

/** Begins when the decisions are there: a few kilobytes. */
export function CostLesson({ facts, params }: Props) {
  const load = useCallback(() => loadData(params), [params]);
  return (
    <Loaded load={load} title={facts.title}>
      {(data) => <WithData facts={facts} params={params} data={data} />}
    </Loaded>
  );
}

function WithData({ facts, params, data }: Props & { readonly data: CostData }) {
  const parts = useMemo(() => cost(data), [data]);
  return <Lesson facts={facts} parts={parts} params={params} />;
}
