/** The lists of a training, read, checked, split and made into prompts: before any weight is read. */
import { RankscopeError } from '../../src/errors.ts';
import { badInput } from '../../src/formats/excerpt.ts';
import type { SourceInfo } from '../../src/formats/label-line.ts';
import { readQrels } from '../../src/formats/qrels.ts';
import type { Qrels } from '../../src/types.ts';
import { readText } from '../input/read-jobs.ts';
import { drawn, type LabelList, readLabels, type Split, splitLists } from './labels.ts';
import { type EncodedList, encodeLists, type PromptMaker } from './prompts.ts';
import { inputsOf } from './record.ts';
import type { Settings } from './settings.ts';
import type { Selection, TrainListener, TrainRequest } from './train-request.ts';
import type { ValidationList } from './validate.ts';

export interface TrainingData {
  readonly training: readonly EncodedList[];
  readonly validation: readonly ValidationList[];
  readonly leftOut: Split['leftOut'];
  /** Who labelled. */
  readonly sources: readonly SourceInfo[];
  /** By what the best step is chosen. */
  readonly select: Selection;
}

/** @throws RankscopeError 'missing' or 'bad-input' with file and line; 'cancelled' */
export async function readData(
  request: TrainRequest,
  settings: Settings,
  maker: PromptMaker,
  { progress }: TrainListener = {},
): Promise<TrainingData> {
  const isSoft = settings.loss === 'ranknet-soft';
  const labels = await readLabels(inputsOf(request), { probabilities: isSoft });
  const given = await readValidation(request, settings.validationQueries);
  const split = splitLists(labels.lists, settings, given?.lists);
  if (split.training.length === 0) {
    throw new RankscopeError(
      'bad-input',
      `${inputsOf(request).join(', ')}: none of the ${labels.lists.length} lists is left to learn from (${leftOutText(split)}).`,
    );
  }
  if (isSoft) refuseUndecided(split.training);
  const qrels = given?.qrels ?? new Map<LabelList, Qrels>();
  if (request.qrels !== undefined) {
    const judged = readQrels(await readText(request.qrels), request.qrels);
    for (const list of split.validation) if (!qrels.has(list)) qrels.set(list, judged);
  }
  const total = split.training.length + split.validation.length;
  const options = (before: number) => ({
    signal: request.signal,
    onList: (done: number) => progress?.(before + done, total, 'lists', 'making prompts'),
  });
  const training = await encodeLists(split.training, maker, options(0));
  const held = await encodeLists(split.validation, maker, options(training.length));
  const validation = held.map((list, i): ValidationList => {
    const grades = qrels.get(split.validation[i]!)?.get(list.queryId);
    const isJudged = grades && [...grades.values()].some((grade) => grade > 0);
    return isJudged ? { ...list, grades } : list;
  });
  const select = selection(request, validation);
  return { training, validation, leftOut: split.leftOut, sources: labels.sources, select };
}

/** @throws RankscopeError 'bad-input' with file and line of labels that know an order and no decisions */
function refuseUndecided(lists: readonly LabelList[]): void {
  const found = lists.find(({ probabilities }) => !probabilities);
  if (!found) return;
  throw badInput(
    found.file,
    found.line,
    'it has no decisions, whose probabilities the loss ranknet-soft learns. Label with a pairwise teacher, or choose another loss.',
  );
}

interface Validation {
  readonly lists: readonly LabelList[];
  readonly qrels: Map<LabelList, Qrels>;
}

/** @param most lists of each input, drawn by hash */
async function readValidation(
  { validation = [] }: TrainRequest,
  most: number,
): Promise<Validation | undefined> {
  if (validation.length === 0) return undefined;
  const lists: LabelList[] = [];
  const qrels: Validation['qrels'] = new Map();
  for (const { path, qrels: file } of validation) {
    const own = drawn((await readLabels([path])).lists, most);
    const judged = file === undefined ? undefined : readQrels(await readText(file), file);
    for (const list of own) if (judged) qrels.set(list, judged);
    lists.push(...own);
  }
  return { lists, qrels };
}

/** @throws RankscopeError 'bad-input' when it cannot be chosen as asked */
function selection(request: TrainRequest, validation: readonly ValidationList[]): Selection {
  const judged = validation.some(({ grades }) => grades);
  const wantsJudged = request.select === 'ndcg' || (request.qrels !== undefined && !request.qrelsMayMiss);
  if (wantsJudged && !judged) {
    throw new RankscopeError(
      'bad-input',
      `None of the ${validation.length} queries held out to validate is judged${request.qrels === undefined ? '' : ` in ${request.qrels}`}. ` +
        'Give labels of judged queries with --validation, hold out more with --hold-out, or leave the judgments out.',
    );
  }
  if (request.select === 'agreement' && validation.length === 0) {
    if (request.qrelsMayMiss) return 'last';
    throw new RankscopeError(
      'bad-input',
      'Nothing is held out to validate: see --validation and --hold-out.',
    );
  }
  if (request.select !== undefined) return request.select;
  if (judged) return 'ndcg';
  return validation.length > 0 ? 'agreement' : 'last';
}

const leftOutText = ({ validation, leftOut: { short, noPair, held } }: Split) =>
  `${validation.length} are held out to validate, ${held} are also among those, ${short} have fewer than two passages, ` +
  `${noPair} the teacher scored all alike`;
