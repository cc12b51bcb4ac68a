/**
 * A server with the layout and the manners of the Hugging Face hub (../shared/reference/hub-notes.md, section 3),
 * for tests in Node and in the browser: the API and small files from one origin, large files by a redirect
 * to another with signed addresses that expire. Faults happen on demand (faults.ts). Below `/plain/OWNER/NAME/`
 * the same files lie as on a plain static host.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HostedRepo, refuse, sendJson, sendRevision, sendTree } from './api.ts';
import { Faults, type Harm } from './faults.ts';
import type { Repo, RepoFile } from './repo.ts';
import { sendBytes } from './send-bytes.ts';

export interface HubOptions {
  /** Entries of the tree in one answer; the hub has 1000. */
  readonly pageSize?: number;
  /** How long an address of the CDN is good. */
  readonly signedForMs?: number;
  /** Small files of these repositories are sent by 307 from the hub's own cache. */
  readonly smallByRedirect?: boolean;
}

export interface Asked {
  readonly on: 'hub' | 'cdn';
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

const EXPOSED =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash';

export class HubServer {
  readonly faults = new Faults();
  /** All requests so far. */
  readonly asked: Asked[] = [];
  readonly #repos = new Map<string, HostedRepo>();
  /** Former states stay reachable by their commit, as in git. */
  readonly #commits = new Map<string, Repo>();
  readonly #options: Required<HubOptions>;
  readonly #secret = randomBytes(16);
  readonly #hub: Server;
  readonly #cdn: Server;

  private constructor(options: HubOptions) {
    this.#options = { pageSize: 1000, signedForMs: 3_600_000, smallByRedirect: true, ...options };
    this.#hub = createServer((request, response) => this.#run('hub', request, response));
    this.#cdn = createServer((request, response) => this.#run('cdn', request, response));
  }

