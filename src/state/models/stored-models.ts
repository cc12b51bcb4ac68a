/** Models in the browser's storage as the columns see them: entries of the catalogue, behind the embedded ones. */
import type { CheckpointKindId } from '../../checkpoint/kind-gives.ts';
import { recognise } from '../../checkpoint/recognise.ts';
import type { Dtype } from '../../inference/scorer.ts';
import type { NewModel, StoredModel } from '../../workers/download-protocol.ts';
import { notify } from '../notices.ts';
import { type Settings, useSettings } from '../settings.ts';
import { useLibrary } from './library.ts';
import { type ModelEntry, type ModelsState, useModels } from './models.ts';

/** Above it a q8 scorer may be more than a graphics card holds (FLAN-T5-large in bf16, FLAN-T5-base in fp32 with room). */
const LARGE_BYTES = 1.3e9;

/** What it takes a conversion to make it rank. */
export const isOriginal = ({ kind }: Pick<StoredModel, 'kind'>): boolean =>
  kind === 'original' || kind === 'pickle';

/** What the checkpoint is kept as that is made of an original. */
export function convertedOf({
  id,
  title,
  address,
  commit,
  license,
}: Omit<NewModel, 'kind' | 'source'>): NewModel {
  return { id: convertedId(id), title, address, source: 'converted', commit, license, kind: 'checkpoint' };
}

export const convertedId = (original: string): string => `converted:${original}`;

/** Whether a real graphics card answers WebGPU here, as the worker of a loaded model has found. */
export const hasGpu = ({ slots }: Pick<ModelsState, 'slots'> = useModels.getState()): boolean =>
  Object.values(slots).some(({ ready }) => ready?.gpu === 'real');

/**
 * What an original of so many bytes is converted to: int8 runs everywhere, blocks are for graphics cards; and what somebody
 * has chosen under “Where the models run”.
 */
export function dtypesFor(
  bytes: number,
  gpu: boolean,
  { device, dtypes }: Pick<Settings, 'device' | 'dtypes'> = useSettings.getState(),
): readonly Dtype[] {
  const made = new Set<Dtype>();
  if (dtypes.webgpu && (device === 'auto' || device === 'webgpu')) made.add(dtypes.webgpu);
  if (dtypes.wasm && device !== 'webgpu') made.add(dtypes.wasm);
  if (gpu || device === 'webgpu') made.add(bytes > LARGE_BYTES ? 'q4' : 'q8');
  return [...made.add('int8')];
}

/** What can be loaded as it is. */
export function entriesOf(stored: readonly StoredModel[]): ModelEntry[] {
  return stored
    .filter((model) => model.whole && !isOriginal(model))
    .map(({ id, title, bytes, kind, dtype }) => ({
      id,
      // Its kind and name are all that is known of it before it is loaded.
      role: kind === 'text-classification' ? 'student' : recognise(title, {}).role,
      name: title,
      path: `stored:${id}`,
      bytes,
      stored: { kind: FOLDER_KINDS[kind] ?? 'fused-t5', dtype },
    }));
}

const FOLDER_KINDS: Readonly<Partial<Record<StoredModel['kind'], CheckpointKindId>>> = {
  'transformers-js': 'encoder-decoder',
  'text-classification': 'text-classification',
};

/** Ids of stored models say where they come from; those of embedded ones are plain words. */
const isStoredId = (id: string): boolean => /^(?:converted:)?(?:hub|url|local):/.test(id);

/** `google/flan-t5-small` of `converted:hub:google/flan-t5-small@COMMIT|original`. */
export const nameOfId = (id: string): string =>
  id
    .replace(/^(?:converted:)?(?:hub|url|local):/, '')
    .replace(/(?:@[0-9a-f]{40}|:[0-9a-f]{8})?(?:\|.*)?$/, '')
    // On another hub than the public one the id has the address of its page.
    .replace(/^https?:\/\/[^/]+\/(.+)\/tree\/[0-9a-f]{40}$/, '$1');

/** Whether a column is to get a stored model: then storage is looked at before anything is loaded. */
export const wantsStored = (): boolean =>
  Object.values(useSettings.getState().models).some((id) => id !== null && isStoredId(id));

/** True once it is known which models there are, stored ones included if a column is to get one. */
export function isSettled(): boolean {
  const { stored, storedError } = useLibrary.getState();
  return !wantsStored() || stored !== null || storedError !== null;
}

/** The catalogue again with the stored models of now; the same object where they are the same. */
export function withStored(catalog: readonly ModelEntry[]): readonly ModelEntry[] {
  const embedded = catalog.filter((entry) => !entry.stored);
  const next = [...embedded, ...entriesOf(useLibrary.getState().stored ?? [])];
  return JSON.stringify(next) === JSON.stringify(catalog) ? catalog : next;
}

/** Gives columns whose stored model has gone their embedded one again, and says so. */
export function letGoOfDeleted(catalog: readonly ModelEntry[]): void {
  if (useLibrary.getState().stored === null) return;
  const { models, chooseModel } = useSettings.getState();
  for (const slot of ['student', 'teacher'] as const) {
    const id = models[slot];
    if (id === null || !isStoredId(id) || catalog.some((entry) => entry.id === id)) continue;
    const column = slot === 'student' ? 'Student' : 'Teacher';
    notify(
      'warning',
      `${nameOfId(id)} is no longer stored here: the ${column} column has this page’s own model again.`,
    );
    chooseModel(slot, null);
  }
}

/** Keeps the catalogue in step with what is stored. @returns the way to stop */
export const watchStored = (changed: () => void): (() => void) =>
  useLibrary.subscribe(({ stored, storedError }, before) => {
    if (stored === before.stored && storedError === before.storedError) return;
    const { catalog } = useModels.getState();
    if (!catalog) return;
    const next = withStored(catalog);
    if (next !== catalog) useModels.setState({ catalog: next });
    letGoOfDeleted(next);
    changed();
  });
