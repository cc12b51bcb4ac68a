/** AdamW's moments with a crew of threads that walks over them. */
import type { Optimizer } from '../../src/training/adamw.ts';
import { Crew } from './adamw-crew.ts';

export interface CrewOptimizer extends Optimizer {
  readonly crew: Crew;
}

/** Below this many parameters waking another thread gains nothing. */
const WORTH_SHARING = 1 << 20;

/** @param threads that work on an update; the result does not depend on it. */
export function crewOptimizer(size: number, threads = 1): CrewOptimizer {
  const helpers = size < WORTH_SHARING ? 0 : threads - 1;
  const zeros = () =>
    new Float32Array(helpers > 0 ? new SharedArrayBuffer(4 * size) : new ArrayBuffer(4 * size));
  const [m, v] = [zeros(), zeros()];
  const crew = new Crew(helpers, m, v);
  return { m, v, step: 0, crew, apply: (...update) => crew.update(...update) };
}
