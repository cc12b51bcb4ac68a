/** What the machine has, against what a distillation needs. */
import { RankscopeError } from '../../src/errors.ts';
import { refuseHeap } from '../candidates/candidates-estimate.ts';
import { bytesText, freeFor } from '../node/machine.ts';
import type { DistillEstimate, StageEstimate } from './distill-request.ts';
import type { StageName } from './layout.ts';

/** Adds the stages up; memory is the most of any, for one stage runs at a time. */
export async function sumUp(stages: readonly StageEstimate[], output: string): Promise<DistillEstimate> {
  const sum = (of: (stage: StageEstimate) => number) => stages.reduce((total, stage) => total + of(stage), 0);
  return {
    stages,
    seconds: sum(({ seconds }) => seconds),
    memoryBytes: Math.max(0, ...stages.map(({ memoryBytes }) => memoryBytes)),
    diskBytes: sum(({ diskBytes }) => diskBytes),
    free: await freeFor(output),
  };
}

/** @throws RankscopeError 'device' that says which stage needs what, what there is and what to do */
export function refuseWhatCannotFit({ stages, diskBytes, free }: DistillEstimate, output: string): void {
  const worst = stages.find(({ memoryBytes }) => memoryBytes > free.memoryBytes);
  if (worst) {
    throw new RankscopeError(
      'device',
      `The stage ${worst.stage} needs about ${bytesText(worst.memoryBytes)} of memory and ${bytesText(free.memoryBytes)} are free. ` +
        `${ADVICE[worst.stage]} or use a machine with more memory. Nothing was started.`,
    );
  }
  const index = stages.find(({ stage }) => stage === 'candidates');
  if (index) refuseHeap(index.memoryBytes, 'data.run');
  if (diskBytes > free.diskBytes) {
    throw new RankscopeError(
      'device',
      `The results will take about ${bytesText(diskBytes)}, and ${bytesText(free.diskBytes)} are free on the disk of ${output}. Make room or choose another --output. Nothing was started.`,
    );
  }
}

const ADVICE: Readonly<Record<StageName, string>> = {
  candidates: 'Give a TREC run as data.run, so that only its passages are kept,',
  label: 'Choose a smaller teacher or teacher.dtype int8,',
  train: 'Choose a smaller student, or a smaller train.batch or train.chunk,',
  evaluate: 'Evaluate on smaller sets,',
  export: 'Leave fp32 out of export.dtypes, choose a smaller student,',
};
