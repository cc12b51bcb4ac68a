/** Labels for the authors' own code: its permutation file and its training lists. */
import { type TrainingList, writePermutations, writeTrainingLists } from '../../src/formats/distill.ts';
import { writeAtomic } from '../atomic.ts';
import { OutputFile } from '../cli/output-file.ts';
import type { QueryList } from '../input/lists.ts';
import type { LabelRequest } from './request.ts';

/** Writes what the request names; the two files have the same queries in the same order. */
export async function writeInstructDistill(
  { permutationsOutput, listsOutput }: Pick<LabelRequest, 'permutationsOutput' | 'listsOutput'>,
  lists: readonly QueryList[],
  orders: readonly (readonly number[])[],
): Promise<void> {
  if (permutationsOutput !== undefined) await writeAtomic(permutationsOutput, writePermutations(orders));
  if (listsOutput === undefined) return;
  const file = await OutputFile.open(listsOutput);
  try {
    for (const { query, candidates, positives = [] } of lists) {
      const list: TrainingList = { query, candidates, positives };
      await file.append(writeTrainingLists([list]));
    }
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
