import { useId, useState } from 'react';
import { library, useLibrary } from '../../../state/models/library.ts';
import { useModels } from '../../../state/models/models.ts';
import { convertedId, dtypesFor, hasGpu } from '../../../state/models/stored-models.ts';
import { modelId } from '../../../storage/models/model-record.ts';
import type { Found, Use } from '../../../workers/download-protocol.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { counted, formatBytes } from '../../ui/numbers.ts';
import { focusStored } from './focus-stored.ts';
import { proposedUse } from './open-local.ts';
import { consent, formTitle, KIND_WORDS } from './words.ts';

/** What a look-up found: what it is, what it takes, and the button that agrees to that. */
export function FoundModel({ found, local }: { readonly found: Found; readonly local: boolean }) {
  const { uses, why } = found;
  const [at, setAt] = useState(() => proposedUse(uses, hasGpu()));
  const heading = useId();
  const use = uses[at];
  return (
    <section className="found" aria-labelledby={heading}>
      <div className="found-head">
        <h4 id={heading}>{found.title}</h4>
        <Button kind="quiet" small onClick={() => library.cancelLookUp()}>
          Close
        </Button>
      </div>
      <p className="muted found-facts">
        {[
          use ? KIND_WORDS[use.kind] : 'Not usable here',
          found.license ? `licence ${found.license}` : 'no licence stated',
          found.commit && `commit ${found.commit.slice(0, 7)}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {!use && <p className="column-note column-error">{why}</p>}
      {uses.length > 1 && (
        <Field label="Form" hint="The folder has more than one form of the model; one is enough">
          {(ids) => (
            <select
              {...ids}
              className="input found-form"
              value={at}
              onChange={(event) => setAt(Number(event.target.value))}
            >
              {uses.map((one, i) => (
                <option key={formTitle(one)} value={i}>
                  {formTitle(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <FileList found={found} use={use} />
      {use && !local && <Consent found={found} at={at} use={use} />}
    </section>
  );
}

/** The files that are fetched, with sizes; the others are only counted. */
function FileList({ found, use }: { readonly found: Found; readonly use: Use | undefined }) {
  const shown = use?.files ?? found.files;
  const others = found.files.length - shown.length;
  return (
    <div>
      <ul className="found-files" aria-label="Files">
        {shown.map(({ path, size }) => (
          <li key={path}>
            <span>{path}</span>
            <span className="muted">{formatBytes(size)}</span>
          </li>
        ))}
      </ul>
      {others > 0 && <p className="muted">{counted(others, 'other file')} of the folder: not needed.</p>}
    </div>
  );
}

/** GB of this machine as far as it tells: Chromium only, rounded, 8 for more. */
const memoryGb = (): number | undefined =>
  (navigator as Navigator & { readonly deviceMemory?: number }).deviceMemory;

function Consent({ found, at, use }: { readonly found: Found; readonly at: number; readonly use: Use }) {
  const text = useId();
  const gpu = useModels(hasGpu);
  const id = modelId(found, use);
  const there = useLibrary((s) => s.stored?.find((model) => model.id === id || model.id === convertedId(id)));
  if (there) {
    return (
      <p className="muted">
        {there.whole
          ? 'It is stored on this machine already: see below.'
          : 'Its download has begun: see below.'}
      </p>
    );
  }
  const download = (place?: 'memory') => {
    void library.download(at, place);
    library.cancelLookUp();
    focusStored();
  };
  return (
    <div className="found-consent">
      <p id={text}>{consent(found, use, dtypesFor(use.bytes, gpu), memoryGb())}</p>
      <Button kind="primary" aria-describedby={text} onClick={() => download()}>
        Download
      </Button>
    </div>
  );
}
