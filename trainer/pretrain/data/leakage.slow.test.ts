/**
 * Nothing held out reaches training: checked on the very selection, vocabulary lines and (where they
 * have been made) training arrays, by title, by disease, by id and by text.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { vocabularyLine, vocabularyLines } from '../vocabulary/make-vocabulary.ts';
import { documentFrequencies } from '../vocabulary/token-vectors.ts';
import { hasData, readCollection, trainingCollections } from './collections.ts';
import { shardNames } from './embed.ts';
import { developmentPlans, drawQueries, evaluationSetPlans } from './evaluation-sets.ts';
import { readHeldApart, sampleTexts } from './held-apart.ts';
import { ShingleSet, wordRuns } from './leakage.ts';
import { passageTokens, queryTokens } from './prepare-embeddings.ts';
import { type Selection, select } from './selection.ts';
import { diseasePart, normaliseWords, titlePart } from './splits.ts';
import { readTrainingSet } from './training-set.ts';
import { workFolder } from './work-folder.ts';

const data = hasData();
const training = join(workFolder, 'training');
const prepared = existsSync(join(training, 'meta.json'));

describe('a set of shingles', () => {
  const words = Array.from({ length: 30 }, (_, i) => `w${i}`);
  it('finds thirteen words in a row, not twelve', () => {
    const set = new ShingleSet();
    set.add(words.join(' '));
    expect(set.overlaps(`x ${words.slice(5, 18).join(', ')} y`)).toBe(true);
    expect(set.overlaps(`x ${words.slice(5, 17).join(' ')} y`)).toBe(false);
    expect(set.overlaps('w1 w2')).toBe(false);
  });
});

describe.skipIf(!data)('the selection (skipped without ../shared/data)', () => {
  let selection: Selection;
  beforeAll(() => {
    selection = select();
  }, 240_000);

  it('trains on no held-out article, disease or test sentence', () => {
    for (const passage of selection.passages) {
      if (passage.pool === 'wikipedia') expect(titlePart(passage.title)).toBe('train');
      if (passage.pool === 'medquad') expect(diseasePart(passage.title)).toBe('train');
      if (passage.pool === 'squad') expect(passage.key).toMatch(/^squad-nqg\/train-/);
    }
    for (const query of selection.queries) {
      expect(query.part).not.toBe('held-out');
      if (query.focus !== undefined) expect(diseasePart(query.focus)).toBe('train');
    }
  });

  it('shares no query and no judged passage between training and evaluation', () => {
    const trained = new Set(selection.queries.map((query) => normaliseWords(query.text)));
    const passages = new Set(selection.passages.map((passage) => passage.key));
    const topics = ['trec-dl21', 'trec-dl22'].flatMap((name) => readCollection(name).queries);
    for (const query of [...selection.heldOutQueries, ...topics]) {
      expect(trained.has(normaliseWords(query.text)), query.text).toBe(false);
    }
    for (const plan of evaluationSetPlans) {
      const queries = drawQueries(plan, selection.heldOutQueries);
      expect(queries.length).toBe(plan.queries);
      for (const query of queries) {
        for (const key of query.judged.keys()) expect(passages.has(key), key).toBe(false);
      }
    }
  });

  it('tunes on held-out queries that stand in no table', () => {
    const tables = evaluationSetPlans.flatMap((plan) => drawQueries(plan, selection.heldOutQueries));
    const keys = new Set(tables.map(({ key }) => key));
    const tuned = developmentPlans.flatMap((plan, i) =>
      drawQueries(plan, selection.heldOutQueries, evaluationSetPlans[i]!.queries),
    );
    expect(tuned.length).toBeGreaterThan(100);
    expect(tuned.filter(({ key }) => keys.has(key))).toEqual([]);
  });

  /** Held out or never trained on: evaluation's own passages, DL21 and other whole corpora, the samples. */
  const apart = (): { passages: Map<string, string>; queries: Set<string> } => {
    const { passages, queries } = readHeldApart();
    const heldOut = selection.allPassages.filter(
      ({ pool, title, key }) =>
        (pool === 'wikipedia' && titlePart(title) === 'held-out') ||
        (pool === 'medquad' && diseasePart(title) === 'held-out') ||
        key.startsWith('squad-nqg/test-'),
    );
    const runs = new Map<string, string>();
    for (const { key, text } of heldOut) for (const run of wordRuns(text)) runs.set(run, key);
    for (const text of passages) for (const run of wordRuns(text)) runs.set(run, text);
    return { passages: runs, queries: new Set(queries.map(normaliseWords)) };
  };

  it('repeats no thirteen words of any held-out passage, of TREC DL21, Cranfield, SciFact or a sample', () => {
    const held = apart();
    expect(held.passages.size).toBeGreaterThan(1_000_000);
    // Passages' own texts: a title shown before one (selection.ts) is not counted into a run of words.
    const own = new Map(selection.allPassages.map(({ key, text }) => [key, text]));
    const found = selection.passages.flatMap(({ key }) => {
      const run = [...wordRuns(own.get(key)!)].find((one) => held.passages.has(one));
      return run === undefined ? [] : [`${key}: “${run}” of ${held.passages.get(run)}`];
    });
    expect(found).toEqual([]);
    for (const { text } of selection.queries)
      expect(held.queries.has(normaliseWords(text)), text).toBe(false);
  }, 240_000);

  it('the whole of DL21 and every sample are among what is kept apart', () => {
    const { passages, queries } = readHeldApart();
    const known = new Set(passages);
    const dl21 = readCollection('trec-dl21');
    expect(dl21.passages.length).toBeGreaterThan(10_000);
    for (const { text } of dl21.passages) expect(known.has(text)).toBe(true);
    const samples = [...sampleTexts()];
    expect(samples.length).toBeGreaterThan(100);
    for (const text of samples) expect(known.has(text)).toBe(true);
    const asked = new Set(queries);
    for (const { text } of dl21.queries) expect(asked.has(text)).toBe(true);
  });

  it('is all that the vocabulary is trained on, without the distillation queries', () => {
    const lines = vocabularyLines(selection);
    const passages = new Set(selection.passages.map(({ text }) => vocabularyLine(text)));
    const asked = new Set(
      selection.queries.filter(({ part }) => part === 'train').map(({ text }) => vocabularyLine(text)),
    );
    expect(lines.length).toBeGreaterThan(50_000);
    expect(lines.filter((line) => !passages.has(line) && !asked.has(line))).toEqual([]);
    const hidden = [
      ...selection.heldOutQueries,
      ...selection.queries.filter(({ part }) => part === 'distill'),
    ].map(({ text }) => vocabularyLine(text));
    const all = new Set(lines);
    // A short question may be a passage's whole beginning; no such line is there.
    expect(hidden.filter((line) => all.has(line) && !passages.has(line))).toEqual([]);
  });

  it.skipIf(!prepared)(
    'is what the prepared arrays hold (skipped before trainer/pretrain/data/prepare.ts has run)',
    () => {
      const set = readTrainingSet(training);
      const passages = new Set(selection.passages.map((passage) => passage.key));
      const parts = new Map(selection.queries.map((query) => [query.key, query.part]));
      expect(set.passageTexts().every(({ key }) => passages.has(key))).toBe(true);
      const keys = set.queryTexts().map(({ key }) => key);
      for (const q of set.queriesOf('distill')) {
        expect(parts.get(keys[q]!)).toBe('distill');
        const { cosine } = set.candidates(q);
        expect(cosine.every((value) => value === 0)).toBe(true);
      }
      for (const q of set.queriesOf('train')) expect(parts.get(keys[q]!)).toBe('train');
      expect(set.queriesOf('held-out')).toEqual([]);
      // Negatives are passages of the set, and so of the selection.
      expect(set.arrays.candidatePassage.every((p) => p < set.meta.passages)).toBe(true);
    },
  );

  it.skipIf(!prepared)('is all that the vectors were made from (skipped before prepare.ts has run)', () => {
    const set = readTrainingSet(training);
    const { passageOffsets, passageTokens: tokens } = set.arrays;
    const counted = documentFrequencies(passageOffsets, tokens, set.meta.vocabulary);
    const bytes = new Uint8Array(readFileSync(join(workFolder, 'piece-df.u32')));
    expect(new Uint32Array(bytes.buffer)).toEqual(Uint32Array.from(counted));
    const of = (items: readonly { collection: string; text: string }[], name: string) =>
      items.filter(({ collection }) => collection === name).map(({ text }) => text);
    const folder = '';
    const shards = trainingCollections.flatMap(({ name }) => [
      ...shardNames(of(selection.queries, name), { folder, name: `${name}-queries`, maxTokens: queryTokens }),
      ...shardNames(of(selection.passages, name), {
        folder,
        name: `${name}-passages`,
        maxTokens: passageTokens,
      }),
    ]);
    const there = readdirSync(join(workFolder, 'embeddings')).filter((file) => !file.startsWith('pieces-'));
    expect(there.sort()).toEqual(shards.sort());
  });
});
