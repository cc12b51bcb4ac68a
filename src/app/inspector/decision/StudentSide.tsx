import { useMemo, useState } from 'react';
import { meanLogLikelihood } from '../../../inference/ranker-model.ts';
import { passageText } from '../../../passage-text.ts';
import { methodNamed } from '../../../ranking/methods/registry.ts';
import { labelsOf, type PromptTemplate } from '../../../ranking/template.ts';
import type { PointwiseRun } from '../../../state/run/run.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { ordinal } from './apart.ts';
import { plainFigure } from './figures.ts';
import { LeaveOut, type Measure } from './LeaveOut.tsx';
import { ScrollTable } from './ScrollTable.tsx';
import { SeenPrompts } from './SeenPrompts.tsx';

interface Props {
  readonly run: PointwiseRun;
  /** Candidate positions. */
  readonly positions: readonly number[];
}

const ONE = [[0]];

/** What the student said of each passage: place, score, logits, prompt, and which sentence it hangs on. */
export function StudentSide({ run, positions }: Props) {
  const [chosen, setChosen] = useState(0);
  const { template, set } = run;
  const position = positions[chosen] ?? positions[0]!;
  const { passage } = set.candidates[position]!;
  const job = useMemo(
    () => template && { template, questions: [{ query: set.query, passages: [passage] }] },
    [template, set, passage],
  );
  const passages = useMemo(() => [passage], [passage]);
  const cut = run.scored[position]?.cuts[0];
  const seen = useMemo(() => {
    if (!cut) return [undefined];
    return [Math.max(0, cut.kept - (passageText(passage, template?.titles).length - passage.text.length))];
  }, [cut, passage, template]);
  const labels = template ? labelsOf(template) : [];
  const asked = useMemo(() => template && withOpposite(template), [template]);
  const measures = useMemo(() => (asked ? measuresOf(asked) : []), [asked]);
  return (
    <div className="student-side" data-method="student">
      <ScrollTable label="The student’s scores">
        <thead>
          <tr>
            <th scope="col">Passage</th>
            <th scope="col">Student’s place</th>
            <th scope="col">Score, {methodNamed(run.method).style.label}</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                Logit of {label}
              </th>
            ))}
            <th scope="col">Tokens</th>
          </tr>
        </thead>
        <tbody>
          {positions.map((one) => {
            const scored = run.scored[one];
            return (
              <tr key={one}>
                <th scope="row" className="mono">
                  {set.candidates[one]!.passage.id}
                </th>
                <td>
                  {ordinal(run.order.indexOf(one) + 1)} of {run.order.length}
                </td>
                <td>{scored ? plainFigure(scored.score, 3) : 'not scored'}</td>
                {labels.map((label, i) => (
                  <td key={label}>{scored ? plainFigure(scored.logits[i] ?? Number.NaN, 3) : '–'}</td>
                ))}
                <td>{scored?.tokens ?? '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </ScrollTable>
      {positions.length > 1 && (
        <Segmented
          label="Passage the student read"
          value={String(chosen)}
          options={positions.map((one, i) => ({ value: String(i), label: set.candidates[one]!.passage.id }))}
          onChange={(value) => setChosen(Number(value))}
        />
      )}
      <SeenPrompts
        key={`prompt ${passage.id}`}
        slot="student"
        run={run}
        job={job}
        titles={[`Student’s prompt for ${passage.id}`]}
      />
      {asked && (
        <LeaveOut
          key={passage.id}
          name={run.id}
          slot="student"
          run={run}
          template={asked}
          query={set.query}
          passages={passages}
          orders={ONE}
          orderTitles={[passage.id]}
          measures={measures}
          seen={seen}
        />
      )}
    </div>
  );
}

const OPPOSITES: Readonly<Record<string, string>> = { Yes: 'No', true: 'false' };

/** A template that reads the negative word's logit too. Reading more labels changes no logit. */
function withOpposite(template: PromptTemplate): PromptTemplate {
  if (template.kind !== 'pointwise' || template.labels.length !== 1) return template;
  const opposite = OPPOSITES[template.labels[0]!];
  return opposite ? { ...template, labels: [...template.labels, opposite] } : template;
}

const LIKELIHOOD: Measure = {
  id: 'likelihood',
  title: 'Mean log p',
  noun: 'the mean log-probability of the query’s tokens',
  of: meanLogLikelihood,
};

/** What there is to watch in an answer to a template. */
function measuresOf(template: PromptTemplate): Measure[] {
  const labels = labelsOf(template);
  if (template.kind === 'likelihood') return [LIKELIHOOD];
  return [
    ...labels.map((label, i) => ({
      id: label,
      title: `Logit of ${label}`,
      noun: `the ${label} logit`,
      of: (logits: readonly number[]) => logits[i]!,
    })),
    ...(labels.length === 2
      ? [
          {
            id: 'difference',
            title: labels.join(' − '),
            noun: `the difference ${labels.join(' − ')}`,
            of: ([yes, no]: readonly number[]) => yes! - no!,
          },
        ]
      : []),
  ];
}
