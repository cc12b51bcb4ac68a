/** Scores per second of method + scorer in Node against a bare loop over the same tensors (aim ≥ 0.95). */

import { nodeFolder } from '../trainer/node/folder.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import { sampleJob } from './sample-job.ts';
import { alternate, prepareScoring, report } from './scoring-job.ts';

const TEACHER = new URL('../public/models/demo-teacher/', import.meta.url).pathname;

export async function benchNodeScoring(rounds: number) {
  const prepared = await prepareScoring(nodeFolder(TEACHER), nodeRuntime(2), sampleJob());
  return { threads: 2, ...report(await alternate(rounds, prepared), prepared) };
}
