/** The dimensions of checkpoints, from which operations are estimated: read once of each, when a row asks for it. */
import { create } from 'zustand';
import { encoderCost } from '../../inference/encoder-flops.ts';
import { readsOnce } from '../../inference/ranker-model.ts';
import { isObject } from '../../json-checks.ts';
import { methodNamed } from '../../ranking/methods/registry.ts';
import { parseT5Config } from '../../t5/config.ts';
import {
  type CallCost,
  callCost,
  type TextCost,
  textCost,
  totalFlops,
  totalTextFlops,
} from '../../t5/flops.ts';
import type { BlobFile } from '../../workers/download-protocol.ts';
import type { FetchJson } from '../models/catalog.ts';
import { useModels } from '../models/models.ts';
import type { ModelRowSpec, Recipe } from './recipe.ts';
import type { Ranked } from './results.ts';
import { useEvaluate } from './store.ts';

interface Costs {
  readonly label: CallCost;
  /** Absent: it is no model that judges or writes texts. */
  readonly text?: TextCost;
}

interface Shapes {
  /** What a call costs; null: not known. */
  readonly byCheckpoint: ReadonlyMap<string, Costs | null>;
}

export const useShapes = create<Shapes>()(() => ({ byCheckpoint: new Map() }));

/** Of the decoder: the one that says the label. A wording’s prefix adds a few, each far below a per cent of a call. */
const POSITIONS = 1;

/** Estimated operations of a ranking. */
export function flopsOf(shapes: Shapes['byCheckpoint'], { rows }: Recipe) {
  const costs = new Map(
    [...new Set(rows.map(({ checkpoint }) => checkpoint))].flatMap((id) => {
      const cost = shapes.get(id);
      return cost ? [[id, cost] as const] : [];
    }),
  );
  return ({ checkpoint, method }: ModelRowSpec, ranked: Ranked): number | null => {
    const cost = costs.get(checkpoint);
    if (!cost) return null;
    const { calls, tokens, tokenSquares, texts } = ranked;
    if (readsOnce(methodNamed(method).needs)) return totalFlops(cost.label, calls, tokens, tokenSquares);
    return cost.text && texts ? totalTextFlops(cost.text, tokens, tokenSquares, texts) : null;
  };
}

/** By the dimensions in a config.json. @throws RankscopeError where it is of no T5 and no BERT */
function costIn(json: unknown): Costs {
  const encoder = isObject(json) ? encoderCost(json) : undefined;
  if (encoder) return { label: encoder };
  const shape = parseT5Config(json, 'config.json');
  return { label: callCost(shape, POSITIONS), text: textCost(shape) };
}

/** Reads the dimensions of the recipe's checkpoints as they come into it; returns the way to stop. */
export function watchShapes(
  get: FetchJson,
  filesOf?: (id: string) => Promise<readonly BlobFile[]>,
): () => void {
  const asked = new Set<string>();
  const look = (): void => {
    const catalog = useModels.getState().catalog ?? [];
    for (const { checkpoint } of useEvaluate.getState().recipe?.rows ?? []) {
      const entry = catalog.find(({ id }) => id === checkpoint);
      // Of what a service runs nothing is known.
      if (!entry || entry.remote || asked.has(checkpoint)) continue;
      asked.add(checkpoint);
      const config = entry.stored
        ? storedConfig(checkpoint, filesOf)
        : get(`models/${entry.path}config.json`);
      void config
        .then(costIn)
        // What has no such file, or is of an unknown kind, has no estimate: the table says so.
        .catch(() => null)
        .then((cost) =>
          useShapes.setState(({ byCheckpoint }) => ({
            byCheckpoint: new Map(byCheckpoint).set(checkpoint, cost),
          })),
        );
    }
  };
  const stops = [
    useEvaluate.subscribe((now, before) => {
      if (now.recipe !== before.recipe) look();
    }),
    useModels.subscribe((now, before) => {
      if (now.catalog !== before.catalog) look();
    }),
  ];
  look();
  return () => {
    for (const stop of stops) stop();
  };
}

async function storedConfig(
  id: string,
  filesOf?: (id: string) => Promise<readonly BlobFile[]>,
): Promise<unknown> {
  const file = (await filesOf?.(id))?.find(({ path }) => path === 'config.json');
  if (!file) throw new Error('There is no config.json.');
  return JSON.parse(await file.blob.text());
}
