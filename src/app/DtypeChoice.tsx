import type { Offer, PageDevice } from '../inference/device-policy.ts';
import { PAGE_DTYPES } from '../inference/device-policy.ts';
import type { Dtype } from '../inference/scorer.ts';
import { useModels } from '../state/models/models.ts';
import { DEVICE_NAMES } from '../state/readings/speed-up.ts';
import { useSettings } from '../state/settings.ts';
import type { ScorerSlot } from '../workers/types.ts';
import { type Judged, offersOf, optionWords } from './dtype-offers.ts';
import { Field } from './ui/Field.tsx';

/** Which dtype models have on one device, with what is to be said for and against the one that is chosen. */
export function DtypeChoice({ device }: { readonly device: PageDevice }) {
  const wished = useSettings((s) => s.dtypes[device]);
  const chooseDtype = useSettings((s) => s.chooseDtype);
  const slots = useModels((s) => s.slots);
  const loaded = (['teacher', 'student'] as const).flatMap((role) => {
    const { ready } = slots[role];
    return ready ? [{ role, offers: ready.offers }] : [];
  });
  const judged = PAGE_DTYPES.map((dtype) => ({ dtype, offers: offersOf(loaded, device, dtype) }));
  const hint = wished && <Reasons judged={offersOf(loaded, device, wished)} dtype={wished} />;
  return (
    <Field label={`dtype on ${DEVICE_NAMES[device]}`} hint={hint}>
      {(ids) => (
        <select
          {...ids}
          className="input"
          value={wished ?? ''}
          onChange={(event) => chooseDtype(device, (event.target.value || null) as Dtype | null)}
        >
          <option value="">Automatic</option>
          {judged.map(({ dtype, offers }) => (
            <option key={dtype} value={dtype}>
              {dtype}
              {optionWords(offers)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** What the table says of a dtype for each model that is loaded. */
function Reasons({ judged, dtype }: { readonly judged: readonly Judged[]; readonly dtype: Dtype }) {
  return judged.map(({ role, offer }) => (
    <div key={role}>
      {ROLE_NAMES[role]}: {offer ? reasonOf(offer) : `it has no ${dtype}, so its best is taken.`}
    </div>
  ));
}

const ROLE_NAMES: Readonly<Record<ScorerSlot, string>> = { teacher: 'Teacher', student: 'Student' };

const reasonOf = ({ verdict, reason }: Offer): string =>
  verdict === 'good' ? reason : `${verdict === 'risk' ? 'a risk' : 'not here'}. ${reason}`;
