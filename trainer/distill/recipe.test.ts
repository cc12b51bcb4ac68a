/** Recipes are read whole or refused: every mistake with its line, its field and what would be right. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bm25Record } from '../../src/retrieval/params.ts';
import { editDistance, nearest } from '../cli/did-you-mean.ts';
import { testFolder } from '../testing/folder.ts';
import { readDistillRecipe } from './recipe.ts';

const folder = testFolder('distill-recipe');
const path = join(folder, 'my.yaml');

const GOOD = `# a recipe
name: mine
seed: 7
data:
  input: corpus
  k: 5
teacher:
  checkpoint: ../teacher
  schedule: heapsort
train:
  epochs: 2
evaluate:
  data:
    - sets/one
    - { input: sets/two, split: dev, limit: 50 }
export:
  dtypes: [int8, q4]
`;

async function read(text: string, options = {}) {
  writeFileSync(path, text);
  return readDistillRecipe(path, options);
}

/** The message of what is wrong with the good recipe after a replacement. */
async function problem(from: string | RegExp, to: string): Promise<string> {
  expect(GOOD).toMatch(from);
  return read(GOOD.replace(from, to)).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
}

describe('stemming in a recipe', () => {
  it('is none where a recipe of before does not name it, and recorded as it was then', async () => {
    const { bm25 } = (await read(GOOD)).data;
    expect(bm25.stemming).toBe('none');
    expect(JSON.stringify(bm25Record(bm25))).toBe(
      '{"k1":1.2,"b":0.75,"delta":0,"stopWords":true,"fold":true}',
    );
    const english = (await read(GOOD.replace('  k: 5\n', '  k: 5\n  bm25: { stemming: english }\n'))).data;
    expect(english.bm25.stemming).toBe('english');
    expect(bm25Record(english.bm25)).toEqual(english.bm25);
    expect(await problem('  k: 5', '  k: 5\n  bm25: { stemming: englsh }')).toMatch(
      /line 7: data\.bm25\.stemming must be one of english, none/,
    );
  });

  it('is named by the recipes that people copy', async () => {
    expect((await readDistillRecipe('small', { input: '/x' })).data.bm25.stemming).toBe('english');
    expect((await readDistillRecipe('paper', { input: '/x', teacher: '/t' })).data.bm25.stemming).toBe(
      'none',
    );
  });
});

describe('the recipe of the published code', () => {
  it('differs from the paper where the code does', async () => {
    const options = { input: '/x', teacher: '/t' };
    const code = await readDistillRecipe('published-code', options);
    const paper = await readDistillRecipe('paper', options);
    const passages = (words: number) => ({ maxPassageWords: words, titles: 'labelled' });
    expect(code).toMatchObject({
      data: { k: 20, bm25: { k1: 0.9, b: 0.4, stemming: 'english' } },
      teacher: { template: 'paper-prp', passages: passages(100) },
      student: { template: 'paper-student', passages: passages(200) },
      train: {
        k: 8,
        batch: 16,
        accumulate: 2,
        learningRate: 2e-5,
        weightDecay: 0,
        dropout: 0.1,
        select: 'last',
      },
      evaluate: { k: 100 },
    });
    expect(code.train.batch! * code.train.accumulate!).toBe(
      paper.train.batch! * (paper.train.accumulate ?? 1),
    );
    expect(paper).toMatchObject({ data: { k: 10 }, train: { batch: 32, learningRate: 3e-5 } });
    expect(paper.student.passages).toBeUndefined();
  });

  it('may be mended in its words and titles, with what would be right', async () => {
    const at = 'teacher:\n';
    expect((await read(GOOD.replace(at, `${at}  passageWords: 50\n`))).teacher!.passages).toEqual({
      maxPassageWords: 50,
    });
    expect(await problem(at, `${at}  titles: label\n`)).toMatch(
      /teacher\.titles must be one of sentence, labelled, found .* Did you mean labelled\?/,
    );
    expect(await problem(at, `${at}  passageWords: 0\n`)).toMatch(
      /teacher\.passageWords must be a whole number from 1/,
    );
  });
});

