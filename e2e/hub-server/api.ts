/** The hub's JSON about a repository: which commit a name means, and which files it has. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Repo } from './repo.ts';

export interface HostedRepo {
  readonly repo: Repo;
  /** Whoever wants its files must ask first; what it has is public. */
  readonly gated?: 'auto' | 'manual';
  readonly license?: string;
  /** config.json's model_type, as the hub copies it. */
  readonly modelType?: string;
  /** Likewise its architectures. */
  readonly architectures?: readonly string[];
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.writeHead(status).end(JSON.stringify(value));
}

/** A refusal in the hub's manner: the code in a header that pages may read, the words in JSON. */
export function refuse(response: ServerResponse, status: number, code: string, words: string): void {
  response.setHeader('X-Error-Code', code);
  response.setHeader('X-Error-Message', words);
  sendJson(response, status, { error: words });
}

export function sendRevision(response: ServerResponse, id: string, hosted: HostedRepo): void {
  const { repo, gated, license, modelType, architectures } = hosted;
  sendJson(response, 200, {
    id,
    modelId: id,
    sha: repo.commit,
    private: false,
    gated: gated ?? false,
    tags: ['transformers', ...(license ? [`license:${license}`] : [])],
    cardData: license ? { license } : {},
    config: modelType ? { model_type: modelType, architectures } : undefined,
    siblings: repo.files.map(({ path }) => ({ rfilename: path })),
  });
}

/** A page of the files, and the address of the next in `Link`. */
export function sendTree(
  request: IncomingMessage,
  response: ServerResponse,
  { origin, repo, pageSize }: { readonly origin: string; readonly repo: Repo; readonly pageSize: number },
): void {
  const url = new URL(request.url ?? '', origin);
  const start = Number(url.searchParams.get('cursor') ?? 0);
  const folders = new Set(
    repo.files.flatMap(({ path }) => (path.includes('/') ? [path.split('/')[0]!] : [])),
  );
  const entries = [
    ...[...folders].map((path) => ({ type: 'directory', oid: '0'.repeat(40), size: 0, path })),
    ...repo.files.map(({ path, size, oid, lfs }) => ({
      type: 'file',
      oid,
      size,
      path,
      lfs: lfs && { oid: lfs, size, pointerSize: 134 },
      xetHash: lfs,
    })),
  ];
  if (start + pageSize < entries.length) {
    url.searchParams.set('cursor', String(start + pageSize));
    response.setHeader('Link', `<${url.href}>; rel="next"`);
  }
  sendJson(response, 200, entries.slice(start, start + pageSize));
}
