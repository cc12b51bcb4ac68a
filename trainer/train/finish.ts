/** The end of a training: the folder becomes a checkpoint that `export` reads. */
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { writeAtomicPieces } from '../node/atomic.ts';
import type { TrainingData } from './data.ts';
import { bestPath } from './loop.ts';
import { removeWork, type TrainRecord, writeRecord } from './record.ts';
import { studentCard, writeFolder, writeWeights } from './result.ts';
import type { Start } from './start.ts';
import type { TrainSummary } from './train-request.ts';

export interface Finished {
  readonly start: Start;
  readonly data: TrainingData;
  readonly model: TrainableModel;
  readonly record: TrainRecord;
  readonly losses: readonly (readonly [step: number, loss: number])[];
}

const FILES = ['model.safetensors', 'config.json', 'tokenizer.json', 'tokenizer_config.json', 'card.json'];

/** The files of a result, absolute paths. */
export const filesOf = (output: string) => FILES.map((file) => resolve(output, file));

/** Writes the result. The state is deleted last, so that a run that is killed here does all of this again. */
export async function finish(
  { start, data, model, record, losses }: Finished,
  done: TrainSummary,
): Promise<TrainSummary> {
  const output = start.request.output!;
  const target = join(output, 'model.safetensors');
  const { sources, training, validation } = data;
  const lists = { training: training.length, validation: validation.length };
  const { command, started } = record;
  const card = studentCard({ ...start, sources, lists, command, date: started.slice(0, 10) }, done, losses);
  await writeFolder(output, start.base, card);
  const weightsSha256 =
    data.select === 'last'
      ? await writeWeights(target, model)
      : (
          await writeAtomicPieces(
            target,
            createReadStream(bestPath(output, done.best!.step), { highWaterMark: 1 << 22 }),
          )
        ).sha256;
  const result: TrainSummary = { ...done, files: filesOf(output), weightsSha256 };
  await writeRecord(output, { ...record, result });
  await removeWork(output);
  return result;
}
