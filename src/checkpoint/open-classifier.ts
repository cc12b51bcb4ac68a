/**
 * Opens a cross-encoder in transformers.js' text-classification layout: config.json, tokenizer.json, tokenizer_config.json
 * and onnx/model….onnx, which gives logits of query and passage. As with T5 folders transformers.js itself is not used.
 */
import { bad } from '../bytes/byte-errors.ts';
import type { FileDigest, FolderFile, FolderReader } from '../bytes/byte-source.ts';
import { readTextFile } from '../bytes/read.ts';
import { sha256 } from '../bytes/sha256.ts';
import { messageOf, RankscopeError } from '../errors.ts';
import {
  CLASSIFIER_INPUTS,
  CLASSIFIER_OUTPUT,
  type ClassifierModel,
  classifierModel,
  unknownClassifierInputs,
} from '../inference/classifier-model.ts';
import { CrossEncoderScorer } from '../inference/cross-encoder-scorer.ts';
import type { Runtime } from '../inference/runtime.ts';
import { isCount, isObject } from '../json-checks.ts';
import { pairTemplate } from '../ranking/methods/cross-encoder/method.ts';
import { PairTokenizer } from '../tokenizer/pair-tokenizer.ts';
import { type ClassifierFiles, classifiersIn } from './classifier-files.ts';
import { type ClassifierHead, longestPair, readHead } from './classifier-head.ts';
import { ADVICE } from './graph-loader.ts';
import { readLicense } from './hf-folder.ts';
import type { OpenedCheckpoint, OpenOptions } from './open-checkpoint.ts';
import { type Layout, type LayoutFacts, openLayout } from './open-layout.ts';
import type { RankerCard } from './ranker-card.ts';
import { lastPart } from './recognise.ts';
import { startSession } from './start-session.ts';
import { parseJson } from './tokenizer-files.ts';
import { checkVocabulary } from './vocabulary-checks.ts';

const KIND = 'a text classifier in transformers.js’ layout';

/** Files beside the graph that decide what a score is: they are part of the model's digest. */
export const READ_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json'] as const;

/** What a folder says of itself, before any of its weights is read. */
export interface ClassifierFacts extends LayoutFacts<ClassifierFiles> {
  readonly head: ClassifierHead;
  readonly tokenizer: PairTokenizer;
  readonly padId: number;
  readonly vocabSize: number | undefined;
  /** Of READ_FILES. */
  readonly digests: Readonly<Record<string, FileDigest>>;
}

/**
 * @param title absent: the folder's
 * @throws RankscopeError 'missing' or 'bad-checkpoint' naming file and reason
 */
export async function readClassifier(
  folder: FolderReader,
  files: readonly FolderFile[],
  title?: string,
): Promise<ClassifierFacts> {
  const { name } = folder;
  const digests: Record<string, FileDigest> = {};
  const texts: Record<string, string> = {};
  for (const path of READ_FILES) {
    const text = await readSmall(folder, files, path);
    const bytes = new TextEncoder().encode(text);
    texts[path] = text;
    digests[path] = { bytes: bytes.length, sha256: await sha256(bytes) };
  }
  const config = parseJson(texts['config.json']!, `${name}config.json`);
  if (!isObject(config)) throw bad(`${name}config.json`, 'it is not a JSON object');
  const head = readHead(config, `${name}config.json`);
  const tokenizerConfig = parseJson(texts['tokenizer_config.json']!, `${name}tokenizer_config.json`);
  const tokenizer = new PairTokenizer(
    parseJson(texts['tokenizer.json']!, `${name}tokenizer.json`),
    tokenizerConfig,
    name,
  );
  const { vocab_size, pad_token_id } = config;
  const vocabSize = isCount(vocab_size) ? vocab_size : undefined;
  if (vocabSize !== undefined) checkVocabulary(tokenizer, vocabSize, name);
  const forms = classifiersIn(files, config, name);
  const card: RankerCard = {
    format: 'rankscope-checkpoint',
    version: 1,
    name: title ?? lastPart(name),
    role: 'student',
    description: description(head),
    license: (await readLicense(folder)) ?? 'unknown',
    templates: [pairTemplate(head.labels)],
    limits: { maxTokens: longestPair(config, tokenizerConfig) },
    scorers: Object.fromEntries(forms.map(({ dtype, model }) => [dtype, model.graph.path])),
    files: digests,
    provenance: {
      base: typeof config._name_or_path === 'string' ? config._name_or_path : lastPart(name),
      data: [],
      steps: 0,
      seed: 0,
      command: '',
      date: new Date().toISOString().slice(0, 10),
    },
    evaluation: [],
  };
  return {
    card,
    head,
    tokenizer,
    padId: isCount(pad_token_id) ? pad_token_id : 0,
    vocabSize,
    digests,
    forms,
  };
}

