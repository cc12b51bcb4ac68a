import { type ReactNode, useEffect, useState } from 'react';
import { restoreProgress } from '../../state/learn/progress.ts';
import { needForLesson } from '../../state/models/needed.ts';
import { memoryTextStore, type TextStore } from '../../storage/local.ts';
import { asking } from './asking/lesson.ts';
import { bm25 } from './bm25/lesson.ts';
import { comparing } from './comparing/lesson.ts';
import { CostLesson } from './cost/CostLesson.tsx';
import { distillation } from './distillation/lesson.ts';
import { ExercisesPage } from './exercises/ExercisesPage.tsx';
import { Lesson } from './frame/Lesson.tsx';
import { judging } from './judging/lesson.ts';
import { LessonList } from './LessonList.tsx';
import { type LearnPageId, type LessonFacts, PAGES, readPlace } from './lessons.ts';
import { SystemPage } from './pages/SystemPage.tsx';
import { TeachingPage } from './pages/TeachingPage.tsx';
import { tournament } from './tournament/lesson.ts';
import './learn.css';
import './pages/pages.css';

restoreProgress(browserStore());

/** Progress is kept where the browser lets it be kept; looking at the property alone may throw. */
function browserStore(): TextStore {
  try {
    return localStorage;
  } catch {
    return memoryTextStore();
  }
}

type Written = (facts: LessonFacts, params: URLSearchParams) => ReactNode;

const written: Readonly<Record<string, Written>> = {
  bm25: (facts, params) => <Lesson facts={facts} parts={bm25} params={params} />,
  asking: (facts, params) => <Lesson facts={facts} parts={asking} params={params} />,
  comparing: (facts, params) => <Lesson facts={facts} parts={comparing} params={params} />,
  tournament: (facts, params) => <Lesson facts={facts} parts={tournament} params={params} />,
  cost: (facts, params) => <CostLesson facts={facts} params={params} />,
  distillation: (facts, params) => <Lesson facts={facts} parts={distillation} params={params} />,
  judging: (facts, params) => <Lesson facts={facts} parts={judging} params={params} />,
};

const pages: Readonly<Record<LearnPageId, (params: URLSearchParams) => ReactNode>> = {
  system: () => <SystemPage />,
  teaching: () => <TeachingPage />,
  exercises: (params) => <ExercisesPage params={params} />,
};

/** `#/learn`: the list of lessons, one of them, or a page beside them. */
export function LearnPage() {
  const [hash, setHash] = useState(() => location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return <Place key={hash} hash={hash} />;
}

/** One address: another one, of the same lesson too, begins anew. */
function Place({ hash }: { readonly hash: string }) {
  const [{ lesson, page, params }] = useState(() => readPlace(hash));
  const title = lesson?.title ?? (page && PAGES[page]);
  useEffect(() => {
    document.title = `${title ? `${title} · ` : ''}Learn · Rankscope`;
    needForLesson(lesson?.models ?? []);
    return () => needForLesson([]);
  }, [title, lesson]);
  if (page) return pages[page](params);
  if (!lesson) return <LessonList />;
  return written[lesson.id]!(lesson, params);
}
