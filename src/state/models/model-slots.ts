/**
 * The two scorer workers and what is loaded in each. A slot holds one checkpoint; another one (a
 * different model, another device) replaces it by ending the worker, because only that frees all
 * of its memory.
 */

import { type ErrorData, RankscopeError, toErrorData } from '../../errors.ts';
import type { DtypeWishes } from '../../inference/device-policy.ts';
import type { BlobFile } from '../../workers/download-protocol.ts';
import type { LoadProgress, ScorerReady } from '../../workers/scorer-protocol.ts';
import type { ScorerSlot, ScorerWorker } from '../../workers/types.ts';
import { notify } from '../notices.ts';
import { remoteKey } from '../remote/key.ts';
import type { DevicePreference, Settings } from '../settings.ts';
import type { AgreedDevices } from './agreed-devices.ts';
import { emptySlot, type ModelEntry, patchSlot, setSlowTexts, useModels } from './models.ts';

export interface Wanted {
  readonly entry: ModelEntry;
  readonly device: DevicePreference;
  readonly dtypes?: DtypeWishes;
}

/** Of the settings, what a load depends on: a wish for a device that is not to be used changes nothing. */
export function deviceWish({ device, dtypes }: Pick<Settings, 'device' | 'dtypes'>): Omit<Wanted, 'entry'> {
  if (device === 'auto') return { device, dtypes };
  return { device, dtypes: device === 'cpu' ? {} : { [device]: dtypes[device] } };
}

interface Holding {
  readonly worker: ScorerWorker;
  readonly wanted: Wanted;
  /** Settles with the load; a rejection is also in the store. */
  readonly loaded: Promise<ScorerReady>;
}

/** Embedded checkpoints that are made for a column. */
export function choicesFor(slot: ScorerSlot, catalog: readonly ModelEntry[]): readonly ModelEntry[] {
  return catalog.filter(
    ({ role, stored, remote }) => !stored && !remote && (slot === 'student') === (role === 'student'),
  );
}

/** The embedded checkpoint of a column, whatever is chosen for it. */
export const embeddedFor = (slot: ScorerSlot, catalog: readonly ModelEntry[]): ModelEntry | undefined =>
  entryFor(slot, { studentMode: 'student', models: { teacher: null, student: null } }, catalog);

/**
 * The catalogue entry a slot should hold: the chosen one, else the first embedded one of its role. The base of
 * relevance generation is the page's own base, else the teacher's checkpoint.
 */
export function entryFor(
  slot: ScorerSlot,
  { studentMode, models }: Pick<Settings, 'studentMode' | 'models'>,
  catalog: readonly ModelEntry[],
): ModelEntry | undefined {
  const byRole = (role: ModelEntry['role']) =>
    catalog.find((one) => one.role === role && !one.stored && !one.remote);
  const chosen = (of: ScorerSlot) =>
    catalog.find(({ id }) => id === models[of]) ?? byRole(of) ?? choicesFor(of, catalog)[0];
  if (slot === 'student' && studentMode === 'base') return byRole('base') ?? chosen('teacher');
  return chosen(slot);
}

export class ModelSlots {
  readonly #make: (slot: ScorerSlot) => ScorerWorker;
  /** Absolute address of public/models/. */
  readonly #modelsUrl: string;
  /** Settles when the catalogue has been read and the slots know what to hold. */
  readonly #catalogRead: () => Promise<unknown>;
  readonly #agreed: AgreedDevices | undefined;
  readonly #filesOf: ((id: string) => Promise<readonly BlobFile[]>) | undefined;
  readonly #holding = new Map<ScorerSlot, Holding>();

  constructor(
    make: (slot: ScorerSlot) => ScorerWorker,
    modelsUrl: string,
    catalogRead: () => Promise<unknown> = () => Promise.resolve(),
    agreed?: AgreedDevices,
    /** Of stored models. */
    filesOf?: (id: string) => Promise<readonly BlobFile[]>,
  ) {
    this.#filesOf = filesOf;
    this.#agreed = agreed;
    this.#make = make;
    this.#modelsUrl = modelsUrl;
    this.#catalogRead = catalogRead;
  }

  /** Loads what is wanted unless the slot holds or loads just that. Errors go to the store. */
  want(slot: ScorerSlot, wanted: Wanted): void {
    const held = this.#holding.get(slot);
    if (held && same(held.wanted, wanted)) return;
    this.#load(slot, wanted);
  }

  /** Ends the slot's worker and loads the same checkpoint again, in the background. */
  restart(slot: ScorerSlot): void {
    const held = this.#holding.get(slot);
    if (held) this.#load(slot, held.wanted);
  }

  /** Loads again where the last attempt failed; for a retry. */
  revive(slot: ScorerSlot): void {
    if (useModels.getState().slots[slot].status === 'error') this.restart(slot);
  }

