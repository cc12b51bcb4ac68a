import { setLike } from '../../formats/evaluation/presets.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import { missingOf, presetNamed, recipeOf, usePresets } from '../../state/evaluate/presets.ts';
import type { Recipe } from '../../state/evaluate/recipe.ts';
import { setRecipe, setShown, useEvaluate } from '../../state/evaluate/store.ts';
import type { ModelEntry } from '../../state/models/models.ts';
import { notify } from '../../state/notices.ts';

/** Tables and figures of the paper: choosing one sets methods, depth and columns. */
export function PresetChoice({
  recipe,
  catalog,
}: {
  readonly recipe: Recipe;
  readonly catalog: readonly ModelEntry[];
}) {
  const file = usePresets((s) => s.file);
  const running = useEvaluate((s) => s.state === 'running');
  const shown = useEvaluate((s) => s.shown);
  const data = useCollection((s) => s.summary?.name ?? '');
  if (!file) return null;
  const choose = (id: string) => {
    const preset = presetNamed(id);
    if (!preset) {
      setShown({ preset: null });
      return;
    }
    const { columns, compared, reference } = shown;
    setRecipe(recipeOf(preset, catalog));
    setShown({
      preset: { id, set: setLike(preset, data) },
      columns: [
        ...new Set([...preset.columns.filter((one) => one !== 'seconds'), 'calls', 'tokens', 'median']),
      ],
      compared: preset.compared,
      reference: null,
    });
    notify('info', `${preset.name}: methods, depth and columns are set.`, {
      label: 'Undo',
      run: () => {
        setRecipe(recipe);
        setShown({ preset: shown.preset, columns, compared, reference });
      },
    });
  };
  return (
    <label className="evaluate-inline">
      <span>Preset</span>
      <select
        className="input"
        value={shown.preset?.id ?? ''}
        disabled={running}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">None</option>
        {file.presets.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What the chosen preset needs, and what of it cannot be run here. */
export function PresetNote({ recipe }: { readonly recipe: Recipe }) {
  const chosen = useEvaluate((s) => s.shown.preset);
  const preset = usePresets(() => presetNamed(chosen?.id));
  const data = useCollection((s) => s.summary?.name);
  if (!preset) return null;
  const missing = missingOf(preset, recipe);
  return (
    <div className="evaluate-notice">
      {!data && <p>To bring: {preset.data}</p>}
      <p>{preset.note}</p>
      {missing.length > 0 && <p>Not run here, for want of a checkpoint: {missing.join(', ')}.</p>}
    </div>
  );
}
