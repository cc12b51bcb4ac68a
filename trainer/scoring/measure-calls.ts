/** How long a run will take, from a measurement of its own prompts on this machine. */
import type { LikelihoodPrompt, RankerModel } from '../../src/inference/ranker-model.ts';
import type { AnsweredBatch, Prompt } from '../../src/inference/scorer.ts';
import { listwiseLimits } from '../../src/ranking/listwise.ts';
import { type MethodId, methodNamed } from '../../src/ranking/methods/registry.ts';
import { needed } from '../../src/ranking/needs.ts';
import { plannedCalls } from '../../src/ranking/planned-calls.ts';
import { renderPrompt, targetText } from '../../src/ranking/render.ts';
import { type GivenChoices, scheduleChoices } from '../../src/ranking/schedules/choices.ts';
import { shownAtOnce } from '../../src/ranking/shown-at-once.ts';
import { type PromptTemplate, passagesShown } from '../../src/ranking/template.ts';
import type { RankJob } from '../input/read-jobs.ts';
import { peakMemory } from '../node/machine.ts';

export interface Plan {
  readonly calls: number;
  /** The schedule may need fewer. */
  readonly upperBound: boolean;
}

export interface Estimate extends Plan {
  readonly seconds: number;
  /** Warm prompts that were measured, and what they took. */
  readonly probed: number;
  readonly callsPerSecond: number;
  readonly tokensPerCall: number;
  /** The most memory of the process, the model and the measured prompts included. */
  readonly memoryBytes: number;
}

/** What the calls are of. */
export interface Asked {
  readonly method: MethodId;
  readonly template: PromptTemplate;
  readonly choices?: GivenChoices;
}

/** Prompts measured: a few batches, from all over the input. */
const PROBE = 24;
/** Of those that are answered with text, which takes much longer. */
const FEW = 4;
/** Prompts of one query side by side where they run together only with their like: those whose likelihood is asked. */
const TOGETHER = 12;

export function planOf(method: MethodId, jobs: readonly RankJob[], given?: GivenChoices): Plan {
  const plans = jobs.map(({ candidates }) => plannedCalls(method, candidates.length, given));
  return {
    calls: plans.reduce((sum, { calls }) => sum + calls, 0),
    upperBound: plans.some(({ upperBound, calls }) => upperBound && calls > 0),
  };
}

/** Runs up to 24 of the prompts twice, the first time to warm up; wall time of the second counts. */
export async function measure(
  plan: Plan,
  jobs: readonly RankJob[],
  asked: Asked,
  scorer: RankerModel,
  options: AskOptions,
): Promise<Estimate> {
  const prompts = probePrompts(jobs, asked);
  if (prompts.length === 0) {
    const nothing = { seconds: 0, probed: 0, callsPerSecond: 0, tokensPerCall: 0 };
    return { ...plan, ...nothing, memoryBytes: peakMemory() };
  }
  const run = () => tokensOf(ask(scorer, asked, prompts, options));
  await run();
  const began = performance.now();
  const tokens = await run();
  const seconds = Math.max(1e-6, (performance.now() - began) / 1000);
  const callsPerSecond = prompts.length / seconds;
  return {
    ...plan,
    seconds: plan.calls / callsPerSecond,
    probed: prompts.length,
    callsPerSecond,
    tokensPerCall: tokens / prompts.length,
    memoryBytes: peakMemory(),
  };
}

type ProbePrompt = Prompt & LikelihoodPrompt;

/** Prompts as the method will ask them: neighbours in first-stage order, of queries spread over the input. */
function probePrompts(jobs: readonly RankJob[], { method, template, choices = {} }: Asked): ProbePrompt[] {
  const { needs } = methodNamed(method);
  const most = needs === 'generation' ? FEW : PROBE;
  const together = needs === 'likelihood' ? TOGETHER : 1;
  const wanted = shownAtOnce(method, template, choices);
  const { least } = passagesShown(template);
  const useful = jobs.filter(({ candidates }) => candidates.length >= least);
  if (useful.length === 0) return [];
  const probes = Array.from({ length: most }, (_, i) => {
    const group = Math.floor(i / together) * together;
    const { query, asked = query, candidates } = useful[Math.floor((group * useful.length) / most)]!;
    const passages = Array.from(
      { length: Math.min(wanted, candidates.length) },
      (_, s) => candidates[(i + s) % candidates.length]!.passage,
    );
    const target = template.kind === 'likelihood' ? targetText(template, asked) : '';
    return { ...renderPrompt(template, asked, passages), target };
  });
  // Prompts of one call share their labels.
  return probes.filter(({ labels }) => labels.length === probes[0]!.labels.length);
}

interface AskOptions {
  readonly signal?: AbortSignal;
  readonly logSumExp?: boolean;
}

/** The prompts as the method asks them. */
function ask(
  model: RankerModel,
  { method, template, choices }: Asked,
  prompts: readonly ProbePrompt[],
  { signal, logSumExp }: AskOptions,
): AsyncIterable<AnsweredBatch> {
  switch (methodNamed(method).needs) {
    case 'generation': {
      const { maxNewTokens } = listwiseLimits(template, scheduleChoices(choices));
      return needed(model, 'generation').generate(prompts, { maxNewTokens, signal });
    }
    case 'likelihood':
      return needed(model, 'likelihood').likelihoods(prompts, { signal });
    case 'relevance':
      return needed(model, 'relevance').relevance(prompts, { signal });
    default:
      return needed(model, 'logits').score(prompts, { signal, logSumExp });
  }
}

async function tokensOf(batches: AsyncIterable<AnsweredBatch>): Promise<number> {
  let tokens = 0;
  for await (const batch of batches) for (const count of batch.tokens) tokens += count;
  return tokens;
}
