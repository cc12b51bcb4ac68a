import type { ReactNode } from 'react';
import type { RankerCard, Provenance as Stated } from '../../checkpoint/ranker-card.ts';
import { formatNumber } from '../ui/numbers.ts';
import { Facts } from './Facts.tsx';

/** Who made it of what. */
export function Origin({ card }: { readonly card: RankerCard }) {
  const { provenance } = card;
  return (
    <Facts
      title="Where it comes from"
      rows={[
        ['Role', card.role],
        ['Licence', card.license],
        ['Base', provenance.base],
        ['Teacher', provenance.teacher],
        ['Labels', provenance.labels?.source],
        ['Recipe', provenance.recipe],
        ['Steps', formatNumber(provenance.steps)],
        ['Seed', String(provenance.seed)],
        ['Made', provenance.date],
        ['Made with', provenance.trainer],
      ]}
    />
  );
}

/** What somebody needs to make it again, and to see that the parts were the same. */
export function MakeAgain({ provenance }: { readonly provenance: Stated }) {
  const { baseSha256, teacherSha256, labels, settings = {} } = provenance;
  const set = Object.entries(settings);
  // Opened as it was found: nobody here made it.
  if (provenance.command === '') return null;
  return (
    <section>
      <h4 className="card-label">How to make it again</h4>
      <dl className="made">
        <Made name="Command" value={<code>{provenance.command}</code>} />
        {set.length > 0 && (
          <Made
            name="Settings"
            value={
              <ul className="settings">
                {set.map(([name, value]) => (
                  <li key={name}>
                    <span className="muted">{name}</span> {said(value)}
                  </li>
                ))}
              </ul>
            }
          />
        )}
        {baseSha256 && <Made name="SHA-256 of the base" value={<code>{baseSha256}</code>} />}
        {teacherSha256 && <Made name="SHA-256 of the teacher" value={<code>{teacherSha256}</code>} />}
        {labels && <Made name="SHA-256 of the labels" value={<code>{labels.sha256}</code>} />}
      </dl>
    </section>
  );
}

function Made({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function said(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

/** Names, licences and uses of the data. */
export function TrainedOn({ data }: Pick<Stated, 'data'>) {
  return (
    <section>
      <h4 className="card-label">Trained on</h4>
      {data.length === 0 ? (
        <p className="muted">This card names no data.</p>
      ) : (
        <ul className="card-list">
          {data.map(({ name, license, use }) => (
            <li key={name + use}>
              <strong>{name}</strong> <span className="muted">({license})</span>: {use}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
