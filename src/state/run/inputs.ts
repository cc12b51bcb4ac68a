/**
 * The inputs a column depends on, as one string: a column is stale when its string is no longer
 * the current one.
 */

import { firstId, takenChoices, takes } from '../../ranking/methods/registry.ts';
import { textHash } from '../../text-hash.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { type CorpusState, useCorpus } from '../corpus/corpus.ts';
import { type QueryState, useQuery } from '../corpus/query.ts';
import { deviceWish } from '../models/model-slots.ts';
import { fusionOf, methodOf, templateUseOf } from '../models/templates.ts';
import { type Settings, useSettings } from '../settings.ts';
import type { ColumnId } from './run.ts';

export interface Inputs {
  readonly settings: Settings;
  readonly corpus: Pick<CorpusState, 'fingerprint' | 'format' | 'skipBadLines'>;
  readonly query: Pick<QueryState, 'text'>;
}

export function currentInputs(): Inputs {
  return { settings: useSettings.getState(), corpus: useCorpus.getState(), query: useQuery.getState() };
}

export function inputKey(column: ColumnId, { settings, corpus, query }: Inputs): string {
  const first = [
    query.text.trim(),
    corpus.fingerprint,
    corpus.format,
    corpus.skipBadLines,
    settings.k,
    settings.bm25.k1,
    settings.bm25.b,
    settings.bm25.delta,
    settings.bm25.stopWords,
    settings.bm25.fold,
    settings.bm25.stemming,
    settings.fill,
  ];
  return textHash(JSON.stringify(column === 'bm25' ? first : [...first, ...modelInputs(column, settings)]));
}

function modelInputs(slot: ScorerSlot, settings: Settings): readonly unknown[] {
  const chosen = settings.templates[templateUseOf(slot, settings)];
  // An edited template's id is a hash of its wording (ranking/templates.ts), so the id says it all.
  // Relevance generation may ask the teacher's checkpoint, so both choices count for the student.
  const { teacher, student } = settings.models;
  const models = slot === 'teacher' ? [teacher] : [student, teacher];
  const method = methodOf(slot, settings);
  const inputs: unknown[] = [firstId(method), chosen, settings.device, ...models];
  const { dtypes } = deviceWish(settings);
  // Left out where nothing is wished for: what was ranked before there were wishes stays current.
  if (dtypes?.wasm || dtypes?.webgpu) inputs.push({ wasm: dtypes.wasm, webgpu: dtypes.webgpu });
  inputs.push(...Object.values(takenChoices(method, settings)));
  if (takes(method, 'trueProbabilities')) inputs.push(settings.trueProbabilities);
  const fusion = fusionOf(slot, settings);
  if (fusion) inputs.push(fusion);
  return inputs;
}
