/**
 * Nothing held out reaches training: checked on the very selection, vocabulary lines and (where they
 * have been made) training arrays, by title, by disease, by id and by text.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { selectForVocabulary, vocabularyLines } from '../vocabulary/main.ts';
import { normaliseForVocabulary } from '../vocabulary/normalise.ts';
import { hasData, readCollection } from './collections.ts';
import { drawQueries, evaluationSetPlans } from './evaluation-sets.ts';
import { ShingleSet, wordRuns } from './leakage.ts';
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

  it('repeats no thirteen words of a passage that answers an evaluation query', () => {
    const answers = new Set(
      evaluationSetPlans.flatMap((plan) =>
        drawQueries(plan, selection.heldOutQueries).flatMap((query) => [...query.judged.keys()]),
      ),
    );
    // Passages' own texts: a title shown before one (selection.ts) is not counted into a run of words.
    const sieve = new ShingleSet();
    const held = new Set<string>();
    const own = new Map(selection.allPassages.map(({ key, text }) => [key, text]));
    for (const passage of selection.allPassages) {
      if (!answers.has(passage.key)) continue;
      sieve.add(passage.text);
      for (const run of wordRuns(passage.text)) held.add(run);
    }
    const repeats = (text: string) => [...wordRuns(text)].some((run) => held.has(run));
    const repeated = selection.passages.filter(({ key }) => {
      const text = own.get(key)!;
      return sieve.overlaps(text) && repeats(text);
    });
    expect(repeated.map((passage) => passage.key)).toEqual([]);
  }, 240_000);

  it('keeps distillation queries and held-out queries out of the vocabulary', () => {
    const wider = selectForVocabulary();
    const lines = new Set(vocabularyLines(wider));
    const passages = new Set(wider.passages.map((one) => normaliseForVocabulary(one.text.slice(0, 600))));
    const hidden = [
      ...selection.heldOutQueries,
      ...selection.queries.filter(({ part }) => part === 'distill'),
    ];
    for (const passage of wider.passages) {
      if (passage.pool === 'wikipedia') expect(titlePart(passage.title)).toBe('train');
    }
    const found = hidden
      .map(({ text }) => normaliseForVocabulary(text))
      .filter((line) => lines.has(line) && !passages.has(line));
    expect(found).toEqual([]);
  }, 240_000);

  const samples = join(import.meta.dirname, '../../public/samples');
  it.skipIf(!existsSync(samples))('contains no text of the sample corpora', () => {
    const trained = new Set(selection.passages.map((passage) => normaliseWords(passage.text)));
    const queries = new Set(selection.queries.map((query) => normaliseWords(query.text)));
    let texts = 0;
    for (const text of sampleTexts(samples)) {
      texts++;
      expect(trained.has(normaliseWords(text)), text).toBe(false);
      expect(queries.has(normaliseWords(text)), text).toBe(false);
    }
    expect(texts).toBeGreaterThan(0);
  });

  it.skipIf(!prepared)(
    'is what the prepared arrays hold (skipped before trainer/data/prepare.ts has run)',
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
    },
  );
});

/** Every string of the sample files that is long enough to be a passage or a query. */
function* sampleTexts(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.json$/.test(entry.name)) continue;
    yield* longStrings(JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')));
  }
}

function* longStrings(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (value.length >= 20) yield value;
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* longStrings(inner);
  }
}