  /** The loaded worker, once it is. Rejects with the load's error, or 'missing' if nothing was ever wanted. */
  async ready(slot: ScorerSlot): Promise<{ worker: ScorerWorker; ready: ScorerReady }> {
    if (!this.#holding.has(slot)) await this.#catalogRead();
    for (;;) {
      const held = this.#holding.get(slot);
      if (!held) throw this.#nothing(slot);
      try {
        const ready = await held.loaded;
        if (this.#holding.get(slot) === held) {
          if (held.worker.alive) return { worker: held.worker, ready };
          // It died while nobody was waiting for it, and a fresh worker would hold no model.
          this.#load(slot, held.wanted);
        }
      } catch (error) {
        if (this.#holding.get(slot) === held) throw error;
      }
      // Wait for what has replaced it.
    }
  }

  /** The worker that has the slot now. */
  holder(slot: ScorerSlot): ScorerWorker | undefined {
    return this.#holding.get(slot)?.worker;
  }

  /** Ends a slot's worker and forgets its checkpoint. */
  release(slot: ScorerSlot): void {
    this.#holding.get(slot)?.worker.terminate();
    this.#holding.delete(slot);
    patchSlot(slot, emptySlot);
  }

  #load(slot: ScorerSlot, wanted: Wanted): void {
    this.#holding.get(slot)?.worker.terminate();
    const worker = this.#make(slot);
    patchSlot(slot, { ...emptySlot, model: wanted.entry, status: 'loading' });
    setSlowTexts(wanted.entry.id);
    const current = (): boolean => this.#holding.get(slot)?.worker === worker;
    const onProgress = (progress: LoadProgress): void => {
      if (current()) patchSlot(slot, { progress });
    };
    const onSlowTexts = (notice: string): void => {
      if (current()) setSlowTexts(wanted.entry.id, notice);
    };
    const loaded = this.#open(worker, wanted, current, onProgress, onSlowTexts);
    this.#holding.set(slot, { worker, wanted, loaded });
    loaded.then(
      (ready) => {
        if (!current()) return;
        const { tokensPerSecond, bytes: memory } = ready;
        if (ready.agreed) this.#agreed?.add(ready.agreed);
        patchSlot(slot, { status: 'ready', progress: null, ready, tokensPerSecond, memory });
        if (ready.notice) notify('info', ready.notice);
      },
      (error: unknown) => {
        if (current()) patchSlot(slot, { status: 'error', progress: null, error: toErrorData(error) });
      },
    );
  }

  async #open(
    worker: ScorerWorker,
    { entry, device, dtypes }: Wanted,
    current: () => boolean,
    onProgress: (progress: LoadProgress) => void,
    onSlowTexts: (notice: string) => void,
  ): Promise<ScorerReady> {
    const { id, name, path, stored, remote } = entry;
    if (remote) {
      const { endpoint, model } = remote;
      return worker.load(
        { url: 'remote:', device, remote: { endpoint, model, key: remoteKey(id) } },
        onProgress,
      );
    }
    const agreed = this.#agreed?.list();
    if (!stored) {
      const { href: url } = new URL(path, this.#modelsUrl);
      return worker.load({ url, device, dtypes, agreed }, onProgress, onSlowTexts);
    }
    try {
      const files = await this.#filesOf!(id);
      // Something else is wanted by now; a load would start the ended worker again.
      if (!current()) throw new RankscopeError('cancelled', 'Cancelled.');
      const { kind, dtype } = stored;
      return await worker.load(
        { url: `stored:${name}/`, files, kind, dtype, device, dtypes, agreed },
        onProgress,
        onSlowTexts,
      );
    } catch (error) {
      const { code, message, details } = toErrorData(error);
      throw new RankscopeError(code, message, { ...details, stored: true });
    }
  }

  #nothing(slot: ScorerSlot): RankscopeError {
    const { catalog, catalogError } = useModels.getState();
    if (catalogError)
      return new RankscopeError(catalogError.code, catalogError.message, catalogError.details);
    const message = catalog
      ? `This copy of the page has no ${slot} model. Export one with the trainer, then reload the page.`
      : 'The list of models has not been read yet. Try again in a moment.';
    return new RankscopeError('missing', message, { slot });
  }
}

const same = (a: Wanted, b: Wanted): boolean =>
  a.device === b.device &&
  a.dtypes?.wasm === b.dtypes?.wasm &&
  a.dtypes?.webgpu === b.dtypes?.webgpu &&
  a.entry.path === b.entry.path;

/** What to do about a model's error, for people; the message itself says what happened. */
export function adviceFor(error: ErrorData): string {
  switch (error.code) {
    case 'worker':
      return 'Retry continues from the answers already given.';
    case 'device':
      return 'Retry, or choose another device in the settings.';
    case 'network':
      return 'Check the connection, then retry.';
    case 'missing':
    case 'bad-checkpoint':
      if (error.details?.stored) return 'Under Models it can be deleted and fetched again.';
      return 'Put the checkpoint back (build the page again), then retry.';
    case 'bad-input':
      // The message says what to change; the same again would end the same way.
      return '';
    default:
      return 'Retry; if it happens again, reload the page.';
  }
}
