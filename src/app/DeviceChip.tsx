import type { ScorerInfo } from '../inference/scorer.ts';
import { type ModelsState, useModels } from '../state/models/models.ts';
import { conditions, DEVICE_NAMES } from '../state/readings/speed-up.ts';
import { type DevicePreference, useSettings } from '../state/settings.ts';
import { DeviceOffers } from './DeviceOffers.tsx';
import { DtypeChoice } from './DtypeChoice.tsx';
import { Popover } from './ui/Popover.tsx';
import { Segmented } from './ui/Segmented.tsx';

/** `WASM · 2 threads`; threads mean nothing on a GPU. */
export function describeDevice(info: ScorerInfo): string {
  const name = DEVICE_NAMES[info.device];
  if (info.device === 'webgpu') return name;
  return `${name} · ${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}`;
}

const choices: readonly { readonly value: DevicePreference; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'wasm', label: 'WASM' },
  { value: 'webgpu', label: 'WebGPU' },
];

const NOT_ISOLATED =
  'This page is not cross-origin isolated, so WASM has one thread. A reload may help; in a frame, open the page by its ' +
  'own address. docs/HOSTING.md names the two headers.';
const PLAIN_HTTP =
  'This page came over plain http://. Everything works, on one core and with models in memory. Over HTTPS (or on ' +
  'localhost) browsers would add threads, WebGPU, stored models and offline use: see docs/HOSTING.md.';

/** Where the models run. Opens the detail of both workers and the choice of a device. */
export function DeviceChip() {
  const slots = useModels((s) => s.slots);
  const device = useSettings((s) => s.device);
  const setDevice = useSettings((s) => s.setDevice);
  const devices = (['wasm', 'webgpu'] as const).filter((one) => device === 'auto' || device === one);
  return (
    <Popover title="Where the models run" className="chip topbar-chip" trigger={<ChipText slots={slots} />}>
      <h2>Where the models run</h2>
      {(['teacher', 'student'] as const).map((role) => {
        const ready = slots[role].ready;
        return (
          ready && (
            <p key={role}>
              <strong>{role === 'teacher' ? 'Teacher' : 'Student'}</strong>: {ready.info.name}
              <br />
              <span className="muted">
                {conditions(ready.info)}
                {ready.info.service === undefined && ` · ${ready.info.runtime}`}
              </span>
            </p>
          )
        );
      })}
      <Segmented label="Device" value={device} options={choices} onChange={setDevice} />
      <div className="field-row">
        {devices.map((one) => (
          <DtypeChoice key={one} device={one} />
        ))}
      </div>
      {(['teacher', 'student'] as const).map((role) => (
        <DeviceOffers key={role} role={role} ready={slots[role].ready} />
      ))}
      <p className="muted">
        Automatic takes what is known to be good: WebGPU where there is a real graphics card and its numbers
        agree with WASM’s, else WASM; and of the dtypes that a model has the one that suits the device best.
        What you choose is used even where that is a risk.
      </p>
      {!crossOriginIsolated && <p className="muted">{isSecureContext ? NOT_ISOLATED : PLAIN_HTTP}</p>}
    </Popover>
  );
}

function ChipText({ slots }: { readonly slots: ModelsState['slots'] }) {
  // A service runs elsewhere.
  const infos = [slots.teacher.ready?.info, slots.student.ready?.info];
  const info = infos.find((one) => one && one.service === undefined);
  const all = Object.values(slots);
  if (info) {
    return (
      <>
        {describeDevice(info)} · <strong>{info.dtype}</strong>
      </>
    );
  }
  if (all.some((slot) => slot.status === 'error')) return 'Models not loaded';
  return all.some((slot) => slot.status === 'loading') ? 'Loading models' : 'No model loaded';
}
