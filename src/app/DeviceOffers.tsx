import { DEVICE_NAMES } from '../state/readings/speed-up.ts';
import type { ScorerReady } from '../workers/scorer-protocol.ts';
import type { ScorerSlot } from '../workers/types.ts';

const verdicts = { good: 'fits', risk: 'a risk', impossible: 'not here' } as const;

/** What a loaded checkpoint could run on here, and what speaks against it. */
export function DeviceOffers({
  role,
  ready,
}: {
  readonly role: ScorerSlot;
  readonly ready: ScorerReady | null;
}) {
  if (!ready) return null;
  const { offers, info } = ready;
  return (
    <details className="device-offers">
      <summary>What the {role} could run on</summary>
      <ul>
        {offers.map(({ device, dtype, verdict, reason }) => (
          <li key={`${device} ${dtype}`}>
            <strong>
              {DEVICE_NAMES[device]} · {dtype}
            </strong>
            {': '}
            {info.device === device && info.dtype === dtype ? 'in use' : verdicts[verdict]}.{' '}
            <span className="muted">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
