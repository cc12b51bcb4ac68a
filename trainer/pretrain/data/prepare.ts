/**
 * Everything the training loops need, from the collections to arrays on disk, resumable:
 * `npx tsx trainer/pretrain/data/prepare.ts`. Writes into `.cache/embedded`:
 *
 *   tokenizer/             see trainer/pretrain/vocabulary/make-vocabulary.ts
 *   embeddings/            shards of encoder vectors
 *   training/              a training set (training-set.ts)
 *   evaluation/<name>/     held-out sets of the same shape
 *   token-vectors-D.f32    [vocabulary × D] start vectors for D = 95 (d_model 128) and 159 (d_model 192)
 *   piece-df.u32           [vocabulary] passages a piece stands in
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { RankscopeError, throwIfCancelled } from '../../../src/errors.ts';
import type { Stemming } from '../../../src/retrieval/types.ts';
import type { Piece } from '../../../src/tokenizer/tokenizer-json.ts';
import { makeVocabulary } from '../vocabulary/make-vocabulary.ts';
import { documentFrequencies, piecesOf, pieceText, tokenVectors } from '../vocabulary/token-vectors.ts';
import { mineCandidates } from './candidates.ts';
import { trainingCollections } from './collections.ts';
import { embedTexts, writeAtomically } from './embed.ts';
import { openEncoder } from './encoder.ts';
import { passageTokenLimit, queryTokenLimit, type Tokenize, writeEvaluationSets } from './evaluation-sets.ts';
import { prepareEmbeddings } from './prepare-embeddings.ts';
import { keptShares, type Selection, select } from './selection.ts';
import { writeTrainingSet } from './training-set.ts';
import { workFolder } from './work-folder.ts';

/** d_model less one idf dimension and 32 left random for the wired start. */
export const tokenVectorDims = [95, 159];

/** What a recipe may say of the data; what it leaves out is as for the pair of 2026-11-28. */
export interface PrepareOptions {
  /** Of BM25, which finds the candidates. */
  readonly stemming?: Stemming | undefined;
  /** Shares of large collections (selection.ts). */
  readonly kept?: Readonly<Record<string, number>> | undefined;
  /** A checkpoint folder whose tokenizer is taken; absent: a vocabulary is trained. */
  readonly vocabulary?: string | undefined;
}

/**
 * @throws RankscopeError 'cancelled'; 'bad-input' where the work folder was prepared from other data
 */
export async function prepare(
  log: (line: string) => void,
  signal?: AbortSignal,
  { stemming = 'none', kept = keptShares, vocabulary }: PrepareOptions = {},
): Promise<void> {
  const selection = select(undefined, kept);
  checkSelection(selection, stemming);
  throwIfCancelled(signal);
  const { tokenize, pieces } = openVocabulary(selection, vocabulary, log);
  throwIfCancelled(signal);
  const embeddings = await prepareEmbeddings(selection, log, signal);
  if (!existsSync(join(workFolder, 'training', 'meta.json'))) {
    const candidates = await mineCandidates(selection, embeddings, log, stemming);
    log('training set: tokenising');
    writeTrainingSet(join(workFolder, 'training'), {
      vocabulary: pieces.length,
      collections: trainingCollections.map(({ name }) => name),
      passages: selection.passages.map(({ key, text }) => ({
        key,
        text,
        tokens: tokenize(text, passageTokenLimit),
      })),
      queries: selection.queries.map((query, q) => ({
        key: query.key,
        text: query.text,
        judged: Object.fromEntries(query.judged),
        tokens: tokenize(query.text, queryTokenLimit),
        part: query.part,
        collection: query.collection,
        candidates: candidates[q]!,
      })),
    });
  }
  await prepareTokenVectors(pieces, log);
  if (!existsSync(join(workFolder, 'evaluation', 'trec-dl21-top100', 'meta.json'))) {
    writeEvaluationSets(join(workFolder, 'evaluation'), selection, tokenize, pieces.length, log, stemming);
  }
  log('prepared');
}

