/** The kinds of folders that hold a model, and how each is opened. A new one is a line here. */
import type { FolderFile, FolderReader } from '../bytes/byte-source.ts';
import { readTextFile } from '../bytes/read.ts';
import { RankscopeError } from '../errors.ts';
import type { Runtime } from '../inference/runtime.ts';
import { parseRankerCard } from './card-read.ts';
import { isClassifierFolder } from './classifier-files.ts';
import type { CheckpointKindId } from './kind-gives.ts';
import { type OpenedCheckpoint, type OpenOptions, openCheckpoint } from './open-checkpoint.ts';
import { isPairFolder } from './pair-files.ts';
import type { RankerCard } from './ranker-card.ts';

export interface CheckpointKind {
  readonly id: CheckpointKindId;
  /** For people. */
  readonly title: string;
  recognises(files: readonly FolderFile[]): boolean;
  /** What the folder says of itself, before any of its weights is read. */
  describe(folder: FolderReader, files: readonly FolderFile[], signal?: AbortSignal): Promise<RankerCard>;
  open(folder: FolderReader, runtime: Runtime, options?: OpenOptions): Promise<OpenedCheckpoint>;
}

/** In the order in which a folder is held to them: its own card goes before what could be made of its files. */
export const KINDS: readonly CheckpointKind[] = [
  {
    id: 'fused-t5',
    title: 'Rankscope checkpoint',
    recognises: (files) => files.some(({ path }) => path === 'ranker.json'),
    describe: async (folder, _, signal) =>
      parseRankerCard(await readTextFile(folder, 'ranker.json', signal), `${folder.name}ranker.json`),
    open: openCheckpoint,
  },
  {
    id: 'encoder-decoder',
    title: 'transformers.js layout',
    recognises: isPairFolder,
    // Fetched when such a folder is opened: the page's own models do without.
    describe: async (folder, files) => (await import('./derive-card.ts')).describePair(folder, files),
    open: async (...args) => (await import('./open-pair.ts')).openPair(...args),
  },
  {
    id: 'text-classification',
    title: 'Cross-encoder in transformers.js layout',
    recognises: isClassifierFolder,
    describe: async (folder, files) =>
      (await import('./open-classifier.ts')).describeClassifier(folder, files),
    open: async (...args) => (await import('./open-classifier.ts')).openClassifier(...args),
  },
];

/** The kind of a folder; undefined where it is none that can be opened as it is (an original has to be converted). */
export const kindOf = (files: readonly FolderFile[]): CheckpointKind | undefined =>
  KINDS.find((kind) => kind.recognises(files));

export const kindNamed = (id: CheckpointKindId): CheckpointKind => KINDS.find((kind) => kind.id === id)!;

/**
 * Opens a folder of any kind.
 * @throws RankscopeError 'bad-checkpoint' for one that is none; else as the kind's `open`
 */
export async function openFolder(
  folder: FolderReader,
  runtime: Runtime,
  options: OpenOptions = {},
): Promise<OpenedCheckpoint> {
  const kind = kindOf(await folder.list(options.signal));
  if (kind) return kind.open(folder, runtime, options);
  throw new RankscopeError(
    'bad-checkpoint',
    `${folder.name} has no ranker.json, no onnx/encoder_model.onnx with onnx/decoder_model.onnx (a T5) and no onnx/model.onnx (a cross-encoder): it is no model that can be run as it is. A T5 in the form that it was trained in has to be converted first.`,
  );
}
