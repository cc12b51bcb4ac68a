/** What people type or paste to name a model: an id of the hub, an address of the hub, the URL of a folder. */
import { RankscopeError } from '../errors.ts';
import { shown } from '../json-text.ts';

export const PUBLIC_HUB = 'https://huggingface.co';

export interface HubAddress {
  readonly kind: 'hub';
  /** Without a slash at its end. */
  readonly hub: string;
  /** `owner/name`. */
  readonly id: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

export interface UrlAddress {
  readonly kind: 'url';
  /** Of the folder, ending in `/`. */
  readonly url: string;
}

export type ModelAddress = HubAddress | UrlAddress;

/** Hosts that are the public hub by another name. */
const HUB_NAMES = ['huggingface.co', 'www.huggingface.co', 'hf.co'];
const NAME = /^(?![-.])(?!.*(?:--|\.\.))[\w.-]{1,96}(?<![.-])$/;
const REVISION = /^(?!.*(?:\.\.|\/\/|\/$))[\w][\w./-]{0,199}$/;
/** Of a repository's address after its name: what may stand before the revision. */
const VIEWS = ['tree', 'blob', 'resolve', 'raw', 'commit'];
const ADVICE =
  'Give an id such as google/flan-t5-small (or owner/name@revision), the address of its page on the hub, or the URL of a checkpoint folder.';
const LOCAL_ADVICE =
  'A folder on this machine is opened with “Open folder or zip”; or run “npm run trainer -- serve FOLDER” and paste the address that it prints.';

/**
 * @param hub address of the hub that plain ids are looked for on
 * @throws RankscopeError 'bad-input' that says what was not understood and what can be given.
 */
export function parseModelAddress(text: string, hub: string = PUBLIC_HUB): ModelAddress {
  const typed = text.trim().replace(/^["'“”‘’<]+|["'“”‘’>]+$/g, '');
  if (typed === '') throw bad(`Which model? ${ADVICE}`);
  const own = parseHubAddress(hub);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return parseUrl(typed, own);
  if (scheme === 'hf') return parseId(typed.slice(5), own);
  if (scheme === 'file' || /^(?:[a-z]:[\\/]|[\\/~]|\.{1,2}[\\/])/i.test(typed)) {
    throw bad(`${shown(typed)} is a path, and a page cannot read paths. ${LOCAL_ADVICE}`);
  }
  if (scheme !== undefined)
    throw bad(`Addresses that begin with ${scheme}: cannot be read; only http: and https: can.`);
  const host = typed.split('/')[0]!.toLowerCase();
  if (HUB_NAMES.includes(host) || `https://${host}` === own) return parseUrl(`https://${typed}`, own);
  if (/^(?:localhost|[\w.-]+:\d+|\d+\.\d+\.\d+\.\d+)$/.test(host)) {
    throw bad(
      `Write http:// or https:// in front of ${shown(typed)}: it looks like the address of a folder.`,
    );
  }
  return parseId(typed, own);
}

/** The hub's address in its plain form. @throws RankscopeError 'bad-input'. */
export function parseHubAddress(text: string): string {
  const typed = text.trim();
  const url = parsed(/^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`);
  if (!url || !/^https?:$/.test(url.protocol) || typed === '') {
    throw bad(`${shown(typed)} is not the address of a hub. The public one is ${PUBLIC_HUB}.`);
  }
  refuseSecrets(url);
  if (HUB_NAMES.includes(url.host)) return PUBLIC_HUB;
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** How an address is shown, and typed again. */
export function addressText(address: ModelAddress): string {
  if (address.kind === 'url') return address.url;
  const id = address.revision === 'main' ? address.id : `${address.id}@${address.revision}`;
  return address.hub === PUBLIC_HUB ? id : `${address.hub}/${address.id}${tree(address.revision)}`;
}

const tree = (revision: string): string =>
  revision === 'main' ? '' : `/tree/${encodeURIComponent(revision)}`;

function parseId(text: string, hub: string): HubAddress {
  const [path = '', revision, ...more] = text.split('@');
  const parts = path.split('/');
  if (parts.length === 1 && more.length === 0) {
    throw bad(`${shown(text)} lacks the owner’s name: write owner/name, such as google/flan-t5-small.`);
  }
  if (parts.length !== 2 || more.length > 0) throw bad(`${shown(text)} is not understood. ${ADVICE}`);
  return hubAddress(hub, parts as [string, string], revision);
}

function parseUrl(text: string, own: string): ModelAddress {
  const url = parsed(text);
  if (!url) throw bad(`${shown(text)} is not a valid address. ${ADVICE}`);
  refuseSecrets(url);
  if (HUB_NAMES.includes(url.host)) return hubPage(url.pathname, PUBLIC_HUB, text);
  const plain = url.origin + url.pathname;
  if (plain === own || plain.startsWith(`${own}/`)) return hubPage(plain.slice(own.length), own, text);
  if (url.search !== '') {
    throw bad(
      `${shown(text)} has a “?”: give the plain address of the folder, since the names of its files are put behind it.`,
    );
  }
  const folder = plain.replace(/\/ranker\.json$/, '/');
  return { kind: 'url', url: folder.endsWith('/') ? folder : `${folder}/` };
}

/** The repository that a page of the hub shows. */
function hubPage(pathname: string, hub: string, text: string): HubAddress {
  let parts: string[];
  try {
    parts = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw bad(`${shown(text)} is not a valid address. ${ADVICE}`);
  }
  if (parts[0] === 'models') parts.shift();
  const [owner, name, view, ...rest] = parts;
  if (owner === 'datasets' || owner === 'spaces') {
    throw bad(`${shown(text)} is not a model: the hub’s ${owner} hold something else.`);
  }
  if (owner === undefined || name === undefined) {
    throw bad(`${shown(text)} does not name a model. ${ADVICE}`);
  }
  if (view === undefined || !VIEWS.includes(view)) return hubAddress(hub, [owner, name], undefined);
  const [revision, ...folder] = rest;
  if (view === 'tree' && folder.length > 0) {
    throw bad(
      `${shown(text)} is a folder inside a repository. Only whole repositories can be used; give ${owner}/${name}.`,
    );
  }
  return hubAddress(hub, [owner, name], revision);
}

function hubAddress(hub: string, [owner, name]: [string, string], revision = 'main'): HubAddress {
  for (const part of [owner, name]) {
    if (!NAME.test(part)) throw bad(`${shown(part)} cannot be a name on the hub. ${ADVICE}`);
  }
  if (!REVISION.test(revision)) {
    throw bad(`${shown(revision)} cannot be a revision: give a branch, a tag or a commit.`);
  }
  return { kind: 'hub', hub, id: `${owner}/${name}`, revision };
}

function refuseSecrets({ username, password }: URL): void {
  if (username === '' && password === '') return;
  throw bad('The address holds a user’s name or password. They are not sent anywhere: give it without them.');
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

const bad = (message: string): RankscopeError => new RankscopeError('bad-input', message);
