/** Stage 3 (waits for trainer/train). */
import { RankscopeError } from '../../src/errors.ts';
import type { Layout } from './layout.ts';
import type { StageEstimate } from './request.ts';
import type { StageContext, StageResult } from './stage.ts';

export interface Trained {
  readonly steps: number;
  readonly lossCurve: readonly (readonly [number, number])[];
}

export async function trainStage(_: StageContext): Promise<StageResult> {
  throw new RankscopeError('internal', 'not there yet');
}

export async function readTrained(_: Layout): Promise<Trained> {
  throw new RankscopeError('internal', 'not there yet');
}

export async function estimateTraining(
  _: StageContext,
  __: string,
  ___: string,
): Promise<Omit<StageEstimate, 'stage' | 'state'>> {
  return { seconds: 0, memoryBytes: 0, diskBytes: 0 };
}
