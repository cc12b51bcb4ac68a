import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../errors.ts';
import { writeBesideCsv, writeBesideMarkdown } from '../../formats/evaluation/beside-writers.ts';
import { writeEvaluationLatex } from '../../formats/evaluation/latex.ts';
import { writeEvaluationMarkdown } from '../../formats/evaluation/markdown.ts';
import { writeEvaluationCsv, writePerQueryCsv } from '../../formats/evaluation/tables-csv.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import { evaluation } from '../../state/evaluate/evaluation.ts';
import { besideReport, evaluationJson, evaluationRuns, reportOf } from '../../state/evaluate/exports.ts';
import { useEvaluate } from '../../state/evaluate/store.ts';
import type { ShownEvaluation } from '../../state/evaluate/table.ts';
import { useModels } from '../../state/models/models.ts';
import { notify } from '../../state/notices.ts';
import { slowTextsIn } from '../../state/readings/slow-texts.ts';
import { isServiceId } from '../../state/remote/remote.ts';
import { ASK_ABOVE_SECONDS } from '../../state/run/estimate.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { download } from '../ui/download.ts';
import { MenuButton } from '../ui/MenuButton.tsx';
import { formatEstimate } from '../ui/numbers.ts';
import { Progress } from '../ui/Progress.tsx';
import { estimateText, statusText } from './words.ts';

/** Run, Stop, Export, and how far it is. */
export function RunBar({ shown }: { readonly shown: ShownEvaluation | null }) {
  const state = useEvaluate();
  const collection = useCollection();
  const [asking, setAsking] = useState(false);
  const running = state.state === 'running';
  const ready = collection.summary !== null && collection.summary.kind !== 'runs' && state.recipe !== null;
  const { progress, estimate } = state;
  // Where services are asked that is a question of its own.
  const long =
    state.state === 'idle' &&
    (estimate?.seconds ?? 0) > ASK_ABOVE_SECONDS &&
    !state.recipe?.rows.some(({ checkpoint }) => isServiceId(checkpoint));
  const begin = () => {
    setAsking(false);
    void evaluation.run();
  };
  const status = statusText(state, collection.summary, shown);
  return (
    <section
      className="evaluate-run"
      aria-label="Evaluation"
      data-state={state.state}
      data-phase={state.phase ?? undefined}
      aria-busy={running}
    >
      <div className="evaluate-run-line">
        <Button
          kind="primary"
          disabled={!ready || running || state.state === 'done'}
          onClick={() => (long ? setAsking(true) : begin())}
        >
          Run
        </Button>
        <Button disabled={!running} onClick={() => evaluation.stop()}>
          Stop
        </Button>
        <ExportMenu shown={shown} name={collection.summary?.name ?? 'evaluation'} />
        <p className="evaluate-status">{status}</p>
      </div>
      {running && (
        <Progress
          label="Evaluation"
          value={progress.planned > 0 ? progress.answered / progress.planned : undefined}
        />
      )}
      <SlowTexts />
      {state.error && (
        <p className="evaluate-error" role="alert">
          {state.error.message}
        </p>
      )}
      <Announcement text={status} state={state.state} />
      {asking && estimate && (
        <Dialog
          title="This will take a while"
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Not now</Button>
              <Button kind="primary" onClick={begin}>
                Run anyway
              </Button>
            </>
          }
        >
          <p>
            {estimateText(estimate)}
            {estimate.seconds !== null &&
              `, ${formatEstimate(estimate.seconds)} at the speed measured on this machine`}
            . You can stop at any time and continue later, even after a reload: nothing is asked twice.
          </p>
          <p className="muted">A smaller depth, or a schedule with fewer calls, takes less time.</p>
        </Dialog>
      )}
    </section>
  );
}

/** Why rows take so long. */
function SlowTexts() {
  const recipe = useEvaluate((s) => s.recipe);
  const slowTexts = useModels((s) => s.slowTexts);
  return slowTextsIn(recipe, { slowTexts }).map((notice) => (
    <p key={notice} className="evaluate-notice">
      {notice}
    </p>
  ));
}

/** Tells assistive technology that it has begun and ended, and nothing in between. */
function Announcement({ text, state }: { readonly text: string; readonly state: string }) {
  const was = useRef(state);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (was.current === state) return;
    was.current = state;
    setSaid(state === 'running' ? 'Evaluating.' : text);
  }, [state, text]);
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  );
}

function ExportMenu({ shown, name }: { readonly shown: ShownEvaluation | null; readonly name: string }) {
  const queries = useCollection((s) => s.summary?.queries) ?? [];
  const preset = useEvaluate((s) => s.shown.preset);
  const nothing = !shown?.table.rows.some((row) => row.queries > 0);
  const file = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'evaluation';
  const save = (ending: string, type: string, make: (of: ShownEvaluation) => string) => () => {
    if (!shown) return;
    try {
      download(`${file}.${ending}`, type, make(shown));
    } catch (error) {
      notify('error', `The export failed: ${messageOf(error)}`);
    }
  };
  const items = [
    {
      label: 'Table (Markdown)',
      onSelect: save('md', 'text/markdown', (of) => writeEvaluationMarkdown(reportOf(of))),
    },
    {
      label: 'Table (LaTeX)',
      onSelect: save('tex', 'text/x-tex', (of) => writeEvaluationLatex(reportOf(of))),
    },
    { label: 'Table (CSV)', onSelect: save('csv', 'text/csv', ({ table }) => writeEvaluationCsv(table)) },
    {
      label: 'Every query (CSV)',
      onSelect: save('queries.csv', 'text/csv', ({ rows }) => writePerQueryCsv(queries, rows)),
    },
    { label: 'Everything (JSON)', onSelect: save('json', 'application/json', evaluationJson) },
    ...(preset
      ? [
          {
            label: 'Beside the paper (Markdown)',
            onSelect: save('paper.md', 'text/markdown', (of) => writeBesideMarkdown(besideReport(of)!)),
          },
          {
            label: 'Beside the paper (CSV)',
            onSelect: save('paper.csv', 'text/csv', (of) => writeBesideCsv([besideReport(of)!])),
          },
        ]
      : []),
    { label: 'TREC runs', onSelect: save('runs.txt', 'text/plain', evaluationRuns) },
  ];
  return (
    <MenuButton
      label="Export"
      className="button"
      items={items.map((item) => ({ ...item, disabled: nothing }))}
    />
  );
}
