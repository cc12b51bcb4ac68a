/** What a stage depends on: results are current only while the card says what it said when they were made. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { layoutOf, STAGES, type StageName } from './layout.ts';
import { prepare } from './prepare.ts';
import { readDistillRecipe } from './recipe.ts';
import { begin, finish, noteInputs, readStatus, type StageInputs } from './records.ts';

const folder = testFolder('distill-records');
const at = (...path: string[]) => join(folder, ...path);
let runs = 0;
let layout = layoutOf(at('out'));

beforeEach(() => {
  layout = layoutOf(at(`out${runs++}`));
  mkdirSync(join(layout.output, 'work'), { recursive: true });
  writeFileSync(layout.labels, 'labels');
});

type Inputs = Readonly<Record<StageName, StageInputs>>;

async function done(inputs: Inputs): Promise<void> {
  for (const status of await readStatus(layout, inputs)) {
    await begin(layout, status);
    await finish(layout, status, [layout.labels], 1);
  }
}

const states = async (inputs: Inputs) =>
  Object.fromEntries((await readStatus(layout, inputs)).map(({ stage, state }) => [stage, state]));

const NONE = Object.fromEntries(STAGES.map((stage) => [stage, {}])) as Inputs;
const of = (label: StageInputs): Inputs => ({ ...NONE, label: { seed: 1, ...label } });

describe('records of stages', () => {
  it('are of what the teacher reads: other limits in its card make labels, and what follows, others', async () => {
    await writeTinyCheckpoint(at('teacher'), { dtypes: ['int8'], maxTokens: 128 });
    mkdirSync(at('corpus'), { recursive: true });
    writeLines(at('corpus', 'corpus.jsonl'), [{ _id: 'p1', text: 'light' }]);
    writeLines(at('corpus', 'queries.jsonl'), [{ _id: 'q1', text: 'what is light' }]);
    writeFileSync(
      at('recipe.yaml'),
      'name: tiny\nthreads: 1\ndata: { input: corpus, license: CC0-1.0 }\nteacher: { checkpoint: teacher }\nevaluate: { heldOut: 0 }\n',
    );
    const recipe = await readDistillRecipe(at('recipe.yaml'));
    const inputs = async () => (await prepare(recipe)).inputs;
    await done(await inputs());
    expect(new Set(Object.values(await states(await inputs())))).toEqual(new Set(['done']));

    const path = at('teacher', 'ranker.json');
    const card = JSON.parse(readFileSync(path, 'utf8')) as RankerCard;
    const limits = { maxTokens: 256, maxPassageTokens: 64 };
    writeFileSync(path, JSON.stringify({ ...card, limits }));
    const changed = await inputs();
    expect(await states(changed)).toEqual({
      candidates: 'done',
      label: 'changed',
      train: 'changed',
      evaluate: 'changed',
      export: 'changed',
    });
    const { reasons } = (await readStatus(layout, changed)).find(({ stage }) => stage === 'label')!;
    expect(reasons).toEqual(['teacher.limits was 128 tokens, is 256 tokens, of a passage 64 tokens']);
  });

  it('of before limits were noted stand, and note them with their next run', async () => {
    await done(of({}));
    const [short, long] = [of({ 'teacher.limits': '128 tokens' }), of({ 'teacher.limits': '256 tokens' })];
    expect((await states(short)).label).toBe('done');
    expect((await states(long)).export).toBe('done');
    for (const status of await readStatus(layout, short)) await noteInputs(layout, status);
    expect(new Set(Object.values(await states(short)))).toEqual(new Set(['done']));
    expect(await states(long)).toMatchObject({ candidates: 'done', label: 'changed', export: 'changed' });
  });

  it('of before tell what else has changed, and nothing of what they did not note', async () => {
    await done(of({}));
    const [, label] = await readStatus(layout, of({ seed: 2, 'teacher.limits': '128 tokens' }));
    expect(label).toMatchObject({ state: 'changed', reasons: ['seed was 1, is 2'] });
  });
});
