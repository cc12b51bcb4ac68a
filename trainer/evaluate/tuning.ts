/** The judgments on which λ is chosen where fused rows are tuned. */
import { RankscopeError } from '../../src/errors.ts';
import type { EvaluateListener, EvaluateRequest } from './evaluate-request.ts';
import { type EvaluationSet, readSets } from './sets.ts';

/** Sets of such judgments, each to the set that λ is chosen for; none where nothing is tuned. @throws RankscopeError 'bad-input' */
export async function readTuning(
  request: EvaluateRequest,
  evaluated: readonly EvaluationSet[],
  listener: EvaluateListener,
): Promise<ReadonlyMap<EvaluationSet, EvaluationSet>> {
  const { tune, fuse = [], candidates } = request;
  if (tune === undefined || !fuse.includes('interpolation')) return new Map();
  if (candidates) {
    throw new RankscopeError(
      'bad-input',
      '--tune searches the corpus for the candidates of other queries: it cannot be used with --candidates. Give --fuse-weight.',
    );
  }
  const same = evaluated.find(({ split }) => split === tune);
  if (same) {
    throw new RankscopeError(
      'bad-input',
      `--tune ${tune} would choose the weight on the judgments that ${same.name} is evaluated on. Name another split.`,
    );
  }
  const sets = await readSets({ ...request, split: tune, sets: undefined }, listener);
  return new Map(sets.map((set, i) => [{ ...set, name: `${evaluated[i]!.name}-${tune}` }, evaluated[i]!]));
}
