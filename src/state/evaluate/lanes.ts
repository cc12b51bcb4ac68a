/** In which worker each row of an evaluation runs, and what its checkpoint is asked. */
import { readingOf } from '../../ranking/methods/reading.ts';
import { takenChoices } from '../../ranking/methods/registry.ts';
import { defaultTemplate } from '../../ranking/templates.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { deviceWish } from '../models/model-slots.ts';
import type { ModelEntry } from '../models/models.ts';
import type { RankLane } from '../query-set/lane-ranker.ts';
import type { Settings } from '../settings.ts';
import { type ModelRowSpec, rowId, wordingNamed } from './recipe.ts';

export interface EvaluateLane extends RankLane {
  readonly id: string;
  readonly row: ModelRowSpec;
}

/**
 * Rows in rounds: within a round each of the two workers holds one checkpoint, and all rows of a query are ranked before
 * the next query; there are as many rounds as pairs of checkpoints. Rows whose checkpoint the catalogue lacks are left out.
 */
export function evaluateRounds(
  rows: readonly ModelRowSpec[],
  catalog: readonly ModelEntry[],
  settings: Pick<Settings, 'device' | 'dtypes'>,
): readonly (readonly EvaluateLane[])[] {
  const entries = [...new Set(rows.map(({ checkpoint }) => checkpoint))].flatMap(
    (id) => catalog.find((one) => one.id === id) ?? [],
  );
  const rounds: EvaluateLane[][] = [];
  for (let i = 0; i < entries.length; i += 2) {
    const pair = entries.slice(i, i + 2);
    const slots = slotsOf(pair);
    rounds.push(
      rows.flatMap((row) => {
        const at = pair.findIndex(({ id }) => id === row.checkpoint);
        return at < 0 ? [] : [laneOf(row, pair[at]!, slots[at]!, settings)];
      }),
    );
  }
  return rounds;
}

/** A student in the student's worker, so that what the columns hold need not be loaded again. */
function slotsOf([first, second]: readonly ModelEntry[]): readonly ScorerSlot[] {
  const own = (entry: ModelEntry): ScorerSlot => (entry.role === 'student' ? 'student' : 'teacher');
  if (!first) return [];
  if (!second) return [own(first)];
  const slot = own(first) === own(second) ? 'student' : own(first);
  return [slot, slot === 'student' ? 'teacher' : 'student'];
}

function laneOf(
  row: ModelRowSpec,
  entry: ModelEntry,
  slot: ScorerSlot,
  settings: Pick<Settings, 'device' | 'dtypes'>,
): EvaluateLane {
  return {
    id: rowId(row),
    row,
    slot,
    wanted: { entry, ...deviceWish(settings) },
    job(card, query, candidates) {
      const template = wordingNamed(row.template) ?? defaultTemplate(row.method, card.templates);
      const method = readingOf(row.method, template);
      return { method, template, query, candidates, fusion: row.fusion, ...takenChoices(method, row) };
    },
  };
}
