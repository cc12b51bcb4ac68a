/** What the two scorer workers hold: checkpoint, progress, measured speed, memory. */
import { create } from 'zustand';
import type { CheckpointKindId } from '../../checkpoint/kind-gives.ts';
import type { CheckpointRole } from '../../checkpoint/ranker-card.ts';
import type { ErrorData } from '../../errors.ts';
import type { Dtype } from '../../inference/scorer.ts';
import type { LoadProgress, ScorerReady } from '../../workers/scorer-protocol.ts';
import type { ScorerSlot } from '../../workers/types.ts';

export interface ModelEntry {
  readonly id: string;
  readonly role: CheckpointRole;
  readonly name: string;
  /** Below public/models/, ending in `/`; of a stored one, a name that no other has. */
  readonly path: string;
  readonly bytes: number;
  /** Present: it lies in the browser's storage, under `id`. */
  readonly stored?: StoredFolder;
  /** Present: a service answers. Its key is elsewhere (state/remote). */
  readonly remote?: { readonly endpoint: string; readonly model: string; readonly host: string };
}

export interface StoredFolder {
  readonly kind: CheckpointKindId;
  /** The only one whose files are there; absent: all that its card names are. */
  readonly dtype?: Dtype;
}

export type SlotStatus = 'absent' | 'loading' | 'ready' | 'error';

export interface ModelSlot {
  /** The catalogue entry this slot holds or is loading. */
  readonly model: ModelEntry | null;
  readonly status: SlotStatus;
  readonly progress: LoadProgress | null;
  readonly ready: ScorerReady | null;
  readonly error: ErrorData | null;
  /** Input tokens per second: of the newest run, before one as measured when the model was loaded. */
  readonly tokensPerSecond: number | null;
  /** Bytes of the loaded checkpoint; null while none is held. */
  readonly memory: number | null;
}

export interface ModelsState {
  /** Embedded models first, then stored ones; null until public/models/index.json has been read. */
  readonly catalog: readonly ModelEntry[] | null;
  readonly catalogError: ErrorData | null;
  /** In student mode 'base' the student's slot holds the teacher's checkpoint (the base). */
  readonly slots: Readonly<Record<ScorerSlot, ModelSlot>>;
  /** By ids of the catalogue: models that have turned out to be slow with texts since they were last loaded, and why. */
  readonly slowTexts: Readonly<Record<string, string>>;
}

export const emptySlot: ModelSlot = {
  model: null,
  status: 'absent',
  progress: null,
  ready: null,
  error: null,
  tokensPerSecond: null,
  memory: null,
};

export const useModels = create<ModelsState>()(() => ({
  catalog: null,
  catalogError: null,
  slots: { teacher: emptySlot, student: emptySlot },
  slowTexts: {},
}));

/** @param notice absent: nothing of the kind is known */
export function setSlowTexts(id: string, notice?: string): void {
  useModels.setState(({ slowTexts: { [id]: _, ...others } }) => ({
    slowTexts: notice === undefined ? others : { ...others, [id]: notice },
  }));
}

export function patchSlot(slot: ScorerSlot, patch: Partial<ModelSlot>): void {
  useModels.setState((s) => ({ slots: { ...s.slots, [slot]: { ...s.slots[slot], ...patch } } }));
}
