/** Reads what services answer; whatever is not of the shape is refused in words. */
import { isCount, isNumber, isObject, isText } from '../json-checks.ts';
import { wrongShape } from './failures.ts';
import type { TokenChoice } from './label-answer.ts';

export interface Usage {
  /** Undefined where the service does not say. */
  readonly input?: number;
  readonly output?: number;
}

export interface ChatReply extends Usage {
  readonly text: string;
  /** It ended by itself, not at the limit. */
  readonly ended: boolean;
  /** Absent where the service gave none. */
  readonly tokens?: readonly TokenChoice[];
}

/** @throws RankscopeError 'network' */
export function readChat(json: unknown, host: string): ChatReply {
  const choice = isObject(json) && Array.isArray(json.choices) ? (json.choices[0] as unknown) : undefined;
  const message = isObject(choice) ? choice.message : undefined;
  if (!isObject(choice) || !isObject(message)) throw wrongShape(host, '“choices” with a message');
  // A model that only reasoned has null here.
  if (!isText(message.content) && message.content !== null) throw wrongShape(host, 'text');
  const tokens = readTokens(choice.logprobs);
  return {
    text: message.content ?? '',
    ended: choice.finish_reason !== 'length',
    tokens,
    ...usageOf(json),
  };
}

function readTokens(logprobs: unknown): TokenChoice[] | undefined {
  if (!isObject(logprobs) || !Array.isArray(logprobs.content) || logprobs.content.length === 0)
    return undefined;
  const read = logprobs.content.map((one: unknown): TokenChoice | undefined => {
    if (!isObject(one) || !isText(one.token) || !Array.isArray(one.top_logprobs)) return undefined;
    const top = one.top_logprobs.filter(
      (entry: unknown): entry is TokenChoice['top'][number] =>
        isObject(entry) && isText(entry.token) && isNumber(entry.logprob),
    );
    return top.length === 0 ? undefined : { token: one.token, top };
  });
  return read.every((one) => one !== undefined) ? read : undefined;
}

export interface RerankReply {
  readonly order: readonly number[];
  readonly scores: readonly number[];
  readonly tokens?: number;
}

/**
 * `results` (Cohere, Jina, vLLM, llama.cpp), `data` (Voyage) or a bare list; each with `index` and `relevance_score` or
 * `score`. Sorted here: not all services do. Equal scores stand in the order given.
 * @throws RankscopeError 'network' unless every passage has a score, and has it once
 */
export function readRerank(json: unknown, passages: number, host: string): RerankReply {
  const list = isObject(json) ? (json.results ?? json.data) : json;
  if (!Array.isArray(list)) throw wrongShape(host, '“results”');
  const scores: (number | undefined)[] = Array.from({ length: passages });
  for (const one of list as unknown[]) {
    const score = isObject(one) ? (one.relevance_score ?? one.score) : undefined;
    if (!isObject(one) || !isCount(one.index) || !isNumber(score)) {
      throw wrongShape(host, '“index” and “relevance_score” for every passage');
    }
    if (one.index >= passages || scores[one.index] !== undefined) {
      throw wrongShape(host, `a place for each of the ${passages} passages: it names ${one.index} wrongly`);
    }
    scores[one.index] = score;
  }
  const missing = scores.filter((score) => score === undefined).length;
  if (missing > 0) throw wrongShape(host, `a score for ${missing} of ${passages} passages`);
  const all = scores as number[];
  const order = all.map((_, i) => i).sort((a, b) => all[b]! - all[a]! || a - b);
  return { order, scores: order.map((i) => all[i]!), tokens: tokensOf(json) };
}

function usageOf(json: unknown): Usage {
  const usage = isObject(json) && isObject(json.usage) ? json.usage : {};
  const count = (value: unknown) => (isCount(value) ? value : undefined);
  return {
    input: count(usage.prompt_tokens ?? usage.input_tokens),
    output: count(usage.completion_tokens ?? usage.output_tokens),
  };
}

/** Rerank services count in `usage`, Cohere in `meta`. */
function tokensOf(json: unknown): number | undefined {
  if (!isObject(json)) return undefined;
  const usage = isObject(json.usage) ? json.usage : {};
  const meta = isObject(json.meta) && isObject(json.meta.tokens) ? json.meta.tokens : {};
  const found = usage.total_tokens ?? usage.prompt_tokens ?? meta.input_tokens;
  return isCount(found) ? found : undefined;
}
