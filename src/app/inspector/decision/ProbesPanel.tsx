import { useMemo, useState } from 'react';
import {
  PROBE_IDS,
  type ProbeId,
  type ProbePlan,
  type ProbeReading,
  planProbes,
  readProbes,
} from '../../../analysis/probes.ts';
import { meanLogLikelihood } from '../../../inference/ranker-model.ts';
import { labelsOf, type PromptTemplate } from '../../../ranking/template.ts';
import { pairName } from '../../../state/inspector/ask-drafts.ts';
import { studentOf } from '../../../state/inspector/inspected.ts';
import { askAs, isWhole, type QuestionRun, useQuestionRuns } from '../../../state/inspector/question-runs.ts';
import { type ComparingRun, useRun } from '../../../state/run/run.ts';
import { Button } from '../../ui/Button.tsx';
import { counted } from '../../ui/numbers.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { AskedProgress } from './AskedProgress.tsx';
import { AnswererNote, DeciderNote } from './Decider.tsx';
import { signedFigure } from './figures.ts';
import { ScrollTable } from './ScrollTable.tsx';
import './leave-out.css';

interface Props {
  readonly run: ComparingRun;
  readonly template: PromptTemplate;
  readonly pair: readonly [number, number];
}

const ORDERS = [
  [0, 1],
  [1, 0],
];
const ALONE = [[0]];

const TITLES: Readonly<Record<ProbeId, string>> = {
  'near-copy': 'is swapped with a near copy',
  filler: 'is lengthened with filler',
  stuffing: 'is stuffed with the query’s words',
  claim: 'claims to be the most relevant',
};

/** Edits that should not decide anything, and how far teacher and student move all the same. */
export function ProbesPanel({ run, template, pair: cell }: Props) {
  const { name, pair } = pairName(run, ...cell);
  const [low, high] = pair;
  const [target, setTarget] = useState(cell[0] === low ? 0 : 1);
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  const student = studentOf({ columns, runs }, run.set.id);
  const asked = student?.template ?? null;
  const { set } = run;
  const passages = useMemo(
    () => [low, high].map((position) => set.candidates[position]!.passage),
    [set, low, high],
  );
  const passage = passages[target]!;
  const plans = useMemo(
    () => ({
      teacher: planProbes({ query: set.query, passages, target, orders: ORDERS }),
      student: planProbes({ query: set.query, passages: [passage], target: 0, orders: ALONE }),
    }),
    [set, passages, passage, target],
  );
  const keys = {
    teacher: `probe ${name} ${passage.id}`,
    student: `probe student ${student?.id} ${passage.id}`,
  };
  const teacherRun = useQuestionRuns((s) => s.runs[keys.teacher]);
  const studentRun = useQuestionRuns((s) => s.runs[keys.student]);
  const readings = {
    teacher:
      teacherRun &&
      readProbes(plans.teacher, teacherRun.answers, ([a, b], order) =>
        order === target ? a! - b! : b! - a!,
      ),
    student:
      asked &&
      studentRun &&
      readProbes(plans.student, studentRun.answers, (numbers) => {
        if (asked.kind === 'likelihood') return meanLogLikelihood(numbers);
        return numbers.length > 1 ? numbers[0]! - numbers[1]! : numbers[0]!;
      }),
  };
  const busy = teacherRun?.state === 'running' || studentRun?.state === 'running';
  const begin = async (): Promise<void> => {
    const { state } = await askAs(keys.teacher, 'teacher', { template, questions: plans.teacher.questions });
    if (asked && state === 'done') {
      await askAs(keys.student, 'student', { template: asked, questions: plans.student.questions });
    }
  };
  const calls = plans.teacher.questions.length + (asked ? plans.student.questions.length : 0);
  return (
    <div className="probes">
      <DeciderNote slot="teacher" run={run} />
      {student && <DeciderNote slot="student" run={student} />}
      <div className="leave-out-choices">
        <Segmented
          label="Passage to edit"
          value={String(target)}
          options={passages.map(({ id }, i) => ({ value: String(i), label: id }))}
          onChange={(value) => setTarget(Number(value))}
        />
        <Button kind={teacherRun ? 'plain' : 'primary'} disabled={busy} onClick={() => void begin()}>
          {teacherRun ? `Probe ${passage.id} again` : `Probe ${passage.id}`}
        </Button>
        <span className="muted">{counted(calls, 'call')}</span>
      </div>
      <AskedProgress name={keys.teacher} run={teacherRun} />
      <AskedProgress name={keys.student} run={studentRun} />
      <AnswererNote by={teacherRun?.info} run={run} />
      {readings.teacher && (
        <ProbeTable
          id={passage.id}
          plan={plans.teacher}
          teacher={readings.teacher}
          student={readings.student || null}
          measure={asked ? measureOf(asked) : 'no score'}
        />
      )}
      {readings.teacher && isWhole(teacherRun) && (
        <p role="status">
          {conclusion(
            passage.id,
            readings.teacher,
            isWhole(studentRun as QuestionRun | undefined) ? readings.student || null : null,
          )}
        </p>
      )}
    </div>
  );
}