function description({ labels: [relevant, ...others] }: ClassifierHead): string {
  const reads = 'A cross-encoder: it reads query and passage together, one call per passage.';
  if (others.length === 0) return `${reads} Its score is the logit of its one output.`;
  return `${reads} Its score is the logit of “${relevant}” against ${others.map((label) => `“${label}”`).join(', ')}.`;
}

async function readSmall(folder: FolderReader, files: readonly FolderFile[], path: string): Promise<string> {
  if (files.some((file) => file.path === path)) return readTextFile(folder, path);
  throw new RankscopeError(
    'missing',
    `${folder.name}${path} is missing: a cross-encoder needs ${READ_FILES.join(', ')} and onnx/model.onnx. Get the folder again, with all of its files.`,
    { file: folder.name + path },
  );
}

/** The card of a folder, before any of its weights is read. @throws as `readClassifier` */
export const describeClassifier = async (
  folder: FolderReader,
  files: readonly FolderFile[],
): Promise<RankerCard> => (await readClassifier(folder, files)).card;

const CROSS_ENCODER: Layout<ClassifierFacts, ClassifierFiles, 'model', CrossEncoderScorer> = {
  read: readClassifier,
  graphsOf: ({ model }) => ({ model }),
  async start({ folder, runtime, facts, form: { alone }, graphs, info, batching }) {
    const { card, head, tokenizer, padId } = facts;
    const { file } = graphs.model;
    const graph = { ...graphs.model, kind: KIND, inputs: CLASSIFIER_INPUTS, outputs: [CLASSIFIER_OUTPUT] };
    const session = await startSession(runtime, graph);
    const unknown = unknownClassifierInputs(session);
    if (unknown.length > 0) {
      await session.release();
      throw new RankscopeError(
        'bad-checkpoint',
        `${file} is not ${KIND}: it wants ${unknown.join(', ')}, too.`,
      );
    }
    const model = classifierModel({ runtime, session, outputs: head.outputs, asked: head.asked, alone });
    await checkModel(runtime, model, facts, folder.name, file);
    return new CrossEncoderScorer({ runtime, model, tokenizer, info, limits: card.limits, padId, batching });
  },
};

/** @throws as `openLayout` */
export const openClassifier = (
  folder: FolderReader,
  runtime: Runtime,
  options?: OpenOptions,
): Promise<OpenedCheckpoint<CrossEncoderScorer>> => openLayout(CROSS_ENCODER, folder, runtime, options);

/**
 * ONNX files say neither how many tokens they know nor how many labels they have: the model is asked for the last token that
 * config.json counts. WebGPU would give any numbers for one that is not there.
 * @throws RankscopeError 'device' or 'bad-checkpoint'; the model is released then.
 */
async function checkModel(
  { device }: Pick<Runtime, 'device'>,
  model: ClassifierModel,
  { tokenizer, vocabSize }: ClassifierFacts,
  folder: string,
  file: string,
): Promise<void> {
  if (device === 'webgpu') return;
  const ask = async (last: number): Promise<unknown> => {
    const { ids, types } = tokenizer.pair('a', 'a');
    const mask = ids.map(() => 1);
    try {
      const run = model.prepare({ ids: ids.with(-1, last), types, mask, rows: 1, length: ids.length });
      (await run()).dispose();
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const plain = await ask(tokenizer.pair('a', 'a').ids.at(-1)!);
  const last = plain === undefined && vocabSize !== undefined ? await ask(vocabSize - 1) : undefined;
  if (plain === undefined && last === undefined) return;
  await model.release();
  if (plain instanceof RankscopeError) {
    throw new RankscopeError(plain.code, `${file}: ${plain.message} ${ADVICE}`, { file });
  }
  if (plain !== undefined) {
    throw new RankscopeError('device', `${file} could not be run on ${device}: ${messageOf(plain)}.`);
  }
  throw new RankscopeError(
    'bad-checkpoint',
    `${file} has fewer tokens than ${folder}config.json says (vocab_size ${vocabSize}; tokenizer.json has ${tokenizer.size}): they do not belong to the same model. ${ADVICE}`,
    { vocabSize, tokens: tokenizer.size },
  );
}
