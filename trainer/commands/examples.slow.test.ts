/**
 * Every command that help texts and documents show is run here, with --dry-run where it has one, on small files of the
 * names that it names: no documented command can rot.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { PRESETS } from '../../src/ranking/templates.ts';
import { writeHfFolder } from '../checkpoint/testing/hf-folder.ts';
import { encoderFolder } from '../pretrain/data/encoder.ts';
import { examplesIn } from '../testing/documented.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { type TinyOptions, writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { tinyRecipe, writePreparedData } from '../testing/tiny-pretraining.ts';

const root = join(import.meta.dirname, '../..');
const folder = testFolder('examples');
// Read when the commands are loaded, so it comes before that.
process.env.RANKSCOPE_WORK = join(folder, 'prepared');
process.env.REDIS_URL ??= 'redis://localhost:6379';
const { commands } = await import('./all.ts');

const documents = [
  ...commands.map(({ name, help }) => [`${name} --help`, help] as const),
  ...['.', 'trainer', 'docs', 'bench', 'trainer/recipes']
    .flatMap((at) => readdirSync(join(root, at)).map((file) => join(at, file)))
    .filter((file) => /\.(md|yaml)$/.test(file))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')] as const),
];
/** Placeholders, and the recipes whose models take hours or lie in this repository's own folder. */
const STAND_INS: Readonly<Record<string, string>> = {
  DIR: 'data/scifact',
  'trainer/recipes/embedded.yaml': 'tiny.yaml',
  'figure-3': 'figure.yaml',
};

/** As they are run: one that is shown with and without --dry-run is one. */
const lines = [...new Set(documents.flatMap(([, text]) => examplesIn(text).map(asRun)))];
type Role = NonNullable<TinyOptions['role']>;
const hasEncoder = existsSync(join(encoderFolder(), 'onnx', 'model.onnx'));

const here = process.cwd();
beforeAll(async () => {
  await writeFixtures();
  process.chdir(folder);
}, 120_000);
afterAll(() => process.chdir(here));

