/** From what people typed or dropped to what can be done with it: nothing but lists and cards is read. */
import type { FolderReader } from '../bytes/byte-source.ts';
import { parseRankerCard } from '../checkpoint/card-read.ts';
import type { RankerCard } from '../checkpoint/ranker-card.ts';
import { isObject } from '../json-checks.ts';
import { addressText, type ModelAddress, PUBLIC_HUB, parseModelAddress } from './address.ts';
import { BlobFolder } from './blob-folder.ts';
import { type ConfigFacts, configFacts } from './config-facts.ts';
import type { Patience } from './http.ts';
import { HubFolder } from './hub-folder.ts';
import type { LocalModel } from './local-files.ts';
import type { SourceFile } from './source-file.ts';
import { UrlFolder } from './url-folder.ts';
import { type Usable, usableFrom } from './usable.ts';

export interface Found extends Usable {
  /** The same for the same files: names the source and, where there is one, its commit. */
  readonly id: string;
  /** For people: `google/flan-t5-small`, a card's name, the name of a folder. */
  readonly title: string;
  /** Where it lies, as it can be typed again; the name of what was dropped. */
  readonly address: string;
  readonly source: 'hub' | 'url' | 'local';
  /** Of the hub: what the revision meant when it was looked up. */
  readonly commit?: string;
  /** SPDX id or words, where the source says so. */
  readonly license?: string;
  /** Its owner gives the files only to visitors who have signed in and asked: this page cannot, and so
   * there are no uses. */
  readonly gated?: boolean;
  readonly files: readonly SourceFile[];
}

/** Its list is public all the same. */
const GATED =
  'Its owner asks visitors to sign in and accept terms before they get its files, which this page cannot do. Download it yourself, and open it with “Open folder or zip”.';

/** @param hub address of the hub that plain ids are looked for on. @throws RankscopeError. */
export async function lookUp(
  text: string,
  hub: string = PUBLIC_HUB,
  patience: Patience = {},
): Promise<Found> {
  return lookUpAddress(parseModelAddress(text, hub), patience);
}

/** @throws RankscopeError. */
export async function lookUpAddress(address: ModelAddress, patience: Patience): Promise<Found> {
  if (address.kind === 'url') {
    const folder = new UrlFolder(address.url, patience);
    const { card, files } = await folder.facts();
    const about = card ? undefined : aboutOf(await readText(folder, 'config.json', patience.signal));
    const title = card?.name ?? titleOf(address.url);
    const found = { title, address: address.url, license: card?.license, files };
    return { ...found, ...usableFrom(files, { card, about }), id: `url:${address.url}`, source: 'url' };
  }
  const { commit, license, gated, about, files } = await new HubFolder(address, patience).facts();
  const pinned = addressText({ ...address, revision: commit });
  const found = { title: address.id, address: addressText(address), commit, license, gated, files };
  const usable = gated ? { uses: [], why: GATED } : usableFrom(files, { about });
  return { ...found, ...usable, id: `hub:${pinned}`, source: 'hub' };
}

export async function folderOfLocal(local: LocalModel): Promise<FolderReader> {
  if (local.kind === 'folder') return new BlobFolder(local.name, local.files);
  // Fetched when there is one: it is large, and few come with zips.
  const { ZipFolder } = await import('./zip-folder.ts');
  return new ZipFolder(local.name, local.blob);
}

/** @throws RankscopeError 'bad-input' or 'bad-checkpoint'. */
export async function lookInto(local: LocalModel, signal?: AbortSignal): Promise<Found> {
  const folder = await folderOfLocal(local);
  const files = await folder.list(signal);
  const has = (path: string): boolean => files.some((file) => file.path === path);
  const card = has('ranker.json') ? await readCard(folder, signal) : undefined;
  const about =
    card || !has('config.json') ? undefined : aboutOf(await readText(folder, 'config.json', signal));
  const known = files.map((file) => ({ ...file, sha256: card?.files[file.path]?.sha256 }));
  return {
    ...usableFrom(known, { card, about }),
    // Two folders of one name may differ: what they hold decides.
    id: `local:${local.name}:${fingerprint(known)}`,
    title: card?.name ?? local.name.replace(/\.zip$/i, ''),
    address: local.name,
    source: 'local',
    license: card?.license,
    files: known,
  };
}

/** The folder's own name, or the host's. */
function titleOf(url: string): string {
  const { pathname, host } = new URL(url);
  const last = pathname.split('/').filter(Boolean).at(-1);
  return last === undefined ? host : safelyDecoded(last);
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readCard(folder: FolderReader, signal?: AbortSignal): Promise<RankerCard> {
  return parseRankerCard(await readText(folder, 'ranker.json', signal), `${folder.name}ranker.json`);
}

async function readText(folder: FolderReader, path: string, signal?: AbortSignal): Promise<string> {
  const source = await folder.open(path, signal);
  const text = new TextDecoder().decode(await source.read(0, Math.min(source.size, LARGEST_TEXT)));
  await source.close();
  return text;
}

/** Cards and configs are a few kilobytes. */
const LARGEST_TEXT = 8 * 2 ** 20;

function aboutOf(text: string): ConfigFacts | undefined {
  try {
    const config: unknown = JSON.parse(text);
    return isObject(config) ? configFacts(config) : undefined;
  } catch {
    // What opens or converts it says what is wrong with it.
    return undefined;
  }
}

/** FNV-1a of paths, sizes and digests, hex. */
function fingerprint(files: readonly SourceFile[]): string {
  let hash = 0x811c9dc5;
  const text = files.map(({ path, size, sha256 }) => `${path} ${size} ${sha256 ?? ''}\n`).join('');
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
