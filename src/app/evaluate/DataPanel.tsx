import { useRef } from 'react';
import { KIND_WORDS } from '../../formats/collection/plan.ts';
import { localFromFiles } from '../../sources/local-files.ts';
import { useCorpus } from '../../state/corpus/corpus.ts';
import { type CollectionState, useCollection } from '../../state/evaluate/collection.ts';
import { evaluation } from '../../state/evaluate/evaluation.ts';
import { useEvaluate } from '../../state/evaluate/store.ts';
import type { CollectionSummary } from '../../workers/collection-protocol.ts';
import { Button } from '../ui/Button.tsx';
import { ChooseFolder } from '../ui/ChooseFolder.tsx';
import { Field } from '../ui/Field.tsx';
import { FilePicker } from '../ui/FilePicker.tsx';
import { Icon } from '../ui/Icon.tsx';
import { counted, formatBytes, formatNumber } from '../ui/numbers.ts';
import { Progress } from '../ui/Progress.tsx';

/** The queries, judgments and passages that are evaluated on: opened here, and what was recognised of them. */
export function DataPanel() {
  const collection = useCollection();
  const { state, summary, error } = collection;
  const running = useEvaluate((s) => s.state === 'running');
  return (
    <section className="evaluate-panel" aria-label="Data" data-state={state}>
      <div className="evaluate-panel-head">
        <h3>Data</h3>
        {state === 'ready' && (
          <Button
            kind="quiet"
            small
            aria-label="Close data"
            disabled={running}
            onClick={() => evaluation.closeData()}
          >
            <Icon name="close" size={14} />
          </Button>
        )}
      </div>
      {summary && state === 'ready' && <Opened summary={summary} />}
      {state === 'opening' && <Opening collection={collection} />}
      {error && (
        <p className="evaluate-error" role="alert">
          {error.message}
        </p>
      )}
      {state !== 'opening' && <OpenData first={!summary} disabled={running} />}
    </section>
  );
}

function OpenData({ first, disabled }: { readonly first: boolean; readonly disabled: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  const samples = useCorpus((s) => s.samples);
  return (
    <div className="evaluate-open">
      <div className="evaluate-open-line">
        <Button kind={first ? 'primary' : 'plain'} disabled={disabled} onClick={() => field.current?.click()}>
          Open data
        </Button>
        <FilePicker
          ref={field}
          multiple
          take={(files) => evaluation.openLocal(Promise.resolve().then(() => localFromFiles(files)))}
        />
        <span className="muted">or</span>
        <select
          className="input evaluate-sample"
          aria-label="Sample"
          value=""
          disabled={disabled}
          onChange={(event) => evaluation.openSample(event.target.value)}
        >
          <option value="" disabled>
            Open a sample
          </option>
          {samples.map(({ id, title, queries }) => (
            <option key={id} value={id}>
              {title} ({counted(queries, 'query', 'queries')})
            </option>
          ))}
        </select>
      </div>
      <p className="muted">
        {first
          ? 'A BEIR folder or zip (corpus, queries, qrels), TREC runs with qrels, or RankGPT hits. Drop them anywhere on this page, or '
          : 'Drop other files anywhere on this page, or '}
        <span className="evaluate-folder">
          <ChooseFolder id="collection" disabled={disabled} take={(local) => evaluation.openLocal(local)}>
            choose a folder
          </ChooseFolder>
          .
        </span>{' '}
        Nothing leaves this machine.
      </p>
    </div>
  );
}

function Opening({ collection: { name, progress } }: { readonly collection: CollectionState }) {
  const { phase = 'reading', file, done = 0, total = 0 } = progress ?? {};
  const what = phase === 'indexing' ? 'Indexing' : `Reading ${file ?? name}`;
  const of =
    total === 0
      ? ''
      : phase === 'indexing'
        ? `, ${formatNumber(done)} of ${counted(total, 'passage')}`
        : `, ${formatBytes(done)} of ${formatBytes(total)}`;
  return (
    <div className="evaluate-opening">
      <div className="evaluate-open-line">
        <p role="status">
          {what}
          {of}
        </p>
        <Button small aria-label="Cancel opening" onClick={() => evaluation.cancelOpening()}>
          Cancel
        </Button>
      </div>
      <Progress label="Opening data" value={total === 0 ? undefined : done / total} />
    </div>
  );
}

function Opened({ summary }: { readonly summary: CollectionSummary }) {
  const { name, kind, queries, passages, splits, split, files, notices, runs } = summary;
  const running = useEvaluate((s) => s.state === 'running');
  const facts = [
    counted(
      queries.length,
      split === '' && kind === 'hits' ? 'query' : 'judged query',
      split === '' && kind === 'hits' ? 'queries' : 'judged queries',
    ),
    ...(kind === 'runs'
      ? []
      : [kind === 'hits' ? counted(passages, 'candidate') : counted(passages, 'passage')]),
    ...(runs.length > 0 ? [counted(runs.length, 'run')] : []),
  ];
  return (
    <div className="evaluate-opened">
      <p>
        <strong>{name}</strong> <span className="muted">{facts.join(' · ')}</span>
      </p>
      {splits.length > 1 && (
        <Field label="Judgments">
          {(ids) => (
            <select
              {...ids}
              className="input"
              value={split}
              disabled={running}
              onChange={(event) => evaluation.chooseSplit(event.target.value)}
            >
              {splits.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
      )}
      {notices.map((notice) => (
        <p key={notice} className="evaluate-notice">
          {notice}
        </p>
      ))}
      <details>
        <summary>{counted(files.length, 'file')} recognised</summary>
        <ul className="evaluate-files">
          {files.map(({ path, kind: of, content }) => (
            <li key={path}>
              <span className="mono">{path}</span>{' '}
              <span className="muted">
                {of ? [KIND_WORDS[of], content ?? 'not used'].join(', ') : 'not needed'}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
