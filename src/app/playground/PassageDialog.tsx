import { useMemo } from 'react';
import { passageText } from '../../passage-text.ts';
import { formsOfTerms, markTerms, queryTerms } from '../../retrieval/query.ts';
import { type Grade, useGrades } from '../../state/grades.ts';
import { follow } from '../../state/inspector/followed.ts';
import { COLUMNS, type Columns, columnOf, useRun } from '../../state/run/run.ts';
import { useSettings } from '../../state/settings.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { CopyButton } from './CopyButton.tsx';
import { CutText } from './CutText.tsx';
import { formatScore } from './column/scale.ts';
import { type Cut, cutsInText } from './cuts.ts';
import { scoreStyle, shownAs, shownNames } from './methods.ts';
import { closePassage, useOpenPassage } from './open-passage.ts';
import './passage.css';

type TermForms = ReadonlyMap<string, readonly string[]>;

/** Forms of a word that are named. */
const FORMS = 4;

const gradeOptions = [
  { value: 'none', label: '–' },
  { value: '0', label: '0' },
  { value: '1', label: '1' },
  { value: '2', label: '2' },
  { value: '3', label: '3' },
];

/** The candidate with an id, from whichever column knows it. */
function find(state: Columns, id: string) {
  for (const column of COLUMNS) {
    const set = columnOf(state, column).run?.set;
    const found = set?.candidates.find((c) => c.passage.id === id);
    if (set && found)
      return { passage: found.passage, query: set.query.text, judged: set.recorded?.grades ?? null };
  }
  return undefined;
}

/** Everything about one passage: full text, what each model did not read of it, ranks, scores, grade. */
export function PassageDialog() {
  const id = useOpenPassage((s) => s.id);
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  const found = id === null ? undefined : find({ columns, runs }, id);
  if (id === null || !found) return null;
  return <Passage id={id} state={{ columns, runs }} {...found} />;
}

function Passage({
  id,
  passage,
  query,
  judged,
  state,
}: { readonly id: string; readonly state: Columns } & NonNullable<ReturnType<typeof find>>) {
  const set = useSettings((s) => s.bm25);
  const bm25 = columnOf(state, 'bm25').run;
  const params = bm25?.set.firstStage?.bm25 ?? set;
  const own = useGrades((s) => s.gradeOf(query, passage.text));
  const grade = judged ? (judged.get(passage.id) ?? null) : own;
  const setGrade = useGrades((s) => s.setGrade);
  const spans = useMemo(
    () => markTerms(passage.text, queryTerms(query, params), params),
    [passage.text, query, params],
  );
  const places = COLUMNS.flatMap((column) => {
    const { run, state: columnState } = columnOf(state, column);
    if (!run) return [];
    const { candidates } = run.set;
    const at = candidates.findIndex((c) => c.passage.id === id);
    const rank = run.order.indexOf(at);
    if (at < 0 || rank < 0) return [];
    const filled = column === 'bm25' && candidates[at]?.filled;
    const as = shownAs(column, { run }, 'student');
    return [{ column, run, as, at, rank, filled, done: columnState === 'done', score: run.scores[rank] }];
  });
  const cuts: Cut[] = places.flatMap(({ run, as, at }) => {
    const cut = run.kind === 'first-stage' ? undefined : run.truncations.get(at);
    return cut ? [{ by: as, kept: cut.kept, total: cut.total }] : [];
  });
  const hit = bm25?.kind === 'first-stage' ? bm25.hits.find((h) => h.id === id) : undefined;
  const asked = useMemo(() => formsOfTerms(query, params), [query, params]);
  const written = useMemo(() => formsOfTerms(passageText(passage), params), [passage, params]);

  return (
    <Dialog wide title={passage.title ?? passage.id} onClose={closePassage}>
      <div className="passage-bar">
        <CopyButton
          text={passage.id}
          className="mono"
          name={`Copy id ${passage.id}`}
          failed={`The browser did not allow copying. The id is ${passage.id}`}
        >
          {passage.id}
        </CopyButton>
        <Button small onClick={() => follow(id)}>
          Why here?
        </Button>
        <div className="passage-grade">
          <span className="muted" aria-hidden={judged ? undefined : 'true'}>
            Grade
          </span>
          {judged ? (
            <strong>{grade ?? '–'}</strong>
          ) : (
            <Segmented
              label="Grade"
              value={grade === null ? 'none' : String(grade)}
              options={gradeOptions}
              onChange={(value) =>
                setGrade(query, passage.text, value === 'none' ? null : (Number(value) as Grade))
              }
            />
          )}
        </div>
      </div>
      <dl className="passage-places">
        {places.map(({ column, run, as, rank, filled, score }) => (
          <div key={column} data-method={as}>
            <dt>{shownNames[as]}</dt>
            <dd>
              <strong>{rank + 1}</strong> of {run.order.length}
              {filled && (
                <>
                  {' '}
                  <span className="row-chip">no shared words</span>
                </>
              )}
              <span className="muted" hidden={filled}>
                {' '}
                {scoreStyle(run).label}{' '}
                {score !== undefined && Number.isFinite(score)
                  ? formatScore(score, scoreStyle(run).decimals)
                  : '…'}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <CutText text={passage.text} spans={spans} cuts={cutsInText(cuts, passage.text.length)} />
      {cuts.length === 0 && places.some((p) => p.column !== 'bm25' && p.done) && (
        <p className="muted">Each model read the whole passage.</p>
      )}
      {hit && hit.terms.length > 0 && (
        <p className="muted">
          BM25 adds up:{' '}
          {hit.terms.map((term, i) => (
            <span key={term.term}>
              {i > 0 && ' + '}
              <MatchedWord term={term.term} asked={asked} written={written} /> {term.contribution.toFixed(2)}
            </span>
          ))}{' '}
          = {hit.score.toFixed(2)}
        </p>
      )}
    </Dialog>
  );
}

/** A word of the query, and how the passage writes it where stemming matched another form. */
function MatchedWord({
  term,
  asked,
  written,
}: Readonly<Record<'asked' | 'written', TermForms>> & { readonly term: string }) {
  const own = asked.get(term) ?? [term];
  const found = written.get(term) ?? [];
  return (
    <>
      <strong>{own.join('/')}</strong>
      {found.some((form) => !own.includes(form)) &&
        ` (as ${found.slice(0, FORMS).join(', ')}${found.length > FORMS ? ' …' : ''})`}
    </>
  );
}
