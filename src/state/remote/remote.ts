/** The service that the Teacher column may ask, as the user typed it. Kept on disk, with its key, only where they want that. */
import { create } from 'zustand';
import { RankscopeError } from '../../errors.ts';
import { isNumber, isObject, isText } from '../../json-checks.ts';
import { type RemoteAddress, readAddress } from '../../remote/address.ts';
import type { Price, RemoteCounts } from '../../remote/cost.ts';
import { keyProblem } from '../../remote/secret.ts';
import type { TextStore } from '../../storage/local.ts';
import type { ScorerWorker } from '../../workers/types.ts';
import { type ModelEntry, useModels } from '../models/models.ts';
import { type Settings, useSettings } from '../settings.ts';
import { refusedService } from './allowed.ts';
import { remoteKey, setRemoteKey } from './key.ts';

export interface RemoteChoice {
  /** As typed. */
  readonly endpoint: string;
  readonly model: string;
  /** Per million tokens, in the user's currency; null: not given. */
  readonly price: Price | null;
}

export interface RemoteState {
  readonly choice: RemoteChoice | null;
  /** It is kept on this machine, with the key. */
  readonly remembered: boolean;
  /** What has been asked since it was connected. */
  readonly counts: RemoteCounts | null;
}

export const useRemote = create<RemoteState>()(() => ({ choice: null, remembered: false, counts: null }));

const STORED = 'rankscope.remote';

/** Where what is to be remembered is kept. */
let local: TextStore | undefined;
let connected = 0;

const idOf = ({ base }: RemoteAddress, model: string): string => `remote:${base}|${model}`;

/** The service as an entry of the catalogue; another key is another load. */
function entryOf({ endpoint, model }: RemoteChoice): ModelEntry {
  const address = readAddress(endpoint);
  return {
    id: idOf(address, model),
    role: 'teacher',
    name: model,
    path: `remote:${connected}`,
    bytes: 0,
    remote: { endpoint, model, host: address.host },
  };
}

/** The catalogue with the service of now at its end. */
export function withRemote(catalog: readonly ModelEntry[]): readonly ModelEntry[] {
  const { choice } = useRemote.getState();
  const others = catalog.filter((entry) => !entry.remote);
  return choice ? [...others, entryOf(choice)] : others;
}

/** What is wrong with what was typed; undefined where nothing is. It never repeats the key. */
export function remoteProblem(
  { endpoint, model }: Pick<RemoteChoice, 'endpoint' | 'model'>,
  typedKey: string,
) {
  try {
    const address = readAddress(endpoint);
    if (model.trim() === '') return 'Give the service’s name for the model.';
    return keyProblem(typedKey) ?? refusedService(address.base);
  } catch (error) {
    if (error instanceof RankscopeError) return error.message;
    throw error;
  }
}

/** Gives the Teacher column the service. Nothing is sent before a ranking. */
export function connectRemote(choice: RemoteChoice, typedKey: string, remember: boolean): void {
  setRemoteKey(typedKey);
  connected++;
  const trimmed = { ...choice, endpoint: choice.endpoint.trim(), model: choice.model.trim() };
  useRemote.setState({ choice: trimmed, remembered: remember, counts: null });
  if (remember) local?.setItem(STORED, JSON.stringify({ ...trimmed, key: remoteKey() }));
  else local?.removeItem(STORED);
  const { catalog } = useModels.getState();
  useModels.setState({ catalog: catalog && withRemote(catalog) });
  useSettings.getState().chooseModel('teacher', entryOf(trimmed).id);
}

/** Forgets service and key, here and on disk; the column has the page's own model again. */
export function forgetRemote(): void {
  setRemoteKey('');
  local?.removeItem(STORED);
  useRemote.setState({ choice: null, remembered: false, counts: null });
  const { catalog } = useModels.getState();
  if (catalog) useModels.setState({ catalog: withRemote(catalog) });
  letGoOfRemote();
}

/** Takes up what was remembered; before the catalogue is read. */
export function restoreRemote(store: TextStore): void {
  local = store;
  const read = readStored(store.getItem(STORED));
  if (!read) return;
  setRemoteKey(read.key);
  useRemote.setState({ choice: read.choice, remembered: true, counts: null });
}

function readStored(
  text: string | null,
): { readonly choice: RemoteChoice; readonly key: string } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
  if (!isObject(json) || !isText(json.endpoint) || !isText(json.model) || !isText(json.key)) return undefined;
  const { endpoint, model, price } = json;
  if (remoteProblem({ endpoint, model }, json.key) !== undefined) return undefined;
  const known = isObject(price) && isNumber(price.input) && isNumber(price.output);
  return {
    choice: {
      endpoint,
      model,
      price: known ? { input: price.input as number, output: price.output as number } : null,
    },
    key: json.key,
  };
}

/** A service that was chosen and is not known any more gives way to the page's own model. */
export function letGoOfRemote(): void {
  const { models, chooseModel } = useSettings.getState();
  const { choice } = useRemote.getState();
  const id = models.teacher;
  if (id?.startsWith('remote:') && (!choice || entryOf(choice).id !== id)) chooseModel('teacher', null);
}

/** Whether the Teacher column is to ask a service. */
export const asksRemote = (teacher: string | null): boolean =>
  teacher?.startsWith('remote:') === true && useRemote.getState().choice !== null;

/** Takes over what has been asked so far. */
export async function countRemote(worker: Pick<ScorerWorker, 'alive' | 'counts'> | undefined): Promise<void> {
  if (useRemote.getState().choice === null || !worker?.alive) return;
  try {
    const counts = await worker.counts?.();
    if (counts) useRemote.setState({ counts });
  } catch {
    // A worker that ends takes its counts with it.
  }
}

/** What may be kept of the settings: a service that is not to be remembered is not named in them either. */
export function withoutRemote(settings: Settings): Settings {
  const { models } = settings;
  if (useRemote.getState().remembered || !models.teacher?.startsWith('remote:')) return settings;
  return { ...settings, models: { ...models, teacher: null } };
}
