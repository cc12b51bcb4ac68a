/**
 * Which files of a folder in transformers.js' layout make a T5: `onnx/NAME{suffix}.onnx` (onnx-files.ts) with NAME
 * `encoder_model` and `decoder_model` or `decoder_model_merged`.
 */
import type { FolderFile } from '../bytes/byte-source.ts';
import {
  allOf,
  type GraphFiles,
  GraphFinder,
  refusedForm,
  runsAlone,
  STORED,
  type StoredForm,
} from './onnx-files.ts';

export const ENCODER = 'encoder_model';
/** Best first: one without past and without branches, then the one that does both. */
export const DECODERS = ['decoder_model', 'decoder_model_merged'] as const;

const HALF_PRECISION =
  'T5 overflows 16-bit floats in its feed-forward layers, and its answers are then wrong without any sign of it';

/** What is loaded for one dtype. */
export interface PairFiles extends StoredForm {
  readonly encoder: GraphFiles;
  readonly decoder: GraphFiles;
}

/** Whether a folder is laid out so: then it is read as such, or refused with a reason. */
export const isPairFolder = (files: readonly Pick<FolderFile, 'path'>[]): boolean =>
  files.some(({ path }) => /^onnx\/(encoder_model|decoder_model)[^/]*\.onnx$/.test(path));

/**
 * The scorers that a folder has, exact ones first (fp32, q4, then those whose prompts run alone); one for each dtype.
 * @param config and `folder` as GraphFinder's
 * @throws RankscopeError 'bad-checkpoint' naming what is missing, or why what is there is not used.
 */
export function pairsIn(files: readonly FolderFile[], config: unknown, folder: string): PairFiles[] {
  const finder = new GraphFinder(files, config, folder);
  const pairs: PairFiles[] = [];
  for (const { word, suffix, dtype } of STORED) {
    const encoder = finder.find([ENCODER], suffix);
    const decoder = finder.find(DECODERS, suffix);
    if (!encoder || !decoder || pairs.some((pair) => pair.dtype === dtype)) continue;
    pairs.push({ word, dtype, encoder, decoder, alone: runsAlone(dtype) });
  }
  if (pairs.length > 0) return pairs;
  throw finder.refusal(whyNone);
}

/** All files of a pair. */
export const filesOf = ({ encoder, decoder }: PairFiles): FolderFile[] => [encoder, decoder].flatMap(allOf);

function whyNone(paths: readonly string[]): string {
  const refused = refusedForm(paths, ENCODER, HALF_PRECISION);
  if (refused !== undefined) return refused;
  const has = (name: string) =>
    paths.some((path) => path.startsWith(`onnx/${name}`) && path.endsWith('.onnx'));
  if (!has(ENCODER)) return 'has no encoder_model: a T5 in this layout is an encoder and a decoder file.';
  if (!has('decoder_model'))
    return 'has no decoder_model and no decoder_model_merged beside its encoder_model.';
  return 'has no encoder and decoder that are stored alike: both are needed as fp32, q4, q8, int8 or uint8.';
}
