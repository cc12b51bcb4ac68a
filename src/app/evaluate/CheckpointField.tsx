import { useState } from 'react';
import type { MethodDescriptor } from '../../ranking/methods/descriptor.ts';
import type { ModelEntry } from '../../state/models/models.ts';
import { runsOn } from '../../state/models/runs-on.ts';
import { RemoteDialog } from '../remote/RemoteDialog.tsx';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';

/** Of the entry that opens the dialog. */
const REMOTE = 'remote…';

/** Which model a row asks: those of the page, those stored on this machine, services. */
export function CheckpointField({
  method,
  catalog,
  chosen,
  disabled,
  onChange,
}: {
  readonly method: MethodDescriptor;
  readonly catalog: readonly ModelEntry[];
  readonly chosen: ModelEntry | undefined;
  readonly disabled: boolean;
  readonly onChange: (id: string) => void;
}) {
  const [typing, setTyping] = useState<{ readonly id: string | null } | null>(null);
  const fitting = catalog.filter((entry) => runsOn(method, entry));
  const groups = [
    { label: 'Comes with this page', entries: fitting.filter(({ stored, remote }) => !stored && !remote) },
    { label: 'On this machine', entries: fitting.filter(({ stored }) => stored) },
    { label: 'Over the network', entries: fitting.filter(({ remote }) => remote) },
  ];
  const serves = method.needs !== 'likelihood' && method.labels !== 1;
  return (
    <>
      <Field
        label="Checkpoint"
        aside={
          chosen?.remote && (
            <Button
              kind="link"
              aria-label={`Change ${chosen.name}`}
              disabled={disabled}
              onClick={() => setTyping({ id: chosen.id })}
            >
              Change
            </Button>
          )
        }
      >
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={chosen?.id ?? ''}
            disabled={disabled}
            onChange={(event) => {
              if (event.target.value === REMOTE) setTyping({ id: null });
              else onChange(event.target.value);
            }}
          >
            {!chosen && <option value="">None yet</option>}
            {groups.map(({ label, entries }) =>
              entries.length > 0 || (serves && label === 'Over the network') ? (
                <optgroup key={label} label={label}>
                  {entries.map(({ id, name, remote }) => (
                    <option key={id} value={id}>
                      {remote ? `${name} · ${remote.host}` : name}
                    </option>
                  ))}
                  {label === 'Over the network' && <option value={REMOTE}>Remote model…</option>}
                </optgroup>
              ) : null,
            )}
          </select>
        )}
      </Field>
      {typing && (
        <RemoteDialog id={typing.id} use="Use it" onConnect={onChange} onClose={() => setTyping(null)} />
      )}
    </>
  );
}
