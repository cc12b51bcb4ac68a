import { MOST_POPULAR, PLAIN_POOL } from '../../evaluation/baselines/popular-pool.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import type { Recipe } from '../../state/evaluate/recipe.ts';
import { setRecipe } from '../../state/evaluate/store.ts';
import { NumberField } from '../ui/NumberField.tsx';

/** What is added to the candidates that were found, and which queries are left out. */
export function PoolFields({ recipe, disabled }: { readonly recipe: Recipe; readonly disabled: boolean }) {
  const counted = useCollection((s) => s.summary?.popularity !== undefined);
  const pool = recipe.pool ?? PLAIN_POOL;
  const set = (change: Partial<typeof pool>) => setRecipe({ pool: { ...pool, ...change } });
  return (
    <>
      {(counted || pool.popular > 0) && (
        <div className="evaluate-fields">
          <NumberField
            label="Popular"
            value={pool.popular}
            min={0}
            max={MOST_POPULAR}
            disabled={disabled}
            onChange={(popular) => set({ popular })}
          />
          <p className="muted evaluate-depth-note">
            {counted
              ? `popular passages (mentioned more than ${pool.above} times) added to them, drawn by how often`
              : 'popular passages are asked for, but no file counts mentions: drop one named popularity.csv (id, count)'}
          </p>
        </div>
      )}
      <label className="evaluate-check">
        <input
          type="checkbox"
          checked={pool.answerable}
          disabled={disabled}
          onChange={(event) => set({ answerable: event.target.checked })}
        />
        Leave out queries without a relevant candidate
      </label>
    </>
  );
}
