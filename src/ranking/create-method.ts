/** Ranking methods by name, behind the one contract of types.ts. */
import { RankscopeError, throwIfCancelled } from '../errors.ts';
import type { RankerModel } from '../inference/ranker-model.ts';
import type { PromptLimits } from '../inference/scorer.ts';
import type { AskContext } from './ask.ts';
import { ComparisonCache } from './cache.ts';
import { checkFusion, type Fusion, fusedEvent } from './fusion.ts';
import { type MethodId, methodNamed, needsTrueProbabilities } from './methods/registry.ts';
import { refuseLacking } from './needs.ts';
import { plannedCalls } from './planned-calls.ts';
import { type GivenChoices, scheduleChoices } from './schedules/choices.ts';
import { labelsOf, type PromptTemplate } from './template.ts';
import { validateTemplate } from './templates.ts';
import type { RankingMethod, TimedEvent } from './types.ts';

/**
 * The choices of a schedule are given beside the others (schedules/choices.ts).
 * @example `createMethod('prp-sliding', { template: PRP, passes: 1 })` finds the first place alone, in 2(n − 1) calls
 */
export interface MethodOptions extends GivenChoices {
  /**
   * The wording; of the kind that the method reads.
   * @example `createMethod('prp-allpair', { template: PRP })`, the paper's wording (presets.ts)
   */
  readonly template: PromptTemplate;
  /**
   * Answers are taken from here and kept here; absent: known only within a run.
   * @example `const cache = new ComparisonCache()`, given to all pairs first and to heapsort next: heapsort then asks nothing
   */
  readonly cache?: ComparisonCache;
  /**
   * Relevance generation: rank by Eq. 2 with true probabilities.
   * @example `createMethod('rg', { template: RELEVANCE, trueProbabilities: true })`
   */
  readonly trueProbabilities?: boolean;
  /**
   * Fuses the ranking with the first stage's, by the candidates' own scores: no call more.
   * @example `createMethod('qlm', { template, fusion: { by: 'rrf' } })`
   */
  readonly fusion?: Fusion;
  /**
   * Overrides of the checkpoint's limits. `maxPassageWords` can only lower the template's.
   * @example `createMethod('rg', { template: RELEVANCE, limits: { maxPassageWords: 50 } })`
   */
  readonly limits?: Partial<PromptLimits>;
  /**
   * Models at hand: named where the one that is to rank lacks what the method needs.
   * @example `createMethod(id, { template, models: [teacher, student] })`, so that an error can say which of the two would do
   */
  readonly models?: readonly RankerModel[];
}

/**
 * A method ready to rank. Its stream: `planned`, then `scored` or `decided` followed by `ranking` for
 * every batch (at least one `ranking`, the last is final), then `done`; each with the time it came
 * at. `totals.seconds` is wall time
 * from start to done, so a reader that dawdles between events is included.
 *
 * When the signal is aborted the stream throws 'cancelled' between batches; everything finished is in
 * the cache and another run over the same cache asks only the rest.
 *
 * Throws 'bad-input' at once when the template or the options do not fit the method, and from the stream, before
 * anything is asked, when the model lacks what the method needs.
 */
export function createMethod(id: MethodId, options: MethodOptions): RankingMethod {
  const { template, limits, fusion } = options;
  checkOptions(id, options);
  const method = methodNamed(id);
  const choices = { ...scheduleChoices(options), trueProbabilities: options.trueProbabilities === true };
  const needsLogSumExp = needsTrueProbabilities(id, choices.trueProbabilities);

  async function* rank(
    ...[query, candidates, model, run = {}]: Parameters<RankingMethod['rank']>
  ): AsyncGenerator<TimedEvent> {
    const started = performance.now();
    const now = (): number => performance.now() - started;
    const { signal } = run;
    throwIfCancelled(signal);
    refuseLacking(method, model, options.models);
    const planned = plannedCalls(id, candidates.length, choices);
    yield { type: 'planned', ...planned, at: now() };
    const context: AskContext = {
      model,
      cache: options.cache ?? new ComparisonCache(),
      signal,
      limits,
      logSumExp: needsLogSumExp,
      counts: { asked: 0, cached: 0, tokens: 0 },
    };
    for await (const event of method.run(choices)(template, query, candidates, context)) {
      yield { ...(fusion ? fusedEvent(event, candidates, fusion) : event), at: now() };
    }
    throwIfCancelled(signal);
    const at = now();
    const totals = { planned: planned.calls, ...context.counts, seconds: at / 1000 };
    yield { type: 'done', totals, at };
  }

  return { id, rank };
}

function checkOptions(id: MethodId, { template, limits, ...given }: MethodOptions): void {
  const { kind, labels, title } = methodNamed(id);
  validateTemplate(template);
  scheduleChoices(given);
  if (given.fusion) checkFusion(given.fusion);
  if (template.kind !== kind) {
    throw new RankscopeError(
      'bad-input',
      `The method ${id} reads a ${kind} template, and “${template.name}” is ${template.kind}. Choose another template.`,
    );
  }
  if (labelsOf(template).length < labels) {
    throw new RankscopeError(
      'bad-input',
      `The method ${id} (${title}) compares ${labels} labels, and “${template.name}” has ${labelsOf(template).length}. Choose another template.`,
    );
  }
  for (const [name, value] of Object.entries(limits ?? {})) {
    if (value !== undefined && (!Number.isInteger(value) || value < 1)) {
      throw new RankscopeError('bad-input', `The limit ${name} is ${value}; use a whole number from 1.`);
    }
  }
}
