import { useMemo } from 'react';
import { kendallTau } from '../../../evaluation/correlation.ts';
import { RECORDED_SAMPLES, sampleRecording } from '../../../state/learn/recordings.ts';
import { retrievedOrder } from '../../../state/readings/quality.ts';
import { formatMs, formatNumber, formatShare } from '../../ui/numbers.ts';
import { Loaded } from '../frame/Loaded.tsx';
import { lessonHash, lessons, PAGES } from '../lessons.ts';
import { ndcg10, type RecordedQuery, recordedQuery } from '../recorded-query.ts';
import { PAPERS } from './papers.ts';

const load = () => sampleRecording('town').then(recordedQuery);

/** After the lessons: what happens from a query to a ranking, in the numbers of one recorded run, and where to read on. */
export function SystemPage() {
  return (
    <Loaded load={load} title={PAGES.system}>
      {(recorded) => <System recorded={recorded} />}
    </Loaded>
  );
}

function System({ recorded }: { readonly recorded: RecordedQuery }) {
  const { query, candidates, student, teacher, made } = recorded;
  const stages = useMemo(() => stagesOf(recorded), [recorded]);
  return (
    <main className="learn" aria-labelledby="learn-title">
      <div className="learn-page">
        <p className="lesson-crumb">
          <a href="#/learn">Learn</a> · after lesson {lessons.length}
        </p>
        <h2 id="learn-title">{PAGES.system}</h2>
        <p>
          No stage of a search engine is good at everything, so several stand in a row: cheap ones look at
          every text and keep a few, costly ones look closely at those few. Whatever the first stage misses,
          no later one can bring back.
        </p>
        <ol className="system-stages">
          <Stage title="An index" lesson="bm25">
            Built once: for each word, the passages that have it. BM25 reads it and keeps the best{' '}
            {candidates.length} for the query. This is the <dfn>first stage</dfn>.
          </Stage>
          <Stage title="A student asks about each passage" lesson="asking">
            One call a passage. Fast enough for every search; it is the model that you would put to work.
          </Stage>
          <Stage title="A teacher compares pairs" lesson="comparing">
            Two calls a pair. Slow and careful: <a href={lessonHash('tournament')}>games become a ranking</a>,
            and <a href={lessonHash('cost')}>a schedule</a> says which games are worth playing.
          </Stage>
          <Stage title="The teacher teaches the student" lesson="distillation">
            Its rankings of many queries become training data, so that the student ranks like it at a fraction
            of the price.
          </Stage>
          <Stage title="Somebody judges" lesson="judging">
            Grades, nDCG and a test say whether any of this was worth it.
          </Stage>
        </ol>
        <h3>One query on its way</h3>
        <p>
          “{query}”, from {RECORDED_SAMPLES.town}. These figures were recorded{made && ` in ${made}`}, not
          measured on your machine; rank the query in the <a href="#/">Playground</a> for yours.
        </p>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col">Calls</th>
              <th scope="col">Time</th>
              <th scope="col">nDCG@10</th>
              <th scope="col">Puts first</th>
            </tr>
          </thead>
          <tbody>
            {stages.map(({ name, calls, ms, ndcg, first }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{calls === undefined ? '–' : formatNumber(calls)}</td>
                <td>{ms === undefined ? '–' : formatMs(ms)}</td>
                <td>{ndcg === undefined ? '–' : formatShare(ndcg)}</td>
                <td>{first}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {student && teacher && (
          <p>
            The student has learnt from other queries. Here it puts {agreement(student.order, teacher.order)}{' '}
            pairs in the teacher’s order, with {formatNumber(student.asked)} calls instead of{' '}
            {formatNumber(teacher.asked)}.
          </p>
        )}
        <h3>What else a real system has</h3>
        <ul className="lesson-points">
          <li>
            <strong>Other first stages</strong>: vectors that find a passage without a word in common, often
            merged with BM25. Lesson 1 shows why: a synonym scores nothing there.
          </li>
          <li>
            <strong>Listwise and setwise rerankers</strong>, which see more than two passages in one call.
          </li>
          <li>
            <strong>Fresh texts, spelling, languages, who may see what</strong>: most of the work, and none of
            it in a ranking paper.
          </li>
          <li>
            <strong>People</strong>: what they click on tells more than grades, and is biased by the order in
            which they saw it.
          </li>
        </ul>
        <h3>Further reading</h3>
        <p>By title: no link on this page leaves Rankscope.</p>
        <ul className="papers">
          {PAPERS.map(({ title, authors, year, gives }) => (
            <li key={title}>
              <cite>{title}</cite>
              <span>
                {authors}, {year}. {gives}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}

function Stage({
  title,
  lesson,
  children,
}: {
  readonly title: string;
  readonly lesson: string;
  readonly children: React.ReactNode;
}) {
  return (
    <li>
      <strong>{title}</strong>
      <p>
        {children}{' '}
        <a className="system-lesson" href={lessonHash(lesson)}>
          Lesson {lessons.findIndex(({ id }) => id === lesson) + 1}
        </a>
      </p>
    </li>
  );
}

/** The share of pairs in the same order, from Kendall’s τ. */
function agreement(one: readonly number[], other: readonly number[]): string {
  const tau = kendallTau(one.map(String), other.map(String)) ?? 0;
  return tau === 1 ? 'all' : `${Math.round(50 * (tau + 1))} % of the`;
}

function stagesOf(recorded: RecordedQuery) {
  const { candidates, student, teacher } = recorded;
  const title = (order: readonly number[]) => {
    const { passage } = candidates[order[0]!]!;
    return passage.title ?? passage.text;
  };
  const first = candidates.map((_, i) => i);
  const stage = (name: string, order: readonly number[], calls?: number, ms?: number) => ({
    name,
    calls,
    ms,
    ndcg: ndcg10(recorded, order),
    first: title(order),
  });
  return [
    stage(`BM25 keeps ${candidates.length}`, retrievedOrder(candidates, first)),
    ...(student ? [stage('Student', student.order, student.asked, student.ms)] : []),
    ...(teacher ? [stage('Teacher, all pairs', teacher.order, teacher.asked, teacher.ms)] : []),
  ];
}
