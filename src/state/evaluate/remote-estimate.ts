/** What the services of an evaluation will be asked: calls that are left, tokens by the texts of a few queries' candidates. */

import { takenChoices } from '../../ranking/methods/registry.ts';
import { answerTokens, estimateRemote } from '../../ranking/remote-estimate.ts';
import { defaultTemplate } from '../../ranking/templates.ts';
import { useModels } from '../models/models.ts';
import { priced } from '../remote/remote-ask.ts';
import type { RemoteAsk } from '../run/run.ts';
import { type Collections, useCollection } from './collection.ts';
import { type ModelRowSpec, poolOf, type Recipe, rowId, wordingNamed } from './recipe.ts';

/** Queries whose candidates are looked at: the first, the last, and some between. */
const LOOKED_AT = 3;

/** Input tokens of a call, by what they depend on; null: they could not be counted. */
export type CallTokens = Map<string, number | null>;

/** Calls of a row that are still to be asked, perhaps fewer. */
export interface Left {
  readonly calls: number;
  readonly upperBound: boolean;
}

/** One for each service. @param left by row; what is not there has nothing left */
export async function remoteAsks(
  rows: readonly ModelRowSpec[],
  left: ReadonlyMap<string, Left>,
  recipe: Recipe,
  collections: Collections,
  known: CallTokens,
): Promise<RemoteAsk[]> {
  const asks = new Map<string, Omit<RemoteAsk, 'cost'>>();
  for (const row of rows) {
    const entry = useModels.getState().catalog?.find(({ id }) => id === row.checkpoint);
    const { calls, upperBound } = left.get(rowId(row)) ?? { calls: 0, upperBound: false };
    if (!entry?.remote || calls === 0) continue;
    const each = await tokensOfCall(row, recipe, collections, known);
    const before = asks.get(entry.id);
    const template = templateOf(row);
    const choices = takenChoices(row.method, row);
    asks.set(entry.id, {
      host: entry.remote.host,
      calls: (before?.calls ?? 0) + calls,
      upperBound: upperBound || before?.upperBound === true,
      inputTokens:
        each === null || before?.inputTokens === null
          ? null
          : (before?.inputTokens ?? 0) + Math.ceil(calls * each),
      outputTokens:
        (before?.outputTokens ?? 0) + calls * answerTokens({ method: row.method, template, choices }),
    });
  }
  return [...asks].map(([id, ask]) => priced(id, ask));
}

const templateOf = (row: ModelRowSpec) => wordingNamed(row.template) ?? defaultTemplate(row.method);

async function tokensOfCall(
  row: ModelRowSpec,
  recipe: Recipe,
  collections: Collections,
  known: CallTokens,
): Promise<number | null> {
  const { summary, bm25 } = useCollection.getState();
  const { depth, firstStage } = recipe;
  const pool = poolOf(recipe);
  const data = [summary?.fingerprint, summary?.split, bm25, depth, firstStage, pool];
  const key = JSON.stringify([rowId(row), ...data]);
  let tokens = known.get(key);
  if (tokens !== undefined) return tokens;
  try {
    const queries = summary?.queries ?? [];
    const places = Array.from({ length: LOOKED_AT }, (_, i) =>
      Math.round((i * (queries.length - 1)) / (LOOKED_AT - 1)),
    );
    const lists = [];
    for (const place of new Set(places)) {
      const query = queries[place];
      if (!query) continue;
      const { candidates } = await collections.worker.candidates(
        query.id,
        depth,
        firstStage ?? undefined,
        pool,
      );
      lists.push({ query, candidates });
    }
    const choices = takenChoices(row.method, row);
    const { calls, inputTokens } = estimateRemote(
      { method: row.method, template: templateOf(row), choices },
      lists,
    );
    tokens = calls === 0 ? null : inputTokens / calls;
  } catch {
    // The run will meet the same fault and tell it.
    return null;
  }
  known.set(key, tokens);
  return tokens;
}
