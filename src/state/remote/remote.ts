/** The services that may be asked, as the user typed them. Kept on disk, with their keys, only where they want that. */
import { create } from 'zustand';
import { RankscopeError } from '../../errors.ts';
import { isNumber, isObject, isText } from '../../json-checks.ts';
import { type RemoteAddress, readAddress } from '../../remote/address.ts';
import { countedSince, NO_COUNTS, type Price, plusCounts, type RemoteCounts } from '../../remote/cost.ts';
import { keyProblem } from '../../remote/secret.ts';
import type { TextStore } from '../../storage/local.ts';
import { textHash } from '../../text-hash.ts';
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

export interface RemoteService extends RemoteChoice {
  /** Of its entry in the catalogue: of the same service and model always the same, and it does not say where that is. */
  readonly id: string;
  /** Differs from connection to connection: another key is another load. */
  readonly path: string;
  /** It is kept on this machine, with the key. */
  readonly remembered: boolean;
  /** What it has been asked since it was connected. */
  readonly counts: RemoteCounts;
  /** What is waited for, in words; null: nothing. */
  readonly waiting: string | null;
}

export interface RemoteState {
  readonly services: readonly RemoteService[];
}

export const useRemote = create<RemoteState>()(() => ({ services: [] }));

/** Whoever chose it, the service of an entry of the catalogue; undefined for what is none, or is not connected any more. */
export const serviceNamed = (
  id: string | null | undefined,
  { services }: RemoteState = useRemote.getState(),
): RemoteService | undefined => services.find((one) => one.id === id);

const STORED = 'rankscope.remote';
/** How often a service that is being asked is counted: people read it. */
const COUNT_MS = 1000;
/** More than anybody has. */
const MOST = 50;

/** Where what is to be remembered is kept. */
let local: TextStore | undefined;
let connections = 0;

const PREFIX = 'remote:';
const idOf = ({ base }: RemoteAddress, model: string): string => PREFIX + textHash(`${base}\n${model}`);

/** Whether an id of the catalogue is a service's, connected or not. */
export const isServiceId = (id: string | null): boolean => id?.startsWith(PREFIX) === true;

function connected({ endpoint, model, price }: RemoteChoice, remembered: boolean): RemoteService {
  const id = idOf(readAddress(endpoint), model);
  const path = `${PREFIX}${++connections}`;
  return { id, endpoint, model, price, remembered, path, counts: NO_COUNTS, waiting: null };
}

/** A service as an entry of the catalogue. */
function entryOf({ id, path, endpoint, model }: RemoteService): ModelEntry {
  const { host } = readAddress(endpoint);
  return { id, role: 'teacher', name: model, path, bytes: 0, remote: { endpoint, model, host } };
}

/** The catalogue with the services of now at its end. */
export const withRemote = (catalog: readonly ModelEntry[]): readonly ModelEntry[] => [
  ...catalog.filter((entry) => !entry.remote),
  ...useRemote.getState().services.map(entryOf),
];

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

/**
 * Puts a service among the models; one with the same address and model is connected anew. Nothing is sent before a ranking.
 * @returns its id in the catalogue
 */
export function connectRemote(choice: RemoteChoice, typedKey: string, remember: boolean): string {
  const trimmed = { ...choice, endpoint: choice.endpoint.trim(), model: choice.model.trim() };
  const service = connected(trimmed, remember);
  setRemoteKey(service.id, typedKey);
  replaceServices((services) => [...services.filter(({ id }) => id !== service.id), service]);
  return service.id;
}

/** Forgets a service and its key, here and on disk; a column that had it has the page's own model again. */
export function forgetRemote(forgotten: string): void {
  setRemoteKey(forgotten, '');
  replaceServices((services) => services.filter(({ id }) => id !== forgotten));
  letGoOfRemote();
}

function replaceServices(change: (services: readonly RemoteService[]) => readonly RemoteService[]): void {
  useRemote.setState(({ services }) => ({ services: change(services) }));
  const kept = useRemote.getState().services.filter(({ remembered }) => remembered);
  if (kept.length === 0) local?.removeItem(STORED);
  else {
    const written = kept.map(({ id, endpoint, model, price }) => ({
      endpoint,
      model,
      price,
      key: remoteKey(id),
    }));
    local?.setItem(STORED, JSON.stringify(written));
  }
  const { catalog } = useModels.getState();
  if (catalog) useModels.setState({ catalog: withRemote(catalog) });
}

/** Takes up what was remembered; before the catalogue is read. */
export function restoreRemote(store: TextStore): void {
  local = store;
  const services = readStored(store.getItem(STORED)).map(({ choice, key }) => {
    const service = connected(choice, true);
    setRemoteKey(service.id, key);
    return service;
  });
  if (services.length > 0) useRemote.setState({ services });
}

interface Stored {
  readonly choice: RemoteChoice;
  readonly key: string;
}

/** What cannot be used of it is passed over. */
function readStored(text: string | null): Stored[] {
  let json: unknown;
  try {
    json = JSON.parse(text ?? 'null');
  } catch {
    return [];
  }
  // Once there was one service, and no list.
  return (Array.isArray(json) ? json : [json]).slice(0, MOST).flatMap((one) => readService(one) ?? []);
}

function readService(json: unknown): Stored | undefined {
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
  if (isServiceId(models.teacher) && !serviceNamed(models.teacher)) chooseModel('teacher', null);
}

/** Whether the Teacher column is to ask a service. */
export const asksRemote = (teacher: string | null): boolean => serviceNamed(teacher) !== undefined;

/** By worker, what it had been asked when it was last counted. */
const before = new WeakMap<object, RemoteCounts>();

/** Takes over what a worker has asked the service of this id since it was counted last. */
export async function countRemote(
  id: string | undefined,
  worker: Pick<ScorerWorker, 'alive' | 'counts'> | undefined,
): Promise<void> {
  if (!serviceNamed(id) || !worker?.alive) return;
  try {
    const counts = await worker.counts?.();
    if (!counts) return;
    const fresh = countedSince(counts, before.get(worker));
    before.set(worker, counts);
    useRemote.setState(({ services }) => ({
      services: services.map((one) =>
        one.id === id ? { ...one, counts: plusCounts(one.counts, fresh), waiting: counts.waiting } : one,
      ),
    }));
  } catch {
    // A worker that ends takes its counts with it.
  }
}

/** Counts again and again while a service is being asked. @returns the way to stop, which counts once more */
export function watchRemote(
  id: string | undefined,
  worker: Pick<ScorerWorker, 'alive' | 'counts'>,
): () => Promise<void> {
  if (!serviceNamed(id)) return async () => {};
  const timer = setInterval(() => void countRemote(id, worker), COUNT_MS);
  return async () => {
    clearInterval(timer);
    await countRemote(id, worker);
    useRemote.setState(({ services }) => ({
      services: services.map((one) => (one.id === id ? { ...one, waiting: null } : one)),
    }));
  };
}

/** What may be kept of the settings: a service that is not to be remembered is not named in them either. */
export function withoutRemote(settings: Settings): Settings {
  const { models } = settings;
  if (!isServiceId(models.teacher) || serviceNamed(models.teacher)?.remembered) return settings;
  return { ...settings, models: { ...models, teacher: null } };
}
