import type { ModelSlot } from '../../state/models/models.ts';
import type { ScorerReady } from '../../workers/scorer-protocol.ts';
import { describeDevice } from '../DeviceChip.tsx';
import { formatBytes, formatMs, formatNumber } from '../ui/numbers.ts';
import { Curves } from './Curves.tsx';
import { Facts } from './Facts.tsx';
import { Fit } from './Fit.tsx';
import { MakeAgain, Origin, TrainedOn } from './Provenance.tsx';
import { Results } from './Results.tsx';
import { Scorers } from './Scorers.tsx';
import { Wordings } from './Wordings.tsx';

interface Props {
  readonly role: 'student' | 'teacher';
  readonly ready: ScorerReady;
  readonly slot: ModelSlot;
}

/** A loaded checkpoint: what its ranker.json states, and what was measured here. */
export function ModelCard({ role, ready, slot }: Props) {
  const { card, info } = ready;
  return (
    <section className="card" data-method={role} aria-label={role === 'student' ? 'Student' : 'Teacher'}>
      <div>
        <h3 className="card-name">{card.name}</h3>
        <p className="card-description">{card.description}</p>
        <Fit slot={role} card={card} />
      </div>
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
            ['Speed', `${formatNumber(slot.tokensPerSecond ?? ready.tokensPerSecond)} tokens per second`],
            ['Digest', <code key="d">{info.digest.slice(0, 16)}…</code>],
          ]}
        />
        <Origin card={card} />
      </div>
      <Curves card={card} />
      <Results card={card} />
      <Scorers card={card} used={info.dtype} />
      <MakeAgain provenance={card.provenance} />
      <TrainedOn data={card.provenance.data} />
      <Wordings templates={card.templates} />
    </section>
  );
}
