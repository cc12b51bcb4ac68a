/** A pointwise checkpoint behind `POST /v1/rerank`, the request that search tools already send to rerankers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAbort, RankscopeError } from '../../../src/errors.ts';
import type { RankerModel } from '../../../src/inference/ranker-model.ts';
import type { RankingMethod } from '../../../src/ranking/types.ts';
import { isOwnHost } from '../../node/hosts.ts';
import { rankQuery } from '../../scoring/rank-query.ts';
import { type Address, listenOn, type Serving } from '../listen.ts';
import { Metrics } from './metrics.ts';
import { type RerankRequest, readRerankRequest } from './rerank-request.ts';
import { sharedScorer } from './shared-scorer.ts';

export interface RerankOptions extends Address {
  /** Name of the checkpoint, as answers have it. */
  readonly name: string;
  readonly scorer: RankerModel;
  readonly method: RankingMethod;
  /** A score as `relevance_score`: of the same order. */
  readonly relevance: (score: number) => number;
  /** Whether a query leaves the model room for passages. */
  readonly fits: (query: string) => boolean;
  /** Documents of a request at most. */
  readonly maxDocuments: number;
  /** Requests in progress at most; more are told to come again. */
  readonly maxRequests: number;
}

/** 16 MB of JSON: a thousand documents of 16 kB. */
const MAX_BODY = 16_000_000;
const RERANK_PATHS = ['/v1/rerank', '/v2/rerank', '/rerank'];

class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws the system's error, e.g. EADDRINUSE */
export function serveRerank(options: RerankOptions): Promise<Serving> {
  const metrics = new Metrics();
  const scorer = sharedScorer(options.scorer, (prompts, callers) => metrics.ran(prompts, callers));
  let inProgress = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now();
    const path = (request.url ?? '').replace(/[?#].*$/s, '').replace(/(.)\/$/, '$1');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    let isRanking = false;
    try {
      // A page can have its own name resolve to this machine; its requests carry that name.
      if (!isOwnHost(request.headers.host, options.host)) {
        throw new Refused(421, 'This server answers to its own address only.');
      }
      if (request.headers.origin !== undefined) {
        throw new Refused(403, 'This server answers programs, not web pages.');
      }
      if (path === '/metrics') {
        must(request, 'GET');
        const live = { requestsInProgress: inProgress, promptsWaiting: scorer.waiting() };
        response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
        response.end(metrics.text(live));
        return;
      }
      if (path === '/health') {
        must(request, 'GET');
        return send(response, 200, { status: 'ok', model: options.name });
      }
      if (path === '/v1/models') {
        must(request, 'GET');
        return send(response, 200, { object: 'list', data: [{ id: options.name, object: 'model' }] });
      }
      if (!RERANK_PATHS.includes(path)) {
        throw new Refused(404, 'There is POST /v1/rerank, and GET /v1/models, /health and /metrics.');
      }
      must(request, 'POST');
      isRanking = true;
      if (inProgress >= options.maxRequests) {
        response.setHeader('Retry-After', '1');
        throw new Refused(503, `${options.maxRequests} requests are in progress; try again in a moment.`);
      }
      inProgress++;
      try {
        const body = await readBody(request);
        const ranked = await rank(readRerankRequest(body, options.maxDocuments), response);
        metrics.answered(200, (performance.now() - began) / 1000);
        send(response, 200, ranked);
      } finally {
        inProgress--;
      }
    } catch (error) {
      const { status, message } = told(error);
      if (isRanking) metrics.answered(status);
      send(response, status, { error: { message, type: status < 500 ? 'invalid_request' : 'server_error' } });
    }
  }

  async function rank({ query, passages, topN, withDocuments }: RerankRequest, response: ServerResponse) {
    if (!options.fits(query)) {
      throw new Refused(400, '“query” is too long: it leaves this model no room for a document.');
    }
    // Whoever goes away is not worked for any longer.
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const candidates = passages.map((passage, i) => ({ passage, rank: i + 1, score: passages.length - i }));
    const job = { query: { id: 'request', text: query }, candidates, line: 1 };
    const { state, order, scores, tokens } = await rankQuery(options.method, job, scorer, {
      signal: gone.signal,
    });
    if (state === 'cancelled') throw new Refused(499, 'The request was broken off.');
    metrics.documents += passages.length;
    metrics.tokens += tokens;
    return {
      model: options.name,
      results: order.slice(0, topN).map((index, i) => ({
        index,
        relevance_score: options.relevance(scores[i]!),
        document: withDocuments ? { text: passages[index]!.text } : undefined,
      })),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    };
  }

  return listenOn(options, answer, 'The request could not be answered.');
}

function must({ method }: IncomingMessage, wanted: 'GET' | 'POST'): void {
  if (method === wanted || (wanted === 'GET' && method === 'HEAD')) return;
  throw new Refused(405, `Use ${wanted} here.`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BODY) throw new Refused(413, `The body has more than ${MAX_BODY / 1_000_000} MB.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function told(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof Refused) return error;
  if (isAbort(error)) return { status: 499, message: 'The request was broken off.' };
  if (error instanceof RankscopeError && error.code === 'bad-input') {
    return { status: 400, message: error.message };
  }
  console.error(error);
  return { status: 500, message: 'The request could not be answered. The server’s log says why.' };
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return;
  // What is left of a body that was refused is not read.
  if (status === 413) response.setHeader('Connection', 'close');
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(JSON.stringify(body));
}