function measureOf(template: PromptTemplate): string {
  const labels = labelsOf(template);
  if (template.kind === 'likelihood') return 'mean log-probability of the query’s tokens';
  return labels.length > 1 ? labels.join(' − ') : `logit of ${labels[0] ?? 'its label'}`;
}

function ProbeTable({
  id,
  plan,
  teacher,
  student,
  measure,
}: {
  readonly id: string;
  readonly plan: ProbePlan;
  readonly teacher: ProbeReading;
  readonly student: ProbeReading | null;
  /** What is read of the student. */
  readonly measure: string;
}) {
  return (
    <>
      <ScrollTable label={`How far each edit of ${id} moves the answers`}>
        <thead>
          <tr>
            <th scope="col">{id} …</th>
            <th scope="col">Teacher moves</th>
            <th scope="col">against its noise</th>
            <th scope="col">Winner</th>
            <th scope="col">Student moves</th>
            <th scope="col">against its noise</th>
          </tr>
        </thead>
        <tbody>
          {teacher.moves.map(({ id: probe, move, turned, cut }, i) => {
            const said = student?.moves[i];
            return (
              <tr key={probe}>
                <th scope="row">
                  <details>
                    <summary>{TITLES[probe]}</summary>
                    <p dir="auto">{plan.texts[i]}</p>
                  </details>
                </th>
                <td>
                  {figure(move)}
                  {cut && <span className="muted"> cut to fit</span>}
                </td>
                <td>{times(move, teacher.noise)}</td>
                <td>
                  {Number.isNaN(move)
                    ? '–'
                    : turned === 0
                      ? 'stays'
                      : turned === 2
                        ? 'turns'
                        : 'turns in one order'}
                </td>
                <td>
                  {said ? figure(said.move) : '–'}
                  {said?.cut && <span className="muted"> cut to fit</span>}
                </td>
                <td>{said && probe !== 'near-copy' ? times(said.move, student!.noise) : '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </ScrollTable>
      <p className="muted">
        Teacher: logit difference for {id}, mean of both orders; its noise is how far the two orders of the
        unedited pair lie apart, {number(teacher.noise)}. Student: {measure}; it has no other order, so its
        noise is how far the near copy moves it{student && `, ${number(student.noise)}`}. The two scales are
        not the same.
      </p>
    </>
  );
}

const number = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(2));
const figure = (value: number): string => (Number.isNaN(value) ? '–' : signedFigure(value));
const times = (move: number, noise: number): string =>
  Number.isNaN(move) || Number.isNaN(noise)
    ? '–'
    : noise < 0.005
      ? 'no noise'
      : `${(Math.abs(move) / noise).toFixed(1)} ×`;

/** Which edits move a judge farther than its noise. */
function conclusion(id: string, teacher: ProbeReading, student: ProbeReading | null): string {
  const said = (judge: string, { moves, noise }: ProbeReading, ids: readonly ProbeId[]): string => {
    const found = moves.filter((one) => ids.includes(one.id) && Math.abs(one.move) > noise);
    return found.length === 0
      ? `No edit moves the ${judge} farther than its own noise.`
      : `The ${judge} moves farther than its own noise when ${id} ${found.map((one) => TITLES[one.id]).join(', or ')}.`;
  };
  const edits = PROBE_IDS.filter((probe) => probe !== 'near-copy');
  return [said('teacher', teacher, PROBE_IDS), student && said('student', student, edits)]
    .filter((part) => part !== null)
    .join(' ');
}
