/** Labels for the authors' own code: its permutation file and its training lists. */
import { type TrainingList, writePermutations, writeTrainingLists } from '../../src/formats/distill.ts';
import { OutputFile } from '../cli/output-file.ts';
import type { QueryList } from '../input/lists.ts';
import { writeAtomic } from '../node/atomic.ts';
import { writing } from '../node/writing.ts';
import type { LabelRequest } from './label-request.ts';

const STATE = 'The labels are complete: run the same command again to write it.';

/** Writes what the request names; the two files have the same queries in the same order. */
export async function writeInstructDistill(
  { permutationsOutput, listsOutput }: Pick<LabelRequest, 'permutationsOutput' | 'listsOutput'>,
  lists: readonly QueryList[],
  orders: readonly (readonly number[])[],
): Promise<void> {
  if (permutationsOutput !== undefined) {
    await writing(permutationsOutput, STATE, () =>
      writeAtomic(permutationsOutput, writePermutations(orders)),
    );
  }
  if (listsOutput !== undefined) await writing(listsOutput, STATE, () => writeLists(listsOutput, lists));
}

async function writeLists(listsOutput: string, lists: readonly QueryList[]): Promise<void> {
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
