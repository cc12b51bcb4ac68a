import { useState } from 'react';
import { NO_COUNTS } from '../../evaluation/baselines/baselines.ts';
import { takesWording } from '../../ranking/methods/registry.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import { asksModel, baseOf, type Recipe, type RowSpec, rowId, rowName } from '../../state/evaluate/recipe.ts';
import { changeRow, removeRow, useEvaluate } from '../../state/evaluate/store.ts';
import type { ModelEntry } from '../../state/models/models.ts';
import { isServiceId } from '../../state/remote/remote.ts';
import { RemoteDialog } from '../remote/RemoteDialog.tsx';
import { RemoteUse } from '../remote/RemoteUse.tsx';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { PromptEditor } from './PromptField.tsx';

/** The rows that will be ranked, the first stage before them. */
export function ChosenRows({
  recipe,
  catalog,
}: {
  readonly recipe: Recipe;
  readonly catalog: readonly ModelEntry[];
}) {
  const summary = useCollection((s) => s.summary);
  return (
    <ul className="evaluate-rows">
      <li className="evaluate-row">
        <span>{recipe.firstStage ?? (summary?.kind === 'hits' ? 'As listed' : 'BM25')}</span>
        <span className="muted">the first stage, always included</span>
      </li>
      {recipe.rows.map((row) => (
        <ChosenRow key={rowId(row)} row={row} recipe={recipe} catalog={catalog} />
      ))}
    </ul>
  );
}

function ChosenRow({
  row,
  recipe,
  catalog,
}: {
  readonly row: RowSpec;
  readonly recipe: Recipe;
  readonly catalog: readonly ModelEntry[];
}) {
  const running = useEvaluate((s) => s.state === 'running');
  const error = useEvaluate((s) => s.rowErrors.get(rowId(baseOf(row))));
  const summary = useCollection((s) => s.summary);
  const [editing, setEditing] = useState(false);
  const id = rowId(row);
  const name = rowName(row, catalog, recipe.rows);
  const missing = asksModel(row) && !catalog.some((one) => one.id === row.checkpoint);
  const uncounted = row.method === 'popularity' && summary && !summary.popularity;
  const worded = asksModel(row) && takesWording(row.method);
  return (
    <li className="evaluate-row">
      <span>{name}</span>
      {worded && (
        <Button
          kind="link"
          small
          aria-label={`Edit prompt of ${name}`}
          disabled={running}
          onClick={() => setEditing(true)}
        >
          Prompt
        </Button>
      )}
      {missing &&
        (isServiceId(row.checkpoint) ? (
          <Disconnected row={row} />
        ) : (
          <span className="evaluate-error">This checkpoint is no longer here.</span>
        ))}
      <RemoteUse id={row.checkpoint} className="evaluate-use" />
      {uncounted && <span className="evaluate-error">{NO_COUNTS} Drop it here, too.</span>}
      {error && (
        <span className="evaluate-error" role="alert">
          {error.message}
        </span>
      )}
      <Button
        kind="quiet"
        small
        className="evaluate-remove"
        aria-label={`Remove ${name}`}
        disabled={running}
        onClick={() => removeRow(id)}
      >
        <Icon name="close" size={12} />
      </Button>
      {editing && asksModel(row) && (
        <PromptEditor
          method={row.method}
          checkpoint={row.checkpoint}
          template={row.template}
          onChange={(template) => changeRow(id, { ...row, template })}
          onClose={() => setEditing(false)}
        />
      )}
    </li>
  );
}

/** What was not remembered has to be typed again; the same address and model go on where they were. */
function Disconnected({ row }: { readonly row: RowSpec }) {
  const [typing, setTyping] = useState(false);
  return (
    <span className="evaluate-error">
      Its service is no longer connected.{' '}
      <Button kind="link" small onClick={() => setTyping(true)}>
        Connect it
      </Button>
      {typing && (
        <RemoteDialog
          id={null}
          use="Use it"
          onConnect={(checkpoint) => changeRow(rowId(row), { ...row, checkpoint })}
          onClose={() => setTyping(false)}
        />
      )}
    </span>
  );
}
