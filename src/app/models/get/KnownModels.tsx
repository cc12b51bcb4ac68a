import type { KnownModel } from '../../../state/models/known-models.ts';
import { library, useLibrary } from '../../../state/models/library.ts';
import { Button } from '../../ui/Button.tsx';
import { focusField } from '../../ui/focus-field.ts';
import { formatBytes } from '../../ui/numbers.ts';
import { SHORT_KIND } from './words.ts';

/** Models that people may want. Choosing one asks the hub for its list of files, and nothing else. */
export function KnownModels() {
  const { known, knownError } = useLibrary();
  if (!known && !knownError) return null;
  return (
    <section className="card get-card" aria-labelledby="hub-models">
      <div>
        <h3 className="card-name" id="hub-models">
          From the hub
        </h3>
        <p className="muted card-note">
          Choosing one looks it up on the hub named above. Nothing is fetched until you press “Download”.
        </p>
      </div>
      {knownError && (
        <p className="column-note column-error" role="alert">
          {knownError.message}
        </p>
      )}
      <ul className="known">
        {known?.map((model) => (
          <KnownCard key={model.address} model={model} />
        ))}
      </ul>
    </section>
  );
}

/** `77 million parameters`, `2.85 billion parameters` */
const parametersWords = (count: number): string =>
  count < 1e9
    ? `${Math.round(count / 1e6)} million parameters`
    : `${Number((count / 1e9).toFixed(2))} billion parameters`;

function KnownCard({ model }: { readonly model: KnownModel }) {
  const { address, title, kind, description, license, parameters, bytes, unavailable } = model;
  const facts = [
    parameters && parametersWords(parameters),
    bytes && `about ${formatBytes(bytes)}`,
    !unavailable && SHORT_KIND[kind],
    license,
  ];
  return (
    <li className="known-card" data-unavailable={unavailable ? true : undefined}>
      <h4>{title}</h4>
      <p>{description}</p>
      <p className="muted known-facts">{facts.filter(Boolean).join(' · ')}</p>
      {unavailable ? (
        <p className="known-why">{unavailable}</p>
      ) : (
        <Button
          small
          aria-label={`Choose ${title}`}
          onClick={() => {
            library.setText(address);
            focusField('Model');
            void library.lookUp(address);
          }}
        >
          Choose
        </Button>
      )}
    </li>
  );
}
