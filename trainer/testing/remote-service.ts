/**
 * A service for tests: chat completions and rerank on this machine, which ranks by the words that query and passage
 * share, and misbehaves on demand.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: string;
      readonly message?: string;
    }
  /** The connection ends in the middle of the answer. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'html' }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'json'; readonly json: unknown };

export interface ServiceOptions {
  /** Requests with another key are refused; absent: none is needed. */
  readonly key?: string;
  /** `refused`: a request for log-probabilities fails; `none`: they are left out without a word. */
  readonly logprobs?: 'given' | 'none' | 'refused';
  /** False: nothing counts the tokens. */
  readonly usage?: boolean;
  /** What is written for a prompt; absent: by the words that are shared. */
  readonly write?: (prompt: string) => string;
  /** Milliseconds that every answer takes. */
  readonly takes?: number;
  /** Pages of any origin may ask. Default true. */
  readonly cors?: boolean;
}

export interface SeenRequest {
  readonly path: string;
  readonly authorization?: string;
  readonly body: Record<string, unknown>;
  /** Requests in progress when it came, itself included. */
  readonly together: number;
  readonly at: number;
}

export interface RemoteService {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** The next requests meet these, one each. */
  readonly faults: Fault[];
  close(): Promise<void>;
}

export async function startService(options: ServiceOptions = {}, port = 0): Promise<RemoteService> {
  const seen: SeenRequest[] = [];
  const faults: Fault[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    open++;
    response.once('close', () => open--);
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (options.cors !== false) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    }
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const body = JSON.parse(Buffer.concat(pieces).toString('utf8')) as Record<string, unknown>;
    const { authorization } = request.headers;
    seen.push({ path: request.url ?? '', authorization, body, together: open, at: performance.now() });
    const fault = faults.shift();
    if (fault && (await misbehave(fault, response))) return;
    if (options.takes) await new Promise((resolve) => setTimeout(resolve, options.takes));
    if (options.key !== undefined && authorization !== `Bearer ${options.key}`) {
      return send(response, 401, { error: { message: `Incorrect API key provided: ${authorization}` } });
    }
    if (request.url?.endsWith('/chat/completions')) return chat(body, response, options);
    if (request.url?.endsWith('/rerank')) return rerank(body, response, options);
    send(response, 404, { error: { message: 'no such path' } });
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether that was the whole answer. */
async function misbehave(fault: Fault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'status':
      if (fault.retryAfter !== undefined) response.setHeader('Retry-After', fault.retryAfter);
      send(response, fault.status, { error: { message: fault.message ?? 'not now' } });
      return true;
    case 'cut':
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 });
      response.write('{"choices": [');
      setTimeout(() => response.destroy(), 20);
      return true;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return false;
    case 'html':
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><h1>Sign in</h1>');
      return true;
    case 'redirect':
      response.writeHead(307, { Location: fault.to }).end();
      return true;
    case 'json':
      send(response, 200, fault.json);
      return true;
  }
}

function send(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
}

function chat(
  body: Record<string, unknown>,
  response: ServerResponse,
  { logprobs = 'given', usage = true, write = writeAnswer }: ServiceOptions,
): void {
  if (body.logprobs !== undefined && logprobs === 'refused') {
    send(response, 400, { error: { message: 'logprobs is not supported by this model' } });
    return;
  }
  const prompt = (body.messages as { content: string }[]).map(({ content }) => content).join('\n');
  const text = write(prompt);
  const tokens = text.split(/(?=\s)/);
  send(response, 200, {
    model: body.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text },
        finish_reason: 'stop',
        logprobs: body.logprobs === true && logprobs === 'given' ? { content: tokens.map(choice) } : null,
      },
    ],
    usage: usage
      ? { prompt_tokens: prompt.split(/\s+/).length, completion_tokens: tokens.length }
      : undefined,
  });
}

/** The token that was written has 0.75, the other letter 0.2, and something else the rest. */
function choice(token: string) {
  const other = /B/.test(token) ? token.replace('B', 'A') : token.replace('A', 'B');
  const top = [
    { token, logprob: Math.log(0.75) },
    { token: other === token ? ' no' : other, logprob: Math.log(0.2) },
    { token: ' …', logprob: Math.log(0.05) },
  ];
  return { token, logprob: top[0]!.logprob, top_logprobs: top };
}

function rerank(
  body: Record<string, unknown>,
  response: ServerResponse,
  { usage = true }: ServiceOptions,
): void {
  const documents = body.documents as string[];
  const results = documents
    .map((text, index) => ({ index, relevance_score: shared(String(body.query), text) }))
    .sort((a, b) => b.relevance_score - a.relevance_score);
  const tokens = documents.join(' ').split(/\s+/).length;
  send(response, 200, {
    model: body.model,
    results: results.slice(0, (body.top_n as number | undefined) ?? results.length),
    usage: usage ? { total_tokens: tokens } : undefined,
  });
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** Share of the query's words that the passage has, from 0 to 1. */
export function shared(query: string, passage: string): number {
  const asked = [...wordsOf(query)];
  const own = wordsOf(passage);
  return asked.filter((word) => own.has(word)).length / Math.max(1, asked.length);
}

/** Reads RankGPT's prompt and PRP's, and answers as they ask. */
export function writeAnswer(prompt: string): string {
  const list = /relevance to query: (.*?)\n\n([\s\S]*)\n\nThe search query is/.exec(prompt);
  if (list) {
    const items = list[2]!.split(/\n*(?=\[\d+\] )/).map((item) => shared(list[1]!, item));
    const order = items.map((_, i) => i).sort((a, b) => items[b]! - items[a]! || a - b);
    return order.map((i) => `[${i + 1}]`).join(' > ');
  }
  const pair = /"(.*?)"[\s\S]*?passage A: ([\s\S]*?)\n+\s*passage B: ([\s\S]*?)\n\n/i.exec(prompt);
  if (pair) return shared(pair[1]!, pair[2]!) >= shared(pair[1]!, pair[3]!) ? 'Passage A' : 'Passage B';
  return 'Yes';
}
