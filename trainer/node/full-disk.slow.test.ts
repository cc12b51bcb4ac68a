/**
 * Commands whose disk is really full: they say so, incomplete files are never treated as complete, and with more room the same
 * command ends as one that never ran out. (Limits on the size of files stand for this in the process tests, which
 * run everywhere; this needs leave to mount a disk.)
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { runTrainer } from '../testing/command-line.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { writeSampleLabels } from '../testing/sample-labels.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { canMount, SmallDisk } from './testing/small-disk.ts';

const folder = testFolder('full-disk');
const at = (...names: string[]) => join(folder, ...names);
const mountable = canMount(at('try'));
const ROOMY = 64 * 2 ** 20;

/** Arguments by where the output goes, and the file that is compared. */
const COMMANDS: Readonly<Record<string, readonly [args: (output: string) => string[], file: string]>> = {
  candidates: [
    (output) => [
      'candidates',
      '--input',
      at('corpus.jsonl'),
      '--queries',
      at('queries.tsv'),
      '--output',
      join(output, 'c.jsonl'),
    ],
    'c.jsonl',
  ],
  label: [
    (output) => [
      'label',
      '--checkpoint',
      at('teacher'),
      '--input',
      at('in.jsonl'),
      '--threads',
      '1',
      '--output',
      join(output, 'l.jsonl'),
    ],
    'l.jsonl',
  ],
  rank: [
    (output) => [
      ...['rank', '--checkpoint', at('teacher'), '--method', 'prp-allpair', '--input', at('in.jsonl')],
      // Larger than what is kept beside it: the last write fails, too.
      ...['--threads', '1', '--k', '2', '--format', 'hits', '--output', join(output, 'r.jsonl')],
    ],
    'r.jsonl',
  ],
  evaluate: [
    (output) => [
      ...['evaluate', '--data', at('beir'), '--checkpoint', at('teacher'), '--methods', 'bm25,prp-allpair'],
      ...['--k', '6', '--threads', '1', '--output', join(output, 'e')],
    ],
    'e/runs/beir/teacher.prp-allpair.trec',
  ],
  distill: [
    (output) => ['distill', '--recipe', at('recipe.yaml'), '--output', join(output, 'd')],
    'd/student/onnx/scorer_int8.onnx',
  ],
  train: [
    (output) => [
      ...[
        'train',
        '--checkpoint',
        at('teacher'),
        '--input',
        at('labels.jsonl'),
        '--output',
        join(output, 'student'),
      ],
      ...['--threads', '1', '--steps', '6', '--batch', '2', '--hold-out', '4', '--save-steps', '2'],
    ],
    'student/model.safetensors',
  ],
  export: [
    (output) => [
      'export',
      '--checkpoint',
      at('teacher'),
      '--dtypes',
      'fp32,int8',
      '--threads',
      '1',
      '--output',
      join(output, 'exported'),
    ],
    'exported/onnx/scorer_int8.onnx',
  ],
};

describe.skipIf(!mountable)('a disk that is full (skipped where no disk can be mounted)', () => {
  const { passages, queries } = readSampleCorpus('town');
  beforeAll(async () => {
    await writeTinyCheckpoint(at('teacher'), { dtypes: ['int8'], seed: 8 });
    writeFileSync(
      at('corpus.jsonl'),
      passages.map(({ id, text }) => `${JSON.stringify({ id, text })}\n`).join(''),
    );
    writeFileSync(at('queries.tsv'), queries.map(({ id, text }) => `${id}\t${text}\n`).join(''));
    const corpus = { passages, queries };
    const lists = queries.map((query) => ({ query, candidates: firstCandidates(corpus, 6) }));
    writeFileSync(at('in.jsonl'), writeRankGptHits(lists, { lines: true }));
    writeSampleLabels(at('labels.jsonl'), { lists: 20, passages: 4 });
    mkdirSync(at('beir', 'qrels'), { recursive: true });
    writeLines(
      at('beir', 'corpus.jsonl'),
      passages.map(({ id, text }) => ({ _id: id, text })),
    );
    writeLines(
      at('beir', 'queries.jsonl'),
      queries.map(({ id, text }) => ({ _id: id, text })),
    );
    const judgments = queries.map(({ id }, i) => `${id}\t${passages[i]!.id}\t1\n`).join('');
    writeFileSync(at('beir', 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judgments}`);
    writeFileSync(
      at('recipe.yaml'),
      `name: tiny\nthreads: 1\ndata: { input: beir, k: 4 }\nteacher: { checkpoint: teacher, dtype: int8, schedule: heapsort }\n` +
        'train: { steps: 4, batch: 2, holdOut: 2 }\nevaluate: { heldOut: 4, k: 4 }\nexport: { dtypes: [int8] }\n',
    );
  }, 60_000);

  it.each(Object.keys(COMMANDS))(
    '%s',
    async (name) => {
      const [args, file] = COMMANDS[name]!;
      const first = await runTrainer(args(at(`${name}-whole`)));
      expect([first.code, first.stderr]).toEqual([0, expect.not.stringMatching(/rror|cannot/)]);
      const whole = readFileSync(at(`${name}-whole`, file));
      // Found before the work where that is measured, in its middle where it is too short to be.
      const size = statSync(at(`${name}-whole`, file)).size;
      const disk = SmallDisk.open(at(`${name}-disk`), size / 2)!;
      try {
        const full = await runTrainer([...args(disk.path), '--json']);
        expect([full.code, full.stderr]).toEqual([1, expect.stringMatching(/[Mm]ake room/)]);
        expect(JSON.parse(full.stdout)).toMatchObject({
          command: name,
          state: 'failed',
          error: { code: 'device' },
        });
        disk.resize(ROOMY);
        const { code, stderr } = await runTrainer(args(disk.path));
        expect([code, stderr]).toEqual([0, expect.not.stringMatching(/rror|cannot/)]);
        expect(readFileSync(join(disk.path, file)).equals(whole)).toBe(true);
      } finally {
        disk.close();
      }
    },
    120_000,
  );
});
