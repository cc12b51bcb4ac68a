/** The folder an export starts from: a checkpoint of ours, or Hugging Face's files of a T5. */
import { openWeights } from '../../src/checkpoint/find-weights.ts';
import { readConfig } from '../../src/checkpoint/hf-folder.ts';
import { readTokenizerFiles, type TokenizerFiles } from '../../src/checkpoint/tokenizer-files.ts';
import { checkVocabulary } from '../../src/checkpoint/vocabulary-checks.ts';
import type { ReadableT5, T5Model } from '../../src/t5/weights.ts';
import { planModel } from '../../src/weights/plan-model.ts';
import { openModel, readModel } from '../../src/weights/read-model.ts';
import { nodeFolder } from '../node/folder.ts';

export interface SourceFolder extends TokenizerFiles {
  readonly model: T5Model;
}

const ADVICE = 'An export needs config.json, model.safetensors, tokenizer.json and tokenizer_config.json.';

/** The folder of an export, for reading. */
export const exportFolder = (path: string) => nodeFolder(path, ADVICE);

/** A folder whose weights are read one at a time. */
export interface OpenedSource extends TokenizerFiles {
  readonly model: ReadableT5;
  close(): Promise<void>;
}

/** @throws RankscopeError 'missing' or 'bad-checkpoint' naming the file and what to do. */
export async function openSource(path: string): Promise<OpenedSource> {
  const folder = exportFolder(path);
  const config = await readConfig(folder);
  const tokenizer = await readTokenizerFiles(folder);
  const files = await openWeights(folder);
  try {
    const model = await openModel(planModel(config, files.tensors, `${folder.name}config.json`));
    checkVocabulary(tokenizer.tokenizer, model.config.vocabSize, folder.name);
    return { model, ...tokenizer, close: () => files.close() };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/** All of it in memory. @throws RankscopeError 'missing' or 'bad-checkpoint' naming the file and what to do. */
export async function readSource(path: string): Promise<SourceFolder> {
  const folder = exportFolder(path);
  const config = await readConfig(folder);
  const tokenizer = await readTokenizerFiles(folder);
  const files = await openWeights(folder);
  try {
    const plan = planModel(config, files.tensors, `${folder.name}config.json`);
    const model = await readModel(plan, config, folder.name);
    checkVocabulary(tokenizer.tokenizer, model.config.vocabSize, folder.name);
    return { model, ...tokenizer };
  } finally {
    await files.close();
  }
}
