import { type FormEvent, useId } from 'react';
import { PUBLIC_HUB } from '../../../sources/address.ts';
import { library, useLibrary } from '../../../state/models/library.ts';
import { Button } from '../../ui/Button.tsx';
import { classes } from '../../ui/classes.ts';
import { Field } from '../../ui/Field.tsx';
import { useFolderDrop } from '../../ui/useFolderDrop.ts';
import { Countdown } from './Countdown.tsx';
import { FoundModel } from './FoundModel.tsx';
import { OpenButtons } from './OpenButtons.tsx';
import { openLocal } from './open-local.ts';

/** Where a model may come from: the hub, an address, this machine. Nothing is asked before a button is pressed. */
export function GetModel() {
  const { text, hub, hubError, lookUp } = useLibrary();
  const heading = useId();
  const dragging = useFolderDrop((local) => void openLocal(local));
  const looking = lookUp.status === 'looking';
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void library.lookUp();
  };
  return (
    <section
      className={classes('card get-card get-model', dragging && 'get-dragging')}
      aria-labelledby={heading}
    >
      <div>
        <h3 className="card-name" id={heading}>
          Get a model
        </h3>
        <p className="muted card-note">
          A FLAN-T5, a monoT5, a cross-encoder or a student of your own. Looking up lists its files; what it
          takes is said before anything is fetched.
        </p>
      </div>
      <form className="get-form" onSubmit={onSubmit}>
        <Field label="Model" hint="An id such as google/flan-t5-small, its address, or the URL of a folder">
          {(ids) => (
            <input
              {...ids}
              className="input"
              value={text}
              spellCheck={false}
              autoCapitalize="none"
              autoComplete="off"
              placeholder="owner/name"
              onChange={(event) => library.setText(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Hub address"
          hint={hub === PUBLIC_HUB ? 'The public hub' : 'Empty: the public hub'}
          error={hubError?.message}
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              value={hub}
              spellCheck={false}
              autoCapitalize="none"
              autoComplete="off"
              aria-invalid={hubError !== null || undefined}
              placeholder={PUBLIC_HUB}
              onChange={(event) => library.setHub(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" kind="primary" className="get-submit">
          Look up
        </Button>
      </form>
      <OpenButtons />
      <div className="get-news" aria-live="polite">
        {looking && (
          <p className="get-looking">
            <span>
              {lookUp.waiting?.message ?? 'Looking …'}
              {lookUp.waiting && <Countdown waiting={lookUp.waiting} />}
            </span>
            <Button small onClick={() => library.cancelLookUp()}>
              Stop looking
            </Button>
          </p>
        )}
        {lookUp.status === 'failed' && (
          <div className="column-note column-error get-error">
            <p>{lookUp.error.message}</p>
            {lookUp.error.details?.offline === true && <p>What is stored below can be used all the same.</p>}
          </div>
        )}
      </div>
      {lookUp.status === 'found' && (
        <FoundModel key={lookUp.found.id} found={lookUp.found} local={lookUp.local !== undefined} />
      )}
    </section>
  );
}