  static async start(options: HubOptions = {}): Promise<HubServer> {
    const server = new HubServer(options);
    for (const one of [server.#hub, server.#cdn]) {
      await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    }
    return server;
  }

  /** The hub's address, without a slash at its end. */
  get url(): string {
    return originOf(this.#hub);
  }

  get cdnUrl(): string {
    return originOf(this.#cdn);
  }

  /** Shows a repository, or moves its `main` to another state. */
  host(id: string, hosted: HostedRepo): void {
    this.#repos.set(id, hosted);
    this.#commits.set(`${id}@${hosted.repo.commit}`, hosted.repo);
  }

  async close(): Promise<void> {
    for (const server of [this.#hub, this.#cdn]) {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  }

  #run(on: 'hub' | 'cdn', request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    this.asked.push({ on, method, url, headers });
    const work = on === 'hub' ? this.#answerHub(request, response) : this.#answerCdn(request, response);
    work.catch((error: unknown) => response.destroy(error as Error));
  }

  async #answerHub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The hub names the page that asks, or anybody where a redirect has hidden who it is.
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    response.setHeader('Vary', 'Origin');
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Headers', 'authorization,range,if-range');
      response.writeHead(204).end();
      return;
    }
    const path = decodeURIComponent(new URL(request.url ?? '/', this.url).pathname);
    const harm = this.faults.take('hub', path);
    if (spoilt(response, harm)) return;
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/(tree|revision)\/([^/]+)$/.exec(path);
    if (api) return this.#api(request, response, api as unknown as ApiMatch);
    const cached = /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/([0-9a-f]{40})\/(.+)$/.exec(path);
    const plain = /^\/plain\/([^/]+\/[^/]+)\/()(.+)$/.exec(path);
    const direct = cached ?? plain;
    if (direct) {
      const [, id, revision, name] = direct as unknown as readonly [string, string, string, string];
      const file = this.#file(id, revision || 'main', name);
      if (!file) return refuse(response, 404, 'EntryNotFound', 'Entry not found');
      return sendBytes(request, response, file.bytes(), { etag: file.oid, harm });
    }
    const resolve = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    if (resolve) {
      const [, id, revision, name] = resolve as unknown as readonly [string, string, string, string];
      return this.#resolve(request, response, { id, revision, name, harm });
    }
    refuse(response, 404, 'NotFound', 'Not found');
  }

  #api(request: IncomingMessage, response: ServerResponse, [, id, what, revision]: ApiMatch): void {
    const hosted = this.#repos.get(id);
    const repo = this.#at(id, revision);
    // 401, so that nobody can find out by asking which private repositories there are.
    if (!hosted) refuse(response, 401, 'RepoNotFound', 'Invalid username or password.');
    else if (!repo) refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
    else if (what === 'revision') sendRevision(response, id, { ...hosted, repo });
    else sendTree(request, response, { origin: this.url, repo, pageSize: this.#options.pageSize });
  }

  async #resolve(
    request: IncomingMessage,
    response: ServerResponse,
    { id, revision, name, harm }: ResolveRequest,
  ): Promise<void> {
    const hosted = this.#repos.get(id);
    if (!hosted) return refuse(response, 401, 'RepoNotFound', 'Invalid username or password.');
    if (hosted.gated) {
      return refuse(response, 401, 'GatedRepo', `Access to model ${id} is restricted. Please log in.`);
    }
    const repo = this.#at(id, revision);
    if (!repo) return refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
    const file = repo.files.find(({ path }) => path === name);
    if (!file) return refuse(response, 404, 'EntryNotFound', 'Entry not found');
    response.setHeader('X-Repo-Commit', repo.commit);
    const coded = name.split('/').map(encodeURIComponent).join('/');
    if (file.lfs) {
      response.setHeader('X-Linked-Size', file.size);
      response.setHeader('X-Linked-ETag', `"${file.lfs}"`);
      response.setHeader('Location', this.#signed(`/xet-bridge/${id}/${repo.commit}/${coded}`));
      response.writeHead(302).end();
    } else if (this.#options.smallByRedirect) {
      response.setHeader(
        'Location',
        `/api/resolve-cache/models/${id}/${repo.commit}/${coded}?etag=${file.oid}`,
      );
      response.writeHead(307).end();
    } else await sendBytes(request, response, file.bytes(), { etag: file.oid, harm });
  }

  async #answerCdn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') {
      // As was seen on the hub's CDN: requests that need a preflight fail here.
      response.writeHead(403).end();
      return;
    }
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    const url = new URL(request.url ?? '/', this.cdnUrl);
    const found = /^\/xet-bridge\/([^/]+\/[^/]+)\/([0-9a-f]{40})\/(.+)$/.exec(
      decodeURIComponent(url.pathname),
    );
    const expires = Number(url.searchParams.get('Expires'));
    const signed = url.searchParams.get('Signature') === this.#signature(url.pathname, expires);
    if (!found || !signed || expires < Date.now()) {
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
      return;
    }
    const [, id, commit, name] = found as unknown as readonly [string, string, string, string];
    const harm = this.faults.take('cdn', `${id}/${name}`);
    if (spoilt(response, harm)) return;
    const file = this.#file(id, commit, name);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    await sendBytes(request, response, file.bytes(), { etag: file.lfs ?? file.oid, harm });
  }

  #at(id: string, revision: string): Repo | undefined {
    return revision === 'main' ? this.#repos.get(id)?.repo : this.#commits.get(`${id}@${revision}`);
  }

  #file(id: string, revision: string, name: string): RepoFile | undefined {
    return this.#at(id, revision)?.files.find(({ path }) => path === name);
  }

  #signed(path: string): string {
    const expires = Date.now() + this.#options.signedForMs;
    return `${this.cdnUrl}${path}?Expires=${expires}&Signature=${this.#signature(path, expires)}`;
  }

  #signature(path: string, expires: number): string {
    return createHmac('sha256', this.#secret).update(`${path} ${expires}`).digest('hex');
  }
}

type ApiMatch = readonly [string, id: string, what: 'tree' | 'revision', revision: string];

interface ResolveRequest {
  readonly id: string;
  readonly revision: string;
  readonly name: string;
  readonly harm: Harm;
}

/** Whether a fault has answered the request already. */
function spoilt(response: ServerResponse, harm: Harm): boolean {
  for (const [name, value] of Object.entries(harm.headers ?? {})) response.setHeader(name, value);
  if (harm.html) {
    response.setHeader('Content-Type', 'text/html');
    response.writeHead(200).end('<!doctype html><title>Sorry</title>');
  } else if (harm.status !== undefined) sendJson(response, harm.status, { error: `Status ${harm.status}` });
  return harm.html === true || harm.status !== undefined;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The header by which the hub says how long to wait. */
export const rateLimited = (seconds: number): Harm => ({
  status: 429,
  headers: {
    RateLimit: `"api";r=0;t=${seconds}`,
    'RateLimit-Policy': '"fixed window";"api";q=500;w=300',
    'Access-Control-Expose-Headers': `${EXPOSED},RateLimit`,
  },
});
