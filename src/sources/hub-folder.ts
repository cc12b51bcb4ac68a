/**
 * A repository of the Hugging Face hub, or of a mirror: its files are listed before anything is fetched, and
 * addressed by the commit that `revision` meant at that moment.
 */
import { RankscopeError } from '../errors.ts';
import { isObject } from '../json-checks.ts';
import type { HubAddress } from './address.ts';
import { type ConfigFacts, configFacts } from './config-facts.ts';
import { askJson, type Patience } from './http.ts';
import { RemoteFolder } from './remote-folder.ts';
import { isSafePath, MOST_FILES, type SourceFile } from './source-file.ts';

export interface HubFacts {
  /** 40 hex digits. */
  readonly commit: string;
  /** Whether its files are given only to visitors who have signed in and asked. */
  readonly gated: boolean;
  /** As the repository's card says, e.g. `apache-2.0`. */
  readonly license?: string;
  /** Of config.json, as the hub knows it. */
  readonly about?: ConfigFacts;
  readonly files: readonly SourceFile[];
}

export class HubFolder extends RemoteFolder<HubFacts> {
  readonly #address: HubAddress;

  constructor(address: HubAddress, patience: Patience = {}) {
    super(`${address.id}/`, patience);
    this.#address = address;
  }

  protected async ask(patience: Patience): Promise<HubFacts> {
    const { hub, id, revision } = this.#address;
    const model = `${hub}/api/models/${id}`;
    const label = revision === 'main' ? id : `${id} at ${revision}`;
    const { json: info } = await askJson(
      `${model}/revision/${encodeURIComponent(revision)}`,
      label,
      patience,
    );
    if (!isObject(info) || typeof info.sha !== 'string' || !/^[0-9a-f]{40}$/.test(info.sha)) {
      throw unlike(hub, label);
    }
    const commit = info.sha;
    const files = await this.#tree(`${model}/tree/${commit}`, label, commit, patience);
    const { gated, cardData, config, tags } = info;
    const license =
      isObject(cardData) && typeof cardData.license === 'string' ? cardData.license : tagOf(tags);
    const about = isObject(config) ? configFacts(config) : undefined;
    return { commit, gated: gated !== undefined && gated !== false, license, about, files };
  }

  async #tree(tree: string, label: string, commit: string, patience: Patience): Promise<SourceFile[]> {
    const { hub, id } = this.#address;
    const files: SourceFile[] = [];
    let page: string | undefined = `${tree}?recursive=true`;
    while (page !== undefined) {
      const { json, headers } = await askJson(page, `The file list of ${label}`, patience);
      if (!Array.isArray(json)) throw unlike(hub, label);
      for (const entry of json as unknown[]) {
        if (!isObject(entry) || typeof entry.path !== 'string') throw unlike(hub, label);
        // Names that are no files everywhere (logs with colons in them) are none of a model's.
        if (entry.type !== 'file' || !isSafePath(entry.path)) continue;
        files.push(fileOf(entry, `${hub}/${id}/resolve/${commit}/`, label));
      }
      if (files.length > MOST_FILES) {
        throw new RankscopeError(
          'bad-input',
          `${label} has more than ${MOST_FILES} files: it is not a model.`,
        );
      }
      page = nextOf(headers.get('link'), tree);
    }
    return files;
  }
}

function fileOf(entry: Readonly<Record<string, unknown>>, base: string, label: string): SourceFile {
  const path = entry.path as string;
  const { lfs, oid } = entry;
  const large = isObject(lfs) ? lfs : undefined;
  const size = large?.size ?? entry.size;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new RankscopeError('network', `The hub does not say how large ${path} of ${label} is.`);
  }
  const url = base + path.split('/').map(encodeURIComponent).join('/');
  const sha256 = hexOf(large?.oid, 64);
  // A large file's oid is that of the pointer which stands for it.
  return { path, size, url, sha256, gitSha1: large ? undefined : hexOf(oid, 40) };
}

/**
 * The next page of the list. Only what it asks for is taken from the link: a mirror may pass on links of the hub that
 * it mirrors, and that is not whom the user named.
 */
function nextOf(link: string | null, tree: string): string | undefined {
  const found = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  return found?.includes('?') ? tree + found.slice(found.indexOf('?')) : undefined;
}

function tagOf(tags: unknown): string | undefined {
  const found = Array.isArray(tags) ? tags.find((tag) => String(tag).startsWith('license:')) : undefined;
  return found === undefined ? undefined : String(found).slice('license:'.length);
}

function hexOf(value: unknown, digits: number): string | undefined {
  const text = typeof value === 'string' ? value.replace(/^sha256:/, '').toLowerCase() : '';
  return text.length === digits && /^[0-9a-f]+$/.test(text) ? text : undefined;
}

function unlike(hub: string, label: string): RankscopeError {
  return new RankscopeError(
    'network',
    `${hub} does not answer as a hub does about ${label}. Check the hub’s address.`,
  );
}
