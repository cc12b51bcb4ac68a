/**
 * Embeds every selected passage and query: the slow part of data preparation.
 * `npx tsx trainer/pretrain/data/prepare-embeddings.ts` runs it alone; later steps call it and find it done.
 */
import { join } from 'node:path';
import { trainingCollections } from './collections.ts';
import { embedTexts } from './embed.ts';
import { encoderDims, openEncoder, type SentenceEncoder } from './encoder.ts';
import { type Selection, select } from './selection.ts';
import { workFolder } from './work-folder.ts';

/** Word pieces of a passage that the encoder reads: about what the ranker sees of it. */
export const passageTokens = 128;
export const queryTokens = 48;

export interface Embeddings {
  /** [passages × 384], rows as in `Selection.passages`. */
  readonly passages: Float32Array;
  /** [queries × 384], rows as in `Selection.queries`. */
  readonly queries: Float32Array;
}

/** Unit vectors for a selection; embeds only what is not on disk yet. */
export async function prepareEmbeddings(
  selection: Selection,
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<Embeddings> {
  let open: Promise<SentenceEncoder> | undefined;
  const encoder = () => (open ??= openEncoder());
  const folder = join(workFolder, 'embeddings');
  const passages = new Float32Array(selection.passages.length * encoderDims);
  const queries = new Float32Array(selection.queries.length * encoderDims);
  for (const { name } of trainingCollections) {
    const options = { folder, log, signal };
    const q = selection.queries.findIndex((query) => query.collection === name);
    const p = selection.passages.findIndex((passage) => passage.collection === name);
    if (q < 0 || p < 0) continue;
    const queryTexts = selection.queries
      .filter((query) => query.collection === name)
      .map((query) => query.text);
    const texts = selection.passages.filter((one) => one.collection === name).map((one) => one.text);
    const asked = { ...options, name: `${name}-queries`, maxTokens: queryTokens };
    const read = { ...options, name: `${name}-passages`, maxTokens: passageTokens };
    queries.set(await embedTexts(encoder, queryTexts, asked), q * encoderDims);
    passages.set(await embedTexts(encoder, texts, read), p * encoderDims);
  }
  if (open) await (await open).release();
  return { passages, queries };
}

if (process.argv[1] === import.meta.filename) {
  const selection = select();
  const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
  log(`${selection.passages.length} passages, ${selection.queries.length} queries`);
  await prepareEmbeddings(selection, log);
  log('done');
}
