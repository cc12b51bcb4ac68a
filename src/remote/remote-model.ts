/**
 * A model behind an address: an OpenAI-compatible chat service (text, and labels by log-probabilities or by words), a
 * rerank service, or both. Only `fetch`, so that page, workers and Node have the same.
 */
import { sha256 } from '../bytes/sha256.ts';
import { RankscopeError, throwIfCancelled } from '../errors.ts';
import type {
  CallOptions,
  GeneratedBatch,
  GenerationOptions,
  RankerModel,
  RemoteRanking,
  TextPrompt,
} from '../inference/ranker-model.ts';
import type { Prompt, ScoredBatch, ScoreOptions, ScorerInfo } from '../inference/scorer.ts';
import { type RemoteAddress, readAddress } from './address.ts';
import { NO_COUNTS, type RemoteNow } from './cost.ts';
import { labelsFromTokens, labelsFromWords, withoutThoughts } from './label-answer.ts';
import { afterRefusal, FIRST_MANNERS, type Manners } from './manners.ts';
import { type ChatReply, readChat, readRerank } from './replies.ts';
import { keyProblem } from './secret.ts';
import { Traffic, type TrafficOptions } from './traffic.ts';

export interface RemoteOptions extends Omit<TrafficOptions, 'host' | 'key'> {
  /** As typed: see `readAddress`. */
  readonly endpoint: string;
  /** The service's name for the model. */
  readonly model: string;
  /** Sent as a bearer token, and kept nowhere else. '' or absent for none. */
  readonly key?: string;
}

export interface RemoteModel extends RankerModel {
  readonly address: RemoteAddress;
  /** Of all requests so far. */
  counts(): RemoteNow;
}

/** Enough for “Passage A” and a few words around it. */
export const LABEL_TOKENS = 16;
/** For models that think first. */
const THINKING_TOKENS = 4096;

/**
 * Nothing is sent yet.
 * @throws RankscopeError 'bad-input' for an address or key that cannot be used, without repeating the key
 */
export async function openRemote({
  endpoint,
  model,
  key = '',
  ...patience
}: RemoteOptions): Promise<RemoteModel> {
  const address = readAddress(endpoint);
  const name = model.trim();
  if (name === '')
    throw new RankscopeError('bad-input', 'The model’s name is missing. Give the service’s name for it.');
  const problem = keyProblem(key);
  if (problem !== undefined) throw new RankscopeError('bad-input', problem);
  const info = await remoteInfo(address, name);
  const wait: Wait = { message: null };
  const onWait: TrafficOptions['onWait'] = (waiting) => {
    wait.message = waiting?.message ?? null;
    patience.onWait?.(waiting);
  };
  return new Service(address, info, new Traffic({ ...patience, onWait, host: address.host, key }), wait);
}

/**
 * What a remote model is called wherever a checkpoint's identity stands. The digest is that of address and name, since nothing tells
 * which weights answer; it holds no key.
 */
export const remoteInfo = async ({ base, host }: RemoteAddress, model: string): Promise<ScorerInfo> => ({
  name: model,
  digest: await sha256(new TextEncoder().encode(`${base}\n${model}`)),
  dtype: 'fp32',
  device: 'cpu',
  threads: 1,
  runtime: 'remote 1',
  service: host,
});

/** What is waited for now. */
interface Wait {
  message: string | null;
}

class Service implements RemoteModel {
  readonly info: ScorerInfo;
  readonly address: RemoteAddress;
  readonly score?: RemoteModel['score'];
  readonly generate?: RemoteModel['generate'];
  readonly rerank?: RemoteModel['rerank'];
  readonly #traffic: Traffic;
  readonly #wait: Readonly<Wait>;
  #manners: Manners = FIRST_MANNERS;
  readonly #counts = { ...NO_COUNTS };

  constructor(address: RemoteAddress, info: ScorerInfo, traffic: Traffic, wait: Readonly<Wait>) {
    this.address = address;
    this.info = info;
    this.#traffic = traffic;
    this.#wait = wait;
    const { chat, rerank } = address;
    if (chat !== undefined) {
      this.score = (prompts, options) => this.#score(chat, prompts, options);
      this.generate = (prompts, options) => this.#generate(chat, prompts, options);
    }
    if (rerank !== undefined) {
      this.rerank = (query, passages, options) => this.#rerank(rerank, query, passages, options);
    }
  }

