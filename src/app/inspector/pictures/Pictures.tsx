import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useCorpus } from '../../../state/corpus/corpus.ts';
import { useGrades } from '../../../state/grades.ts';
import { studentOf, useInspector } from '../../../state/inspector/inspected.ts';
import { qualityOver } from '../../../state/readings/quality.ts';
import { momentAt, overtakes, type Timeline, timelineOf } from '../../../state/readings/timeline.ts';
import { type ComparingRun, type ModelRun, type PointwiseRun, useRun } from '../../../state/run/run.ts';
import { useSettings } from '../../../state/settings.ts';
import { formatNumber } from '../../ui/numbers.ts';
import { decimals } from '../judge-facts.ts';
import { bumpChart, clockChart, type Line, type Places, WHO, type Who } from './drawings.ts';
import { type Plot, PlotFigure } from './PlotFigure.tsx';
import { callsInWords, movesInWords, overtakingInWords, seconds } from './picture-words.ts';

/** Passages in the bump chart: all of a short list, else the teacher's first. */
const ALL_UP_TO = 20;
const FIRST = 12;

/** The run in pictures: who stands where, calls on one clock, quality against time. Drawn once the teacher has ended. */
export function Pictures({ run }: { readonly run: ComparingRun }) {
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  const found = studentOf({ columns, runs }, run.set.id);
  const student = found?.totals ? found : null;
  const ended = run.totals !== null;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!ended || !useInspector.getState().toPictures) return;
    useInspector.setState({ toPictures: false });
    heading.current?.scrollIntoView();
    heading.current?.focus({ preventScroll: true });
  }, [ended]);
  if (!ended) return null;
  return (
    <section aria-labelledby="pictures-title">
      <h3 ref={heading} id="pictures-title" className="pictures-title" tabIndex={-1}>
        Pictures
      </h3>
      <Drawn run={run} student={student} />
    </section>
  );
}

function Drawn({ run, student }: { readonly run: ComparingRun; readonly student: PointwiseRun | null }) {
  const table = useGrades((s) => s.table);
  const hashes = useCorpus((s) => s.textHashes);
  const gain = useSettings((s) => s.gain);
  const { set } = run;
  const quality = useMemo(() => {
    const { qualityOf } = qualityOver(
      { query: set.query.text, candidates: set.candidates },
      table,
      hashes,
      gain,
    );
    return (order: readonly number[]) => qualityOf(order).find(({ k }) => k === 10)?.value;
  }, [set, table, hashes, gain]);
  const first = useMemo(() => set.candidates.map((_, position) => position), [set]);
  const teacherLine = useLine(run, first, quality);
  const studentLine = useLine(student, first, quality);
  const lines = useMemo(
    (): readonly Line[] => [
      ...(studentLine ? [{ who: 'student' as const, moments: studentLine.moments }] : []),
      { who: 'teacher', moments: teacherLine!.moments },
    ],
    [studentLine, teacherLine],
  );
  const timed = teacherLine!.timed && (studentLine?.timed ?? true);
  return (
    <div className="pictures">
      <Bumps run={run} student={student} />
      {timed && <Calls lines={lines} teacher={teacherLine!} student={studentLine} />}
      {timed && <Quality lines={lines} teacher={teacherLine!} student={studentLine} flat={quality(first)} />}
      {!timed && (
        <p className="muted">This recording does not say when its answers came: there is no clock to draw.</p>
      )}
    </div>
  );
}

function useLine(
  run: ModelRun | null,
  first: readonly number[],
  quality: (order: readonly number[]) => number | undefined,
): Timeline | null {
  return useMemo(() => run && timelineOf(run.log.from(0), first, quality), [run, first, quality]);
}

function Bumps({ run, student }: { readonly run: ComparingRun; readonly student: PointwiseRun | null }) {
  const { set } = run;
  const rankings = useMemo(
    (): readonly Who[] => (student ? ['bm25', 'student', 'teacher'] : ['bm25', 'teacher']),
    [student],
  );
  const passages = useMemo((): readonly Places[] => {
    const placeOf = (order: readonly number[]) =>
      new Map(order.map((position, place) => [position, place + 1]));
    const teacher = placeOf(run.order);
    const byStudent = student && placeOf(student.order);
    const shown = run.order.length <= ALL_UP_TO ? run.order : run.order.slice(0, FIRST);
    return shown.map((position, place) => ({
      id: set.candidates[position]!.passage.id,
      strong: place < 3,
      places: { bm25: position + 1, student: byStudent?.get(position), teacher: teacher.get(position) },
    }));
  }, [run.order, student, set]);
  const draw = useCallback(
    (plot: Plot, width: number) => bumpChart(plot, Math.min(width, 620), passages, rankings),
    [passages, rankings],
  );
  return (
    <PlotFigure
      title="Who stands where"
      name="rankings"
      summary={movesInWords(passages, run.order.length)}
      draw={draw}
      figures={{
        head: ['Passage', ...rankings.map((who) => WHO[who])],
        rows: passages.map(({ id, places }) => [id, ...rankings.map((who) => String(places[who] ?? '–'))]),
      }}
    />
  );
}

interface ClockProps {
  readonly lines: readonly Line[];
  readonly teacher: Timeline;
  readonly student: Timeline | null;
}

function Calls({ lines, teacher, student }: ClockProps) {
  const draw = useCallback((plot: Plot, width: number) => clockChart(plot, width, lines, 'calls'), [lines]);
  return (
    <PlotFigure
      title="Calls on one clock"
      name="calls"
      summary={callsInWords(teacher, student)}
      draw={draw}
      figures={tableOf(teacher, student, ({ calls }) => formatNumber(calls))}
    />
  );
}

function Quality({ lines, teacher, student, flat }: ClockProps & { readonly flat: number | undefined }) {
  const mark = student ? overtakes(teacher, student) : undefined;
  const draw = useCallback(
    (plot: Plot, width: number) => clockChart(plot, width, lines, 'quality', { flat, mark }),
    [lines, flat, mark],
  );
  if (flat === undefined) {
    return (
      <p className="muted">
        Grade passages to see how good the order was at each moment: none is graded above 0.
      </p>
    );
  }
  return (
    <PlotFigure
      title="nDCG so far against seconds"
      name="ndcg"
      summary={overtakingInWords(teacher, student, mark)}
      draw={draw}
      figures={tableOf(teacher, student, ({ quality }) => decimals(quality, 3))}
    />
  );
}

/** A dozen moments of both clocks. */
function tableOf(
  teacher: Timeline,
  student: Timeline | null,
  text: (moment: Timeline['moments'][number]) => string,
) {
  const end = Math.max(...[teacher, student].map((line) => line?.moments.at(-1)?.seconds ?? 0));
  const at = Array.from({ length: 13 }, (_, i) => (end * i) / 12);
  return {
    head: ['Seconds', ...(student ? ['Student'] : []), 'Teacher'],
    rows: at.map((moment) => [
      seconds(moment),
      ...(student ? [text(momentAt(student, moment))] : []),
      text(momentAt(teacher, moment)),
    ]),
  };
}
