/**
 * Prompts of training, made by the very code that renders and cuts them at inference: a student is
 * asked exactly what it was trained on.
 */
import { RankscopeError, throwIfCancelled } from '../../src/errors.ts';
import { badInput } from '../../src/formats/excerpt.ts';
import { encodePrompt } from '../../src/inference/prompt-encoder.ts';
import type { Prompt, PromptLimits } from '../../src/inference/scorer.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import { renderPrompt } from '../../src/ranking/templates.ts';
import type { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import type { TrainingList } from '../../src/training/list-gradient.ts';
import { checkPrompts } from '../scoring/check-prompts.ts';
import { type LabelList, ranksOf } from './labels.ts';

/** Lists between two looks at signals. */
const YIELD_EVERY = 32;

export interface EncodedList extends TrainingList {
  readonly queryId: string;
  readonly passageIds: readonly string[];
  readonly teacherScores: readonly number[];
  /** Of all prompts, end tokens counted. */
  readonly tokens: number;
  /** Prompts that were cut. */
  readonly cut: number;
}

export interface PromptMaker {
  readonly template: PromptTemplate;
  readonly tokenizer: T5Tokenizer;
  readonly limits: PromptLimits;
}

/** @throws RankscopeError 'bad-input' naming file and line of a query that leaves no room for a passage */
export function encodeList(list: LabelList, { template, tokenizer, limits }: PromptMaker): EncodedList {
  const { query, passages, scores, probabilities, file, line } = list;
  let tokens = 0;
  let cut = 0;
  const prompts = passages.map((passage) => {
    // The limits are the encoder's, as at inference; words are cut by the template alone.
    const rendered = renderPrompt(template, query, [passage]);
    const { ids, cuts } = encode(rendered);
    if (rendered.cuts.length > 0 || cuts.length > 0) cut++;
    tokens += ids.length;
    return ids;
  });
  return {
    queryId: query.id,
    passageIds: passages.map(({ id }) => id),
    prompts,
    ranks: ranksOf(scores),
    teacherScores: scores,
    probabilities,
    tokens,
    cut,
  };

  function encode(prompt: Prompt) {
    try {
      return encodePrompt(tokenizer, prompt, limits);
    } catch (error) {
      if (error instanceof RankscopeError) throw badInput(file, line, error.message);
      throw error;
    }
  }
}

export interface EncodeOptions {
  readonly signal?: AbortSignal;
  readonly onList?: (done: number, total: number) => void;
}

/** Encodes lists; lets Ctrl-C in between them. @throws RankscopeError 'bad-input' and 'cancelled' */
export async function encodeLists(
  lists: readonly LabelList[],
  maker: PromptMaker,
  { signal, onList }: EncodeOptions = {},
): Promise<EncodedList[]> {
  for (const file of new Set(lists.map((list) => list.file))) {
    const jobs = lists.filter((list) => list.file === file).map((list) => ({ ...list, candidates: [] }));
    checkPrompts(file, jobs, maker.template, maker.tokenizer, maker, { otherwise: 'leave the query out' });
  }
  const out: EncodedList[] = [];
  for (const list of lists) {
    if (out.length % YIELD_EVERY === 0) await new Promise((go) => setImmediate(go));
    throwIfCancelled(signal);
    out.push(encodeList(list, maker));
    onList?.(out.length, lists.length);
  }
  return out;
}