  counts(): RemoteNow {
    return { ...this.#counts, requests: this.#traffic.requests, waiting: this.#wait.message };
  }

  /**
   * Log-probabilities of the labels where the service gives them, else 100 for the label that it names and 0 for the
   * others; all 0, a tie, where it names none.
   */
  async *#score(
    url: string,
    prompts: readonly Prompt[],
    { signal, logSumExp }: ScoreOptions = {},
  ): AsyncGenerator<ScoredBatch> {
    if (logSumExp) {
      throw new RankscopeError(
        'bad-input',
        `${this.info.name} at ${this.info.service} gives no probabilities over its whole vocabulary: rank without true probabilities.`,
      );
    }
    const ask = async (prompt: Prompt, stop: AbortSignal) => {
      const { labels, decoderPrefix } = prompt;
      const { reply, ms } = await this.#chat(url, prompt, { most: LABEL_TOKENS, labels: true }, stop);
      const exact = reply.tokens && labelsFromTokens(reply.tokens, labels, decoderPrefix);
      const found = exact ?? labelsFromWords(reply.text, labels, decoderPrefix);
      if (!exact) this.#counts.byWords++;
      if (!found) this.#counts.unreadable++;
      return { reply, ms, logits: found ?? labels.map(() => 0) };
    };
    for await (const { index, value } of asTheyCome(prompts, ask, this.#traffic.parallel, signal)) {
      yield { ...batchOf(index, value), logits: Float32Array.from(value.logits) };
    }
  }

  async *#generate(
    url: string,
    prompts: readonly TextPrompt[],
    { signal, maxNewTokens, stop = [] }: GenerationOptions,
  ): AsyncGenerator<GeneratedBatch> {
    const ask = (prompt: TextPrompt, signal: AbortSignal) =>
      this.#chat(url, prompt, { most: maxNewTokens, labels: false }, signal);
    for await (const { index, value } of asTheyCome(prompts, ask, this.#traffic.parallel, signal)) {
      const { text, ended, output = 0 } = value.reply;
      const whole = withoutThoughts(text);
      const cuts = stop.map((one) => whole.indexOf(one)).filter((at) => at >= 0);
      yield {
        ...batchOf(index, value),
        texts: [cuts.length > 0 ? whole.slice(0, Math.min(...cuts)) : whole],
        newTokens: Int32Array.of(output),
        ended: [ended || cuts.length > 0],
      };
    }
  }

  async #rerank(
    url: string,
    query: string,
    passages: readonly string[],
    { signal }: Pick<CallOptions, 'signal'> = {},
  ): Promise<RemoteRanking> {
    if (passages.length === 0) return { order: [], scores: [], tokens: 0, ms: 0 };
    const body = { model: this.info.name, query, documents: passages, top_n: passages.length };
    const { json, ms } = await this.#traffic.post(url, { ...body, return_documents: false }, signal);
    const { order, scores, tokens } = readRerank(json, passages.length, this.address.host);
    this.#count(tokens, 0);
    return { order, scores, tokens: tokens ?? 0, ms };
  }

  /** One prompt, asked again in another way where the service does not take what it was asked with. */
  async #chat(
    url: string,
    { parts }: TextPrompt,
    { most, labels }: { readonly most: number; readonly labels: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly reply: ChatReply; readonly ms: number }> {
    const text = parts.map((part) => part.text).join('');
    for (;;) {
      const manners = this.#manners;
      const body = chatBody(this.info.name, text, most, labels, manners);
      try {
        const { json, ms } = await this.#traffic.post(url, body, signal);
        const reply = readChat(json, this.address.host);
        this.#count(reply.input, reply.output);
        if (reply.ended || manners.thinks || withoutThoughts(reply.text) !== '') return { reply, ms };
        // All of its room went into thoughts.
        this.#manners = { ...this.#manners, thinks: true };
      } catch (error) {
        const changed = afterRefusal(error, manners);
        if (!changed) throw error;
        // Requests that were under way meanwhile may have learned it already.
        if (this.#manners === manners) this.#manners = changed;
      }
    }
  }

  #count(input: number | undefined, output: number | undefined): void {
    this.#counts.answers++;
    this.#counts.inputTokens += input ?? 0;
    this.#counts.outputTokens += output ?? 0;
    if (input === undefined) this.#counts.uncounted++;
  }
}

function chatBody(model: string, text: string, most: number, labels: boolean, manners: Manners): object {
  const body: Record<string, unknown> = { model, messages: [{ role: 'user', content: text }], stream: false };
  body[manners.newLimit ? 'max_completion_tokens' : 'max_tokens'] =
    most + (manners.thinks ? THINKING_TOKENS : 0);
  if (manners.temperature) body.temperature = 0;
  if (labels && manners.logprobs) {
    body.logprobs = true;
    body.top_logprobs = manners.top;
  }
  return body;
}

/** Of one row: services answer one prompt at a time. */
const batchOf = (
  index: number,
  { reply, ms }: { readonly reply: ChatReply; readonly ms: number },
): Pick<ScoredBatch, 'indices' | 'tokens' | 'ms' | 'truncations'> => ({
  indices: Int32Array.of(index),
  tokens: Int32Array.of(reply.input ?? 0),
  ms,
  truncations: [],
});

/**
 * A few prompts are under way at a time; answers come in the order in which they are there. With the first error, and
 * when the reader leaves, the others are stopped.
 */
async function* asTheyCome<P, R>(
  prompts: readonly P[],
  ask: (prompt: P, signal: AbortSignal) => Promise<R>,
  width: number,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly index: number; readonly value: R }> {
  throwIfCancelled(signal);
  const own = new AbortController();
  const stop = () => own.abort();
  signal?.addEventListener('abort', stop, { once: true });
  const open = new Map<number, Promise<{ readonly index: number; readonly value: R }>>();
  let next = 0;
  const fill = () => {
    for (; next < prompts.length && open.size < width; next++) {
      const index = next;
      const one = ask(prompts[index]!, own.signal).then((value) => ({ index, value }));
      // Whoever is not waited for any longer must not fail unheard.
      one.catch(() => {});
      open.set(index, one);
    }
  };
  try {
    for (fill(); open.size > 0; fill()) {
      const found = await Promise.race(open.values());
      open.delete(found.index);
      // The next one is on its way while this one is read.
      fill();
      yield found;
    }
  } finally {
    own.abort();
    signal?.removeEventListener('abort', stop);
  }
}
