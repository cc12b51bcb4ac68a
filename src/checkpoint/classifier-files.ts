/** Which files of a folder in transformers.js' layout make a text classifier: `onnx/model{suffix}.onnx` (onnx-files.ts). */
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

export const CLASSIFIER = 'model';

const HALF_PRECISION = '16-bit floats are not calculated with here';

/** What is loaded for one dtype. */
export interface ClassifierFiles extends StoredForm {
  readonly model: GraphFiles;
}

/** Whether a folder is laid out so: then it is read as such, or refused with a reason. */
export const isClassifierFolder = (files: readonly Pick<FolderFile, 'path'>[]): boolean =>
  files.some(({ path }) => /^onnx\/model[^/]*\.onnx$/.test(path));

/**
 * The models that a folder has, exact ones first; one for each dtype.
 * @param config and `folder` as GraphFinder's
 * @throws RankscopeError 'bad-checkpoint' naming what is missing, or why what is there is not used.
 */
export function classifiersIn(
  files: readonly FolderFile[],
  config: unknown,
  folder: string,
): ClassifierFiles[] {
  const finder = new GraphFinder(files, config, folder);
  const found: ClassifierFiles[] = [];
  for (const { word, suffix, dtype } of STORED) {
    const model = finder.find([CLASSIFIER], suffix);
    if (model && !found.some((one) => one.dtype === dtype)) {
      found.push({ word, dtype, model, alone: runsAlone(dtype) });
    }
  }
  if (found.length > 0) return found;
  throw finder.refusal(
    (paths) =>
      refusedForm(paths, CLASSIFIER, HALF_PRECISION) ??
      'has no model that is stored as fp32, q4, q8, int8 or uint8.',
  );
}

/** All files of a model. */
export const classifierFiles = ({ model }: ClassifierFiles): FolderFile[] => allOf(model);