/**
 * What is there is taken as it is, so it must be of this selection: changed collections, another sieve or stemming, would
 * otherwise go on with the old one's vocabulary and candidates.
 */
function checkSelection({ passages, queries }: Selection, stemming: Stemming): void {
  const hash = createHash('sha256');
  for (const { key, text } of [...passages, ...queries]) hash.update(JSON.stringify([key, text]));
  for (const { judged, part } of queries) hash.update(JSON.stringify([part, ...judged]));
  if (stemming !== 'none') hash.update(stemming);
  const digest = hash.digest('hex');
  const path = join(workFolder, 'prepared-from.json');
  const before = existsSync(path) ? (readJson(path).selection as string) : undefined;
  if (before === digest) return;
  if (before === undefined && !existsSync(join(workFolder, 'tokenizer', 'PROVENANCE.md'))) {
    writeAtomically(path, JSON.stringify({ selection: digest }));
    return;
  }
  throw new RankscopeError(
    'bad-input',
    `${workFolder} was prepared from other data, or with other stemming. Delete tokenizer/, training/, evaluation/ and token-vectors-* in it (embeddings/ may stay) and prepared-from.json, or set RANKSCOPE_WORK to another folder.`,
  );
}

/** The vocabulary, made if it is not there, as a function from text to ids. */
function openVocabulary(selection: Selection, taken: string | undefined, log: (line: string) => void) {
  const folder = join(workFolder, 'tokenizer');
  if (taken !== undefined && !existsSync(join(folder, 'PROVENANCE.md'))) takeVocabulary(taken, folder);
  if (!existsSync(join(folder, 'PROVENANCE.md'))) makeVocabulary(log, selection);
  const json = readJson(join(folder, 'tokenizer.json')) as { model: { vocab: Piece[] } };
  const tokenizer = new Tokenizer(json, readJson(join(folder, 'tokenizer_config.json')));
  // No English token is longer than eight characters on average: what is cut anyway need not be split.
  const tokenize: Tokenize = (text, maxTokens) =>
    tokenizer
      .encode(text.slice(0, maxTokens * 8))
      .ids.slice(0, -1)
      .slice(0, maxTokens);
  return { tokenize, pieces: piecesOf(json) };
}

/** @throws RankscopeError 'missing' where the folder has no tokenizer */
function takeVocabulary(from: string, folder: string): void {
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
    if (!existsSync(join(from, file))) {
      throw new RankscopeError(
        'missing',
        `${join(from, file)} is not there: the recipe takes its vocabulary.`,
      );
    }
    writeAtomically(join(folder, file), readFileSync(join(from, file)));
  }
  writeAtomically(join(folder, 'PROVENANCE.md'), `Taken as it is from ${from}.\n`);
}

async function prepareTokenVectors(pieces: readonly string[], log: (line: string) => void): Promise<void> {
  if (existsSync(join(workFolder, `token-vectors-${tokenVectorDims.at(-1)}.f32`))) return;
  const encoder = await openEncoder();
  const options = { folder: join(workFolder, 'embeddings'), name: 'pieces', maxTokens: 16, log };
  const read = await embedTexts(async () => encoder, pieces.map(pieceText), options);
  await encoder.release();
  const passages = (file: string) => new Uint8Array(readFileSync(join(workFolder, 'training', file))).buffer;
  const frequencies = documentFrequencies(
    new Uint32Array(passages('passages.offsets.u32')),
    new Uint16Array(passages('passages.tokens.u16')),
    pieces.length,
  );
  writeAtomically(join(workFolder, 'piece-df.u32'), frequencies);
  for (const dims of tokenVectorDims) {
    const vectors = tokenVectors(pieces, read, frequencies, dims);
    writeAtomically(join(workFolder, `token-vectors-${dims}.f32`), vectors);
    log(`token vectors: ${pieces.length} × ${dims}`);
  }
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

if (process.argv[1] === import.meta.filename) {
  await prepare((line) => console.log(`${new Date().toISOString()} ${line}`));
}