describe('several students', () => {
  const students = (...lines: string[]) =>
    `${GOOD}students:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

  it('are recipes of their own that differ in what is said', async () => {
    const recipe = await read(
      students(
        '{ name: own, checkpoint: ../teacher }',
        '{ name: small, checkpoint: ../small, sample: 9, train: { learningRate: 0.001 } }',
        '{ name: small sft, checkpoint: ../small, labels: judgments }',
        '{ name: other, teacher: ../other }',
      ).replace('epochs: 2', 'epochs: 2\n  loss: ranknet-soft'),
    );
    const of = recipe.students!.map(({ name, labels, teacher, student, data, train }) => [
      ...[name, labels, teacher!.checkpoint, student.checkpoint].map((text) => text.replace(folder, '.')),
      ...[data.sample, train.loss, train.epochs, train.learningRate],
    ]);
    const teacher = join(folder, '../teacher');
    const small = join(folder, '../small');
    const other = join(folder, '../other');
    expect(of).toEqual([
      ['own', 'teacher', teacher, teacher, undefined, 'ranknet-soft', 2, undefined],
      ['small', 'teacher', teacher, small, 9, 'ranknet-soft', 2, 0.001],
      ['small sft', 'judgments', teacher, small, undefined, 'softmax', 2, undefined],
      ['other', 'teacher', other, other, undefined, 'ranknet-soft', 2, undefined],
    ]);
  });

  it('are refused without a name, with another’s, with an order’s loss for grades, and with strange fields', async () => {
    const told = async (...lines: string[]) =>
      read(students(...lines)).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    expect(await told('{ checkpoint: a }')).toMatch(/line 19: students\[0\]\.name is missing/);
    expect(await told('{ name: A }', '{ name: a }')).toMatch(
      /line 20: students\[1\]\.name is “a”, as another/,
    );
    expect(await told('{ name: a, labels: judgments, train: { loss: ranknet } }')).toMatch(
      /students\[0\]\.train\.loss is ranknet, which learns an order/,
    );
    expect(await told('{ name: a, epochs: 3 }')).toMatch(/students\[0\]\.epochs is not a field/);
    expect(await told('just a name')).toMatch(/has “just a name” where a section is expected/);
  });

  it('of the figure’s recipe learn 10,000 queries each, from the largest model, themselves and judgments', async () => {
    const { students: all = [] } = await readDistillRecipe('figure-3', { input: '/x' });
    expect(all.map(({ labels }) => labels)).toEqual([
      ...Array(5).fill('teacher'),
      ...Array(3).fill('judgments'),
    ]);
    expect(new Set(all.map(({ data }) => data.sample))).toEqual(new Set([10_000]));
    const own = all.filter(({ teacher, student, labels }) => {
      return labels === 'teacher' && teacher!.checkpoint === student.checkpoint;
    });
    expect(own).toHaveLength(3);
    expect(all.map(({ train }) => train.loss)).toEqual([
      ...Array(5).fill('ranknet'),
      ...Array(3).fill('softmax'),
    ]);
  });
});

describe('a recipe that learns judgments', () => {
  const SFT = GOOD.replace('name: mine', 'name: mine\nlabels: judgments').replace(
    /teacher:\n( {2}.*\n)+/,
    '',
  );

  it('needs a start and no teacher', async () => {
    await expect(read(SFT)).rejects.toThrow('student.checkpoint is missing');
    const recipe = await read(`${SFT}student: { checkpoint: ../base }\n`);
    expect([recipe.labels, recipe.teacher, recipe.train.loss]).toEqual(['judgments', undefined, 'softmax']);
    expect(recipe.student.checkpoint).toBe(join(folder, '../base'));
  });
});

describe('a recipe that is right', () => {
  it('has its defaults filled in and its paths made whole, relative to the file', async () => {
    const recipe = await read(GOOD);
    expect(recipe.data).toMatchObject({ input: join(folder, 'corpus'), k: 5, bm25: { k1: 1.2, b: 0.75 } });
    expect(recipe.teacher).toMatchObject({ checkpoint: join(folder, '../teacher'), schedule: 'heapsort' });
    expect(recipe.student.checkpoint).toBe(recipe.teacher!.checkpoint);
    expect(recipe.evaluate.data).toEqual([
      { input: join(folder, 'sets/one') },
      { input: join(folder, 'sets/two'), split: 'dev', limit: 50 },
    ]);
    expect(recipe.export.dtypes).toEqual(['int8', 'q4']);
    expect(recipe.evaluate.methods).toContain('control');
    expect(recipe.evaluate.shuffled).toBeUndefined();
    expect((await read(GOOD.replace('evaluate:', 'evaluate:\n  shuffled: true'))).evaluate.shuffled).toBe(
      true,
    );
  });

  it('takes the command line in the place of the file, and queries of another corpus away', async () => {
    const text = GOOD.replace('input: corpus', 'input: corpus\n  queries: q.tsv');
    const recipe = await read(text, { input: '/data/x', teacher: '/models/t' });
    expect(recipe.data).not.toHaveProperty('queries');
    expect([recipe.data.input, recipe.teacher!.checkpoint]).toEqual(['/data/x', '/models/t']);
    expect((await read(text)).data.queries).toBe(join(folder, 'q.tsv'));
  });

  it('may be JSON, and may repeat a value by an alias', async () => {
    const json = { name: 'j', data: { input: 'a' }, teacher: { checkpoint: 't' } };
    expect((await read(JSON.stringify(json, null, 2))).name).toBe('j');
    expect(
      (await read(GOOD.replace('k: 5', 'k: &k 5').replace('limit: 50', 'limit: *k'))).evaluate.data[1],
    ).toMatchObject({ limit: 5 });
  });

  it('has a name when it is shipped', async () => {
    const small = await readDistillRecipe('small', { input: '/data/x' });
    expect(small.teacher!.checkpoint).toMatch(/public\/models\/demo-teacher$/);
    expect(small.student.checkpoint).toMatch(/public\/models\/demo-student$/);
    const other = await readDistillRecipe('small', { input: '/data/x', teacher: '/models/t' });
    expect([other.teacher!.checkpoint, other.student.checkpoint]).toEqual(['/models/t', '/models/t']);
    await expect(readDistillRecipe('smal')).rejects.toThrow('There is no recipe “smal”; did you mean small?');
    await expect(readDistillRecipe('none.yaml')).rejects.toThrow(
      'none.yaml cannot be read: there is no such file',
    );
  });

  it('is the paper’s where it is called so (section 4.3)', async () => {
    const paper = await readDistillRecipe('paper', { input: '/data/x', teacher: '/models/t' });
    expect(paper.data).toMatchObject({ sample: 10_000, k: 10 });
    expect(paper.teacher!.schedule).toBe('all-pairs');
    expect(paper.train).toMatchObject({ loss: 'ranknet', epochs: 3, learningRate: 3e-5 });
  });
});

describe('a recipe that is wrong', () => {
  it('is told a field that does not exist, and which was meant', async () => {
    expect(await problem('epochs', 'epoch')).toContain(
      `${path}, line 11: train.epoch is not a field of train; did you mean epochs?`,
    );
    expect(await problem('schedule:', 'shedule:')).toContain(
      'line 9: teacher.shedule is not a field of teacher; did you mean schedule?',
    );
    expect(await problem('seed: 7', 'sed: 7')).toContain(
      'line 3: sed is not a field of a recipe; did you mean seed?',
    );
    expect(await problem('split: dev', 'xyzzy: dev')).toMatch(
      /line 15: evaluate\.data\[1\]\.xyzzy is not a field of evaluate\.data\[1\]; there are input/,
    );
  });

  it('is told a value of the wrong kind, or out of bounds', async () => {
    expect(await problem('k: 5', 'k: five')).toContain(
      'line 6: data.k must be a whole number from 2 to 1000, found “"five"”.',
    );
    expect(await problem('k: 5', 'k: 1')).toContain(
      'line 6: data.k must be a whole number from 2 to 1000, found “1”.',
    );
    expect(await problem('epochs: 2', 'epochs: -2')).toMatch(/line 11: train\.epochs must be .*, found “-2”/);
    expect(await problem('name: mine', 'name: [a]')).toContain(
      'line 2: name must be a string, found “["a"]”.',
    );
    expect(await problem('- sets/one', '- 5')).toContain(
      'line 14: evaluate.data[0] must be a string or a section, found “5”.',
    );
    expect(await problem('{ input: sets/two, split: dev, limit: 50 }', '{ split: dev }')).toContain(
      'line 15: evaluate.data[1].input is missing',
    );
  });

  it('is told a word that is not among the choices', async () => {
    expect(await problem('heapsort', 'heapsrt')).toContain(
      'line 9: teacher.schedule must be one of all-pairs, heapsort, sliding, topk, sparse, found “"heapsrt"”. Did you mean heapsort?',
    );
    expect(await problem('q4]', 'q5]')).toContain(
      'line 17: export.dtypes must be a list of fp32, int8, q8, q4',
    );
  });

  it('is told a section that is none, and what is missing, with the line of its section', async () => {
    expect(await problem(/train:\n {2}epochs: 2/, 'train: 3')).toContain('line 10: train must be a section');
    expect(await problem('  input: corpus\n', '')).toContain(
      'line 4: data.input is missing: name a BEIR folder',
    );
    expect(await problem('  checkpoint: ../teacher\n', '')).toContain(
      'line 7: teacher.checkpoint is missing',
    );
    expect(await problem('k: 5', 'k: 5\n  split: a\n  qrels: b')).toContain(
      'line 7: data.split and qrels are two different judgments',
    );
    expect(await problem('schedule: heapsort', 'passes: 3')).toContain(
      'line 9: teacher.passes is for the schedule sliding',
    );
  });

  it('is told everything at once, in the order of the lines', async () => {
    const text = await problem(/seed: 7\n(.*\n)+ {2}k: 5/, 'seed: x\ndata:\n  k: y');
    expect(text.split('\n').map((line) => /line (\d+)/.exec(line)?.[1])).toEqual(['3', '4', '5']);
  });

  it('is told where it is no YAML, a field stands twice, or there is nothing', async () => {
    expect(await problem('dtypes: [int8, q4]', 'dtypes: [int8, q4')).toMatch(
      /my\.yaml, line \d+: it cannot be read as YAML or JSON/,
    );
    expect(await problem('seed: 7', 'name: again')).toContain('line 3: this field appears twice');
    await expect(read('')).rejects.toThrow('line 1: it is empty');
    await expect(read('- a\n- b\n')).rejects.toThrow('line 1: it is not a list of fields');
  });
});

describe('nearest', () => {
  it('finds what was meant, and nothing where nothing is near', () => {
    expect(editDistance('epcohs', 'epochs')).toBe(1);
    expect(nearest('learningrate', ['learningRate', 'warmup'])).toBe('learningRate');
    expect(nearest('learning', ['learningRate', 'warmup'])).toBe('learningRate');
    expect(nearest('lr', ['loss', 'seed'])).toBeUndefined();
  });
});
