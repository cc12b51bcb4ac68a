import { useState } from 'react';
import { bytesStored, library, useLibrary } from '../../../state/models/library.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { counted, formatBytes } from '../../ui/numbers.ts';
import { StoredItem } from './StoredItem.tsx';

/** What is stored in this browser, what is on its way there, and how much room it takes. */
export function StoredModels() {
  const { stored, storedError, persistent, room, downloads } = useLibrary();
  const bytes = useLibrary(bytesStored);
  const [asking, setAsking] = useState(false);
  const ids = [...new Set([...(stored ?? []).map(({ id }) => id), ...Object.keys(downloads)])];
  return (
    <section className="card get-card" aria-labelledby="stored-models">
      <div className="stored-head">
        <h3 className="card-name" id="stored-models" tabIndex={-1}>
          On this machine
        </h3>
        {ids.length > 0 && (
          <Button small onClick={() => setAsking(true)}>
            Delete all
          </Button>
        )}
      </div>
      {storedError && (
        <p className="column-note column-error" role="alert">
          {storedError.message}
        </p>
      )}
      {!persistent && (
        <p className="column-note">
          This browser gives the page no storage for files (a private window, or plain http): models last
          until the page is closed.
        </p>
      )}
      {ids.length > 0 ? (
        <ul className="stored">
          {ids.map((id) => (
            <StoredItem key={id} id={id} />
          ))}
        </ul>
      ) : (
        <p className="muted">
          {stored || storedError ? 'No model is stored yet. Once one is, it works offline too.' : 'Looking …'}
        </p>
      )}
      {stored && stored.length > 0 && (
        <p className="muted">
          {counted(stored.length, 'model')}, {formatBytes(bytes)}
          {room &&
            ` · the browser has room for about ${formatBytes(Math.max(0, room.quota - room.used))} more`}
        </p>
      )}
      {asking && (
        <Dialog
          title="Delete all stored models?"
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Keep them</Button>
              <Button
                kind="primary"
                onClick={() => {
                  setAsking(false);
                  void library.removeAll();
                }}
              >
                Delete them
              </Button>
            </>
          }
        >
          <p>
            {counted(ids.length, 'model')}, {formatBytes(bytes)}. What was fetched has to be fetched again;
            the models that come with the page stay.
          </p>
        </Dialog>
      )}
    </section>
  );
}
