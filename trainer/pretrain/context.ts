/** What all stages share: recipe, data, templates, folders, log. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import {
  embeddedPairwise,
  embeddedRelevance,
  embeddedStudent,
} from '../../src/ranking/embedded-templates.ts';
import type { T5Config } from '../../src/t5/config.ts';
import type { TrainingSet } from './data/training-set.ts';
import type { TrainingLog } from './log.ts';
import { compileTemplate, plainIds, type TokenTemplate } from './prompts.ts';
import type { Recipe } from './recipe.ts';

export interface TrainingContext {
  readonly recipe: Recipe;
  readonly config: T5Config;
  readonly set: TrainingSet;
  readonly templates: {
    readonly pair: TokenTemplate;
    readonly relevance: TokenTemplate;
    readonly student: TokenTemplate;
  };
  readonly tokenizer: Tokenizer;
  /** Queries of all stages before the labels. */
  readonly trainQueries: readonly number[];
  /** Not trained on before the base labels them for the student. */
  readonly distilQueries: readonly number[];
  /** Never trained on at all: for the curves in the log. */
  readonly validationQueries: readonly number[];
  readonly output: string;
  readonly signal?: AbortSignal;
  /** Seconds between two states of a stage; default 60. */
  readonly saveSeconds?: number | undefined;
  readonly log: TrainingLog;
}

export function openTokenizer(folder: string): Tokenizer {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
  return new Tokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
}

export function compileTemplates(tokenizer: Tokenizer, config: T5Config): TrainingContext['templates'] {
  const ids = { start: config.decoderStartId, end: config.eosId };
  return {
    pair: compileTemplate(embeddedPairwise, tokenizer, ids),
    relevance: compileTemplate(embeddedRelevance, tokenizer, ids),
    student: compileTemplate(embeddedStudent, tokenizer, ids),
  };
}

/** Pieces that open a segment, and label pieces, for the wired start. */
export function wiredPieces(tokenizer: Tokenizer, answers: Recipe['answers'] = 'shared') {
  const last = (text: string) => plainIds(tokenizer, text).at(-1)!;
  const yesNo = { positive: [last('yes')], negative: [last('no')] };
  const shared = answers === 'shared';
  return {
    markers: {
      first: [last('passage a:'), last('passage:')],
      second: [last('passage b:')],
      query: [last('query:'), last('question:')],
    },
    labels: {
      positive: [last('a'), ...(shared ? yesNo.positive : [])],
      negative: [last('b'), ...(shared ? yesNo.negative : [])],
    },
    apart: shared ? undefined : yesNo,
  };
}
