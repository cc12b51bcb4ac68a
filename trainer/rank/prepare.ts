/** Everything that can be wrong is found here, before a call is made: input, template, checkpoint. */

import { isIdentical } from '../../src/evaluation/identical-ids.ts';
import { rewrittenIds, rewrittenText } from '../../src/formats/run-ids.ts';
import { createMethod } from '../../src/ranking/create-method.ts';
import { methodNamed } from '../../src/ranking/methods/registry.ts';
import { refuseLacking, refuseNotGiven } from '../../src/ranking/needs.ts';
import { givenChoices } from '../../src/ranking/schedules/choices.ts';
import { shownAtOnce } from '../../src/ranking/shown-at-once.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import type { RankingMethod } from '../../src/ranking/types.ts';
import { countIdentical, keptNote } from '../input/identical-ids.ts';
import { type RankJob, rankedIds, readJobs } from '../input/read-jobs.ts';
import { type AskedModel, openService } from '../scoring/asked-model.ts';
import { checkPrompts } from '../scoring/check-prompts.ts';
import { chooseTemplate, refuseUntrained } from '../scoring/choose-template.ts';
import { countCut, cutNote, fitOf, fitQueries } from '../scoring/fit-queries.ts';
import { openModel } from '../scoring/model-folder.ts';
import { openingBytes, refuseOpening } from '../scoring/model-memory.ts';
import { planCheckpoints } from '../scoring/plan-checkpoints.ts';
import type { RankListener, RankRequest } from './rank-request.ts';

export interface PreparedRun {
  readonly jobs: readonly RankJob[];
  readonly template: PromptTemplate;
  readonly method: RankingMethod;
  readonly opened: AskedModel;
  /** What people should know before the work. */
  readonly notices: readonly string[];
}

/** @throws RankscopeError that names file, line or option and reason. Dispose of `opened.scorer` afterwards. */
export async function prepareRun(request: RankRequest, listener: RankListener = {}): Promise<PreparedRun> {
  const leaveOut = request.leaveOutIdenticalIds ? isIdentical : undefined;
  const read = await readJobs(request.input, request.k, leaveOut);
  const identical = countIdentical(read);
  const ids = request.format === 'trec' ? rewrittenText(rewrittenIds(rankedIds(read))) : undefined;
  const rewritten = ids === undefined ? [] : [ids];
  const kept = identical > 0 ? [keptNote(request.input, identical)] : [];
  if (request.remote) {
    const notices = [...rewritten, ...kept];
    const opened = await openService(request.remote, (waiting) => {
      if (waiting) listener.notice?.(waiting.message);
    });
    return { jobs: read, ...(await asked(request, opened)), opened, notices };
  }
  const folder = request.checkpoint!;
  const [plan] = await planCheckpoints([folder], request.dtype);
  refuseNotGiven(methodNamed(request.method), plan!.card.name, plan!.gives);
  refuseUntrained(request.method, plan!.card, request);
  refuseOpening(plan!.card.name, openingBytes(plan!.bytes));
  const opened = await openModel(folder, request.threads, plan!.dtype, listener.notice);
  try {
    const { template, method } = await asked(request, opened);
    const { tokenizer } = opened.scorer;
    const shown = shownAtOnce(request.method, template, request);
    const jobs: readonly RankJob[] = request.cutQueries
      ? fitQueries(read, fitOf(template, tokenizer, opened.card, shown))
      : read;
    checkPrompts(request.input, jobs, template, tokenizer, opened.card, { shown });
    const cut = countCut(jobs);
    const notices = [
      ...rewritten,
      ...(cut > 0 ? [cutNote(request.input, cut, opened.card.limits.maxTokens)] : []),
      ...kept,
    ];
    return { jobs, template, method, opened, notices };
  } catch (error) {
    await opened.scorer.dispose();
    throw error;
  }
}

/** The method in its wording. @throws RankscopeError where the model cannot do what it needs */
async function asked(
  request: RankRequest,
  { card, scorer }: Pick<AskedModel, 'card' | 'scorer'>,
): Promise<Pick<PreparedRun, 'template' | 'method'>> {
  const { trueProbabilities } = request;
  const template = await chooseTemplate(request.method, card, request.template);
  const method = createMethod(request.method, { ...givenChoices(request), template, trueProbabilities });
  refuseLacking(methodNamed(request.method), scorer);
  return { template, method };
}
