import type { Device, ScorerInfo } from '../inference/scorer.ts';
import { useModels } from '../state/models.ts';
import { Popover } from './ui/Popover.tsx';

const deviceNames: Readonly<Record<Device, string>> = { cpu: 'CPU', wasm: 'WASM', webgpu: 'WebGPU' };

/** `WASM · 2 threads`; threads mean nothing on a GPU. */
export function describeDevice(info: ScorerInfo): string {
  const name = deviceNames[info.device];
  if (info.device === 'webgpu') return name;
  return `${name} · ${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}`;
}

/** Where the models run. Opens the detail of both workers. */
export function DeviceChip() {
  const slots = useModels((s) => s.slots);
  const ready = [slots.teacher.ready, slots.student.ready].filter((r) => r !== null);
  const first = ready[0];
  if (!first) {
    const failed = slots.teacher.status === 'error' || slots.student.status === 'error';
    const loading = slots.teacher.status === 'loading' || slots.student.status === 'loading';
    return (
      <span className="chip topbar-chip-more">
        {failed ? 'Models not loaded' : loading ? 'Loading models' : 'No model loaded'}
      </span>
    );
  }
  return (
    <Popover
      title="Where the models run"
      className="chip topbar-chip"
      trigger={
        <>
          <span className="topbar-chip-more">{describeDevice(first.info)} · </span>
          <strong>{first.info.dtype}</strong>
        </>
      }
    >
      <h3>Where the models run</h3>
      {(['teacher', 'student'] as const).map((role) => {
        const slot = slots[role].ready;
        return (
          slot && (
            <p key={role}>
              <strong>{role === 'teacher' ? 'Teacher' : 'Student'}</strong>: {slot.info.name}
              <br />
              <span className="muted">
                {describeDevice(slot.info)} · {slot.info.dtype} · {slot.info.runtime}
              </span>
            </p>
          )
        );
      })}
      {!crossOriginIsolated && (
        <p className="muted">
          This page is not cross-origin isolated, so WASM has one thread. Serve it with the two headers that
          npm start sends.
        </p>
      )}
    </Popover>
  );
}
