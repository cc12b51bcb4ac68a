import type { ScorerReady } from '../../../workers/protocol.ts';
import type { Comparison } from '../../inference/ranker-card.ts';
import type { ModelSlot } from '../../state/models.ts';
import { describeDevice } from '../DeviceChip.tsx';
import { formatBytes, formatMs, formatNumber } from '../ui/numbers.ts';
import { ComparisonTable, EvaluationTable } from './EvaluationTable.tsx';
import { Facts } from './Facts.tsx';
import { LossCurve } from './LossCurve.tsx';

interface Props {
  readonly role: 'student' | 'teacher';
  readonly ready: ScorerReady;
  readonly slot: ModelSlot;
}

/** Over all sets together where the card has that; the README beside the model lists every set. */
function pooled(comparisons: readonly Comparison[]): readonly Comparison[] {
  const together = comparisons.filter(({ set }) => set === 'all sets');
  return together.length > 0 ? together : comparisons;
}

/** A loaded checkpoint: what its ranker.json states, and what was measured here. */
export function ModelCard({ role, ready, slot }: Props) {
  const { card, info } = ready;
  const { provenance } = card;
  return (
    <section className="card" data-method={role} aria-label={role === 'student' ? 'Student' : 'Teacher'}>
      <h3 className="card-name">{card.name}</h3>
      <p>{card.description}</p>
      <div className="card-columns">
        <Facts
          title="Here"
          rows={[
            ['In the column', role === 'student' ? 'Student' : 'Teacher'],
            ['Device', describeDevice(info)],
            ['Number format', info.dtype],
            ['Runtime', info.runtime],
            ['Size', formatBytes(ready.bytes)],
            ['Loaded in', `${formatMs(ready.loadMs)}, prepared in ${formatMs(ready.compileMs)}`],
            ['Speed', `${formatNumber(slot.tokensPerSecond ?? ready.tokensPerSecond)} tokens a second`],
            ['Digest', <code key="d">{info.digest.slice(0, 16)}…</code>],
          ]}
        />
        <Facts
          title="Where it comes from"
          rows={[
            ['Role', card.role],
            ['Licence', card.license],
            ['Base', provenance.base],
            ['Teacher', provenance.teacher],
            ['Steps', formatNumber(provenance.steps)],
            ['Seed', String(provenance.seed)],
            ['Made', provenance.date],
            ['Command', <code key="c">{provenance.command}</code>],
          ]}
        />
      </div>
      {provenance.data.length > 0 && (
        <div>
          <h4 className="card-label">Trained on</h4>
          <ul className="card-list">
            {provenance.data.map((data) => (
              <li key={data.name + data.use}>
                <strong>{data.name}</strong> ({data.license}): {data.use}
              </li>
            ))}
          </ul>
        </div>
      )}
      {provenance.lossCurve && provenance.lossCurve.length > 1 && <LossCurve points={provenance.lossCurve} />}
      {card.evaluation.length > 0 && <EvaluationTable of={card.name} rows={card.evaluation} />}
      {card.comparisons && card.comparisons.length > 0 && (
        <ComparisonTable of={card.name} rows={pooled(card.comparisons)} />
      )}
      <div>
        <h4 className="card-label">Wordings it was trained on</h4>
        {card.templates.map((template) => (
          <details key={template.id} className="card-template">
            <summary>
              {template.name} <span className="muted">· {template.kind}</span>
            </summary>
            <pre>{template.text}</pre>
            <p className="muted">
              Answer words: {template.labels.join(', ')}
              {template.decoderPrefix && ` after “${template.decoderPrefix}”`} · {template.source}
            </p>
          </details>
        ))}
      </div>
    </section>
  );
}
