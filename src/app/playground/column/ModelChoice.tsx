import { useState } from 'react';
import { fitOf } from '../../../checkpoint/fit.ts';
import { isServiceCard } from '../../../checkpoint/remote-card.ts';
import { fitsColumn } from '../../../state/models/fitting.ts';
import { useLibrary } from '../../../state/models/library.ts';
import { entryFor } from '../../../state/models/model-slots.ts';
import { useModels } from '../../../state/models/models.ts';
import { isOriginal } from '../../../state/models/stored-models.ts';
import { useSettings } from '../../../state/settings.ts';
import type { StoredModel } from '../../../workers/download-protocol.ts';
import type { ScorerSlot } from '../../../workers/types.ts';
import { RemoteDialog } from '../../remote/RemoteDialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Popover } from '../../ui/Popover.tsx';

/** Why a model that is stored cannot be chosen yet. */
function notYet(model: StoredModel): string | undefined {
  if (!model.whole) return 'download not finished';
  return isOriginal(model) ? 'not converted yet' : undefined;
}

/** Of the entry that opens the dialog. */
const REMOTE = 'remote…';

/** Which model the column asks: those of the page, those stored on this machine. */
export function ModelChoice({ slot }: { readonly slot: ScorerSlot }) {
  const catalog = useModels((s) => s.catalog);
  const settings = useSettings();
  const stored = useLibrary((s) => s.stored);
  const [typing, setTyping] = useState(false);
  if (!catalog) return null;
  const isBase = slot === 'student' && settings.studentMode === 'base';
  const embedded = catalog.filter((entry) => !entry.stored && !entry.remote);
  const services = catalog.filter((entry) => entry.remote);
  const own = catalog.filter((entry) => entry.stored);
  const waiting = (stored ?? []).filter((model) => notYet(model) !== undefined);
  const chosen = settings.models[slot];
  // A stored one that is still being looked for.
  const unknown = chosen !== null && !isBase && stored === null && !catalog.some(({ id }) => id === chosen);
  return (
    <span className="column-choice">
      <select
        className="column-model"
        aria-label={slot === 'student' ? 'Student model' : 'Teacher model'}
        title={isBase ? 'The base is the teacher’s model before distillation' : undefined}
        disabled={isBase}
        value={unknown ? '' : (entryFor(slot, settings, catalog)?.id ?? '')}
        onChange={(event) => {
          if (event.target.value === REMOTE) setTyping(true);
          else settings.chooseModel(slot, event.target.value);
        }}
      >
        {unknown && <option value="">Looking …</option>}
        <optgroup label="Comes with this page">
          {embedded.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </optgroup>
        {(own.length > 0 || waiting.length > 0) && (
          <optgroup label="On this machine">
            {own.map((entry) => {
              const { id, name, stored: folder } = entry;
              const fits = fitsColumn(slot, entry);
              return (
                <option key={id} value={id} disabled={!fits}>
                  {[name, folder?.dtype].filter(Boolean).join(' · ')}
                  {!fits && ' (a cross-encoder cannot compare)'}
                </option>
              );
            })}
            {waiting.map((model) => (
              <option key={model.id} value={model.id} disabled>
                {model.title} ({notYet(model)})
              </option>
            ))}
          </optgroup>
        )}
        {slot === 'teacher' && (
          <optgroup label="Over the network">
            {services.map(({ id, name, remote }) => (
              <option key={id} value={id}>
                {name} · {remote?.host}
              </option>
            ))}
            <option value={REMOTE}>Remote model…</option>
          </optgroup>
        )}
      </select>
      {typing && (
        <RemoteDialog
          id={chosen}
          use="Use as teacher"
          onConnect={(id) => settings.chooseModel(slot, id)}
          onClose={() => setTyping(false)}
        />
      )}
      <FitMark slot={slot} />
    </span>
  );
}

/** A sign where the loaded model is not what the column is for; its reasons open. */
function FitMark({ slot }: { readonly slot: ScorerSlot }) {
  const card = useModels((s) => s.slots[slot].ready?.card);
  const other = useModels((s) => s.slots[slot === 'student' ? 'teacher' : 'student'].ready?.card);
  const mode = useSettings((s) => s.studentMode);
  if (!card || isServiceCard(card)) return null;
  const notes = fitOf(slot === 'student' ? mode : 'teacher', card, other);
  if (!notes.some(({ level }) => level === 'doubt')) return null;
  return (
    <Popover
      className="column-fit"
      title={`About ${card.name} in this column`}
      label={`About ${card.name} in this column`}
      trigger={<Icon name="warn" size={14} />}
    >
      {notes.map(({ code, text }) => (
        <p key={code}>{text}</p>
      ))}
    </Popover>
  );
}
