import { useEffect } from 'react';
import { library } from '../../state/models/library.ts';
import { useModels } from '../../state/models/models.ts';
import { playground } from '../../state/playground.ts';
import { Button } from '../ui/Button.tsx';
import { formatBytes } from '../ui/numbers.ts';
import { Catalog } from './Catalog.tsx';
import { GetModel } from './get/GetModel.tsx';
import { KnownModels } from './get/KnownModels.tsx';
import { StoredModels } from './get/StoredModels.tsx';
import { ModelCard } from './ModelCard.tsx';
import './models.css';
import './get/get.css';

/** Where models come from, what is stored, and what is loaded: each checkpoint's card as it states itself. */
export function ModelsPage() {
  const { slots, catalog, catalogError } = useModels();
  useEffect(() => void library.open(), []);
  const embedded = catalog?.filter((model) => !model.stored && !model.remote) ?? [];
  return (
    <main className="models">
      <div className="models-page">
        <h2 className="models-title">Models</h2>
        <p className="muted">
          Two small models come with this page. Others are fetched when you say so, kept in this browser, and
          run on this machine.
        </p>
        {catalogError && (
          <p className="column-note column-error" role="alert">
            {catalogError.message}
          </p>
        )}
        <GetModel />
        <StoredModels />
        <KnownModels />
        {embedded.length > 0 && <Catalog catalog={embedded} />}
        {(['student', 'teacher'] as const).map((id) => {
          const slot = slots[id];
          const name = id === 'student' ? 'Student' : 'Teacher';
          if (slot.ready) return <ModelCard key={id} role={id} ready={slot.ready} slot={slot} />;
          return (
            <section key={id} className="card" data-method={id} aria-label={name}>
              <h3 className="card-name">{slot.model?.name ?? name}</h3>
              {slot.status === 'error' ? (
                <div className="column-note column-error" role="alert">
                  <p>{slot.error?.message}</p>
                  <Button small onClick={() => playground.retryModel(id)} aria-label={`Retry ${name}`}>
                    Retry
                  </Button>
                </div>
              ) : (
                <p className="muted">
                  {slot.status === 'loading' ? 'Loading' : 'Not loaded'}
                  {slot.model && `, ${formatBytes(slot.model.bytes)}`}
                </p>
              )}
            </section>
          );
        })}
      </div>
    </main>
  );
}
