/** How long a run will take, from a measurement of its own prompts on this machine. */
import type { LikelihoodPrompt, RankerModel } from '../../src/inference/ranker-model.ts';
import type { AnsweredBatch, Prompt } from '../../src/inference/scorer.ts';
import type { MethodId } from '../../src/ranking/methods/registry.ts';
import { needed } from '../../src/ranking/needs.ts';
import { plannedCalls } from '../../src/ranking/planned-calls.ts';
import { renderPrompt, targetText } from '../../src/ranking/render.ts';
import type { GivenChoices } from '../../src/ranking/schedules/choices.ts';
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

/** Prompts measured: a few batches, from all over the input. */
const PROBE = 24;

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
  template: PromptTemplate,
  scorer: RankerModel,
  options: AskOptions,
): Promise<Estimate> {
  const prompts = probePrompts(jobs, template);
  if (prompts.length === 0) {
    const nothing = { seconds: 0, probed: 0, callsPerSecond: 0, tokensPerCall: 0 };
    return { ...plan, ...nothing, memoryBytes: peakMemory() };
  }
  const run = () => tokensOf(ask(scorer, template, prompts, options));
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
function probePrompts(jobs: readonly RankJob[], template: PromptTemplate): ProbePrompt[] {
  const slots = passagesShown(template).least;
  const useful = jobs.filter(({ candidates }) => candidates.length >= slots);
  if (useful.length === 0) return [];
  return Array.from({ length: PROBE }, (_, i) => {
    const { query, asked = query, candidates } = useful[Math.floor((i * useful.length) / PROBE)]!;
    const passages = Array.from(
      { length: slots },
      (_, s) => candidates[(i + s) % candidates.length]!.passage,
    );
    const target = template.kind === 'likelihood' ? targetText(template, asked) : '';
    return { ...renderPrompt(template, asked, passages), target };
  });
}

interface AskOptions {
  readonly signal?: AbortSignal;
  readonly logSumExp?: boolean;
}

/** The prompts as the kind of template is answered. */
function ask(
  model: RankerModel,
  template: PromptTemplate,
  prompts: readonly ProbePrompt[],
  { signal, logSumExp }: AskOptions,
): AsyncIterable<AnsweredBatch> {
  if (template.kind === 'likelihood') return needed(model, 'likelihood').likelihoods(prompts, { signal });
  return needed(model, 'logits').score(prompts, { signal, logSumExp });
}

async function tokensOf(batches: AsyncIterable<AnsweredBatch>): Promise<number> {
  let tokens = 0;
  for await (const batch of batches) for (const count of batch.tokens) tokens += count;
  return tokens;
}
