/** Options of commands that can ask a service instead of a checkpoint. The key comes from the environment alone. */

import type { RemoteEstimate } from '../../src/ranking/remote-estimate.ts';
import { costOfTokens, type Price } from '../../src/remote/cost.ts';
import { usage } from '../cli/args.ts';
import { type OptionValues, ruled, text } from '../cli/options.ts';
import { count } from '../cli/progress.ts';
import { from, whole } from '../cli/rule.ts';
import type { RemoteRequest, RemoteUse } from '../scoring/asked-model.ts';

const KEY_VARIABLE = 'RANKSCOPE_API_KEY';

export const REMOTE_GROUP = {
  endpoint: text(
    'URL',
    'a service instead of --checkpoint: OpenAI-compatible chat (…/v1: Ollama, llama.cpp, vLLM and others) or, for the ' +
      'method rerank, Cohere-style rerank. Queries and passages go to this address, and no other',
  ),
  model: text('NAME', 'the service’s name for the model'),
  keyEnv: text('NAME', `environment variable with the key (default ${KEY_VARIABLE}); it is written nowhere`),
  parallel: ruled(whole(1, 64), 'N', 'requests at a time (default 4)'),
  price: ruled(from(0), 'P', 'price of a million input tokens, for the cost before and after'),
  priceOutput: ruled(from(0), 'P', 'price of a million output tokens (default: that of input)'),
};

type RemoteValues = Partial<OptionValues<{ Remote: typeof REMOTE_GROUP }>>;

/**
 * The service that is to be asked; undefined where none is.
 * @throws RankscopeError 'bad-input' for options that do not go together; none repeats a key
 */
export function readRemote(
  command: string,
  { endpoint, model, keyEnv, parallel, price, priceOutput }: RemoteValues,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): RemoteRequest | undefined {
  if (endpoint === undefined) {
    const idle = Object.entries({ model, keyEnv, parallel, price, priceOutput }).find(
      ([, value]) => value !== undefined,
    );
    if (!idle) return undefined;
    const name = idle[0].replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw usage(command, `--${name} is for --endpoint URL`);
  }
  if (model === undefined) throw usage(command, '--endpoint needs --model NAME, the service’s name for it');
  if (priceOutput !== undefined && price === undefined) throw usage(command, '--price-output needs --price');
  return {
    endpoint,
    model,
    key: readKey(command, keyEnv, environment),
    parallel,
    price: price === undefined ? undefined : { input: price, output: priceOutput ?? price },
  };
}

/** Options that say how this machine computes would be passed over in silence. */
export function refuseForService(
  command: string,
  given: { readonly dtype?: unknown; readonly threads?: unknown; readonly cutQueries?: boolean },
): void {
  const { dtype, threads, cutQueries } = given;
  const named = { '--dtype': dtype, '--threads': threads, '--cut-queries': cutQueries || undefined };
  const idle = Object.entries(named).find(([, value]) => value !== undefined);
  if (idle) throw usage(command, `${idle[0]} is for --checkpoint, and has no effect on a service`);
}

function readKey(
  command: string,
  variable: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (variable === undefined) return environment[KEY_VARIABLE] ?? '';
  const key = environment[variable];
  if (key !== undefined && key !== '') return key;
  // Somebody may have given the key itself: it is not repeated.
  throw usage(
    command,
    '--key-env takes the name of an environment variable, and the one given is not set or empty',
  );
}

/** Before a run. */
export function remoteEstimateText(
  { calls, upperBound, inputTokens, outputTokens }: RemoteEstimate,
  service: string,
  price: Price | undefined,
): string {
  if (calls === 0) return `Nothing is left to ask ${service}.`;
  const cost = price ? `, at most about ${money(costOfTokens({ inputTokens, outputTokens }, price))}` : '';
  return (
    `${upperBound ? 'At most ' : ''}${count(calls)} calls to ${service}, about ${count(inputTokens)} input tokens ` +
    `and at most ${count(outputTokens)} output tokens${cost}${price ? '' : ' (--price P says what that costs)'}.`
  );
}

/** After a run. */
export function remoteUseText({ service, requests, answers, cost, ...counts }: RemoteUse): string {
  const { inputTokens, outputTokens, uncounted, unreadable, byWords } = counts;
  const again = requests > answers ? ` (${count(requests - answers)} of them without an answer)` : '';
  const parts = [
    `${count(requests)} requests to ${service}${again}`,
    `${count(inputTokens)} input and ${count(outputTokens)} output tokens as it counts them${cost === undefined ? '' : `, ${money(cost)}`}`,
  ];
  if (uncounted > 0) parts.push(`${count(uncounted)} answers came without a count`);
  if (byWords > 0) parts.push(`${count(byWords)} answers read by their words, without probabilities`);
  if (unreadable > 0) parts.push(`${count(unreadable)} of them named no label and count as ties`);
  return `${parts.join('; ')}.`;
}

/** Small sums keep two digits that say something. */
const money = (cost: number): string => (cost >= 1 || cost === 0 ? cost.toFixed(2) : cost.toPrecision(2));