describe('examples of help texts and documents', () => {
  it('are found in each help text and document that has some', () => {
    for (const [name, text] of documents) {
      const shown = text.split('\n').filter((line) => /^#?\s*npm run trainer -- [^<]*$/.test(line)).length;
      const usage = text.split('\n').filter((line) => /^ {7}npm/.test(line)).length;
      expect([name, examplesIn(text).length]).toEqual([name, expect.toSatisfy((n) => n >= shown - usage)]);
    }
    expect(lines.length).toBeGreaterThan(30);
  });

  for (const line of lines) {
    it.skipIf(line.includes('--encoder') && !hasEncoder)(line, async () => {
      const [name, ...args] = line.split(' ');
      const command = commands.find((one) => one.name === name);
      expect(command?.name).toBe(name);
      const said = vi.spyOn(console, 'log').mockImplementation(() => {});
      const told = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
      try {
        await command!.run(args);
        expect(said).toHaveBeenCalled();
      } finally {
        said.mockRestore();
        told.mockRestore();
      }
    });
  }

  it.each(documents)('name options that there are: %s', async (name, text) => {
    const command = commands.find((one) => name === `${one.name} --help`);
    if (!command) return;
    const own = text
      .replace(/\\\n\s*/g, ' ')
      .split('\n')
      .filter((line) => !line.includes('npm run trainer -- ') || line.includes(`-- ${command.name} `));
    const options = new Set(
      [...own.join('\n').matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => option),
    );
    for (const option of options) {
      if (OF_ALL.includes(option)) continue;
      const message = await command.run([option]).then(
        () => '',
        (error: Error) => error.message,
      );
      if (message.startsWith('Unknown option')) expect(OF_OTHERS).toContain(option);
    }
  });

  it.each(documents)('name wordings that there are: %s', (_, text) => {
    for (const [, id] of text.matchAll(/\b(?:pointwise-yes|rg|prp-\w+)@([a-z][\w-]*)/g)) {
      expect(PRESETS.map((preset) => preset.id)).toContain(id);
    }
  });
});

/** Of runs that exist an evaluation takes no time; all else has a dry run. */
function asRun(example: readonly string[]): string {
  const words = filledIn(example).filter((word) => word !== '--dry-run');
  const isCheap = words[0] === 'evaluate' && words.includes('--run');
  return [...words, ...(isCheap ? [] : ['--dry-run'])].join(' ');
}

/** Options of another command that a help text mentions. */
const OF_OTHERS = ['--recipe'];
/** Options that main.ts takes before the command. */
const OF_ALL = ['--help', '--encoding'];

function filledIn(words: readonly string[]): string[] {
  const isNew = ['label', 'train', 'distill'].includes(words[0]!);
  return words.map((word, i) => {
    // A folder of this name stands for the result of another example.
    if (isNew && words[i - 1] === '--output') return `new/${word}`;
    return STAND_INS[word] ?? word;
  });
}

/** Small files of the names that the examples have, in a folder of their own. */
async function writeFixtures(): Promise<void> {
  const at = (...names: string[]) => {
    const path = join(folder, ...names);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  const corpus = readSampleCorpus('kitchen');
  const { queries, passages } = corpus;
  const lists = queries.map((query) => ({ query, candidates: firstCandidates(corpus, 6) }));
  const hits = writeRankGptHits(lists, { lines: true });
  const qrels = queries.map(({ id }, i) => `${id} 0 ${passages[i]!.id} 1\n`);
  const run = lists.flatMap(({ query, candidates }) =>
    candidates.map(({ passage }, i) => `${query.id} Q0 ${passage.id} ${i + 1} ${10 - i} tag\n`),
  );
  const shipped = readFileSync(join(root, 'public/models/index.json'), 'utf8');
  writeFileSync(at('public', 'models', 'index.json'), shipped);
  // Models of the shipped ones' names and roles: what a dry run measures of the shipped ones says no more.
  for (const { path, role } of (JSON.parse(shipped) as { models: { path: string; role: Role }[] }).models)
    await writeTinyCheckpoint(at('public', 'models', path), { dtypes: ['int8'], role });
  symlinkSync(join(root, 'public/samples'), at('public', 'samples'));
  symlinkSync(join(root, 'trainer'), at('trainer'));
  for (const name of ['data/scifact', 'data/redial', 'marco', 'msmarco']) {
    writeLines(
      at(name, 'corpus.jsonl'),
      passages.map(({ id, ...rest }) => ({ _id: id, ...rest })),
    );
    writeLines(
      at(name, 'queries.jsonl'),
      queries.map(({ id, text }) => ({ _id: id, text })),
    );
    for (const [split, part] of [
      ['train', qrels.slice(0, -3)],
      ['test', qrels.slice(-3)],
    ] as const) {
      const rows = part.map((line) => line.replace(/ 0 (\S+) /, '\t$1\t'));
      writeFileSync(at(name, 'qrels', `${split}.tsv`), `query-id\tcorpus-id\tscore\n${rows.join('')}`);
    }
    const counts = passages.map(({ id }, i) => `${id},${i}\n`);
    writeFileSync(at(name, 'popularity.csv'), `id,count\n${counts.join('')}`);
  }
  const tsv = (items: readonly { id: string; text: string }[]) =>
    items.map(({ id, text }) => `${id}\t${text}\n`).join('');
  for (const file of ['corpus.tsv', 'collection.tsv']) writeFileSync(at(file), tsv(passages));
  writeFileSync(at('queries.tsv'), tsv(queries));
  writeFileSync(
    at('topics.txt'),
    queries.map(({ id, text }) => `<top>\n<num> Number: ${id}\n<title> ${text}\n</top>\n`).join('\n'),
  );
  for (const file of ['bm25.trec', 'student.trec', 'monot5.trec']) writeFileSync(at(file), run.join(''));
  for (const file of ['qrels.txt', 'qrels.tsv']) writeFileSync(at(file), qrels.join(''));
  for (const file of ['candidates.jsonl', 'hits.jsonl', 'hits.json']) writeFileSync(at(file), hits);
  writeLines(
    at('marco-train.jsonl'),
    lists.map(({ query, candidates }) => ({
      query: query.text,
      positive_passages: [],
      retrieved_passages: candidates.map(({ passage: { id, text } }) => ({ docid: id, text })),
    })),
  );
  writeFileSync(at('perms.json'), JSON.stringify(lists.map(() => '2 > 1 > 3')));
  await writeTinyCheckpoint(at('models', 'teacher'), { dtypes: ['int8'], role: 'teacher' });
  await writeTinyCheckpoint(at('models', 'base'), { dtypes: ['int8'], role: 'teacher', seed: 2 });
  await writeTinyCheckpoint(at('models', 'student'), { dtypes: ['int8'], role: 'student', seed: 3 });
  for (const name of ['flan-t5-base', 'flan-t5-xl']) {
    await writeTinyCheckpoint(at('models', name), { dtypes: ['int8'], role: 'teacher' });
  }
  for (const name of ['flan-t5-small', 'flan-t5-base', 'monot5-base-msmarco', 'my-student']) {
    writeHfFolder(at(name));
  }
  writeHfFolder(at('.cache', 'embedded', 'student'));
  // monoT5's words are tokens of its own.
  const monoT5 = at('monot5-base-msmarco', 'tokenizer.json');
  const tokens = readFileSync(monoT5, 'utf8').replace('"▁people"', '"▁true"').replace('"▁town"', '"▁false"');
  writeFileSync(monoT5, tokens);
  if (hasEncoder) symlinkSync(encoderFolder(), at('all-MiniLM-L6-v2'));
  writePreparedData(at('prepared'));
  writeFileSync(at('tiny.yaml'), stringify(tinyRecipe));
  // As it is shipped, with the models beside it, and one student of each training signal.
  const figure = readFileSync(join(root, 'trainer/recipes/figure-3.yaml'), 'utf8');
  writeFileSync(
    at('figure.yaml'),
    figure.replaceAll('../../', '').replace(/^ {2}- .*(-large|-xl-sft|: flan-t5-xl,).*\n/gm, ''),
  );
  await writeLabels(at, 'labels.jsonl', hits);
  const all = hits.trim().split('\n');
  const parts = { 'labels-1.jsonl': all.slice(0, 4), 'labels-2.jsonl': all.slice(4, -2) };
  for (const [file, part] of Object.entries({ ...parts, 'held-out.jsonl': all.slice(-2) })) {
    await writeLabels(at, file, `${part.join('\n')}\n`);
  }
}

/** Labels of a run: they need no model. */
async function writeLabels(at: (name: string) => string, file: string, hits: string): Promise<void> {
  const input = at(`input-of-${file}`);
  writeFileSync(input, hits);
  const label = commands.find(({ name }) => name === 'label')!;
  const quiet = vi.spyOn(console, 'log').mockImplementation(() => {});
  await label.run(['--run', at('bm25.trec'), '--input', input, '--output', at(file)]);
  quiet.mockRestore();
}
