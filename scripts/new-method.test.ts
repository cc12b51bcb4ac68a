/**
 * What the registry promises: a method is one folder and a line in src/ranking/methods/all.ts, and page, command line,
 * help, estimates and exports have it. The line is mocked here; the folders are in src/ranking/testing/methods: one
 * method that compares by logits, and one that reads what the model writes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { methodTitle, scoreStyle } from '../src/app/playground/methods.ts';
import { MethodFields } from '../src/app/playground/rail/MethodFields.tsx';
import { readAllDecisions, readDecisions } from '../src/formats/decisions-read.ts';
import { writeRankGptHits } from '../src/formats/hits.ts';
import { readTrecRuns } from '../src/formats/runs.ts';
import { createMethod } from '../src/ranking/create-method.ts';
import { forecastCalls } from '../src/ranking/forecast.ts';
import { METHOD_IDS, type MethodId, type ScheduleName } from '../src/ranking/methods/registry.ts';
import { PRP } from '../src/ranking/presets.ts';
import { FakeScorer } from '../src/ranking/testing/fake-scorer.ts';
import { prpNeighbours } from '../src/ranking/testing/methods/prp-neighbours/method.ts';
import { methodOf } from '../src/state/models/templates.ts';
import { packSettings, unpackSettings } from '../src/state/saved/saved-settings.ts';
import { useSettings } from '../src/state/settings.ts';
import { column, openReady, settled } from '../src/state/testing/world.ts';
import { evaluate } from '../trainer/commands/evaluate.ts';
import { label } from '../trainer/commands/label.ts';
import { rank } from '../trainer/commands/rank.ts';
import { testFolder } from '../trainer/testing/folder.ts';
import { firstCandidates, readSampleCorpus } from '../trainer/testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../trainer/testing/tiny-checkpoint.ts';

vi.mock('../src/ranking/methods/all.ts', async (original) => {
  const { METHODS } = await original<typeof import('../src/ranking/methods/all.ts')>();
  const { prpNeighbours: added } = await import('../src/ranking/testing/methods/prp-neighbours/method.ts');
  const { listNeighbours } = await import('../src/ranking/testing/methods/list-neighbours/method.ts');
  return { METHODS: [...METHODS, added, listNeighbours] };
});

const ID = prpNeighbours.id as string as MethodId;
const SCHEDULE = prpNeighbours.schedule.name as string as ScheduleName;
const N = 5;
const folder = testFolder('new-method');
const at = (name: string) => join(folder, name);
const corpus = readSampleCorpus('kitchen');
const said: string[] = [];

beforeAll(async () => {
  await writeTinyCheckpoint(at('teacher'), { dtypes: ['fp32'] });
  const lists = corpus.queries
    .slice(0, 2)
    .map((query) => ({ query, candidates: firstCandidates(corpus, N) }));
  writeFileSync(at('hits.jsonl'), writeRankGptHits(lists, { lines: true }));
  vi.spyOn(console, 'log').mockImplementation((text) => said.push(String(text)));
});
afterAll(() => vi.restoreAllMocks());

it('the page offers it, remembers the choice, names it and says what it will take', () => {
  expect(METHOD_IDS).toContain(ID);
  expect(renderToStaticMarkup(createElement(MethodFields))).toContain(
    '<option value="neighbours">Neighbours</option>',
  );
  const settings = unpackSettings({ ...packSettings(useSettings.getState()), schedule: SCHEDULE })!;
  expect(methodOf('teacher', settings)).toBe(ID);
  expect(methodTitle(ID).title).toBe('PRP neighbours');
  expect(scoreStyle({ method: ID }).label).toBe('points');
});

it('estimates count its calls, those that the cache saves as well', () => {
  const { candidates, query } = { candidates: firstCandidates(corpus, N), query: corpus.queries[0]! };
  const { info } = new FakeScorer({ answer: () => [1, 0] });
  const job = { method: ID, template: PRP, query, candidates };
  const plan = { calls: 2 * (N - 1), upperBound: false };
  expect(forecastCalls(job, info, () => undefined)).toEqual({ ...plan, toAsk: 2 * (N - 1), cached: 0 });
  const answer = { key: '', logits: [1, 0], tokens: 1, ms: 1 };
  expect(forecastCalls(job, info, () => answer)).toEqual({ ...plan, toAsk: 0, cached: 2 * (N - 1) });
});

it('a run of the page goes by it, and its exports can be read', async () => {
  const world = await openReady();
  useSettings.getState().setSchedule(SCHEDULE);
  world.rank();
  await settled();
  expect(column('teacher').state).toBe('done');
  const { teacher } = readDecisions(world.decisionsJson()).methods;
  expect([teacher.method, teacher.decisions.length]).toEqual([ID, 2 * (4 - 1)]);
  expect(readTrecRuns(world.trecRun()).get(`rankscope-${ID}`)?.get('q1')).toHaveLength(4);
  world.stop();
});

it('the command line ranks by it, labels by its schedule, and lists it in its help', async () => {
  const io = ['--checkpoint', at('teacher'), '--input', at('hits.jsonl'), '--threads', '1'];
  await rank.run([...io, '--method', ID, '--output', at('run.trec')]);
  await rank.run([...io, '--method', ID, '--output', at('decisions.jsonl')]);
  await rank.run([...io, '--method', ID, '--dry-run']);
  expect(said.join('\n')).toContain(`${2 * 2 * (N - 1)} calls, about`);
  expect([...readTrecRuns(readFileSync(at('run.trec'), 'utf8')).keys()]).toEqual([`rankscope-${ID}`]);
  const decided = readAllDecisions(readFileSync(at('decisions.jsonl'), 'utf8'));
  expect(decided.map(({ methods: { teacher } }) => [teacher.method, teacher.decisions.length])).toEqual([
    [ID, 2 * (N - 1)],
    [ID, 2 * (N - 1)],
  ]);
  await label.run([...io, '--schedule', SCHEDULE, '--output', at('labels.jsonl')]);
  expect(readFileSync(at('labels.jsonl'), 'utf8')).toContain(`"source":{"kind":"${ID}"`);
  expect(rank.help).toMatch(/prp-neighbours +each passage and the next one/);
  expect(evaluate.help).toContain(ID);
  expect(label.help).toMatch(/neighbours: +each passage and the next one/);
  await expect(rank.run([...io, '--method', 'none', '--output', at('x.trec')])).rejects.toThrow(ID);
});

it('a method that reads text has it from the model, with every answer in the file', async () => {
  const io = ['--checkpoint', at('teacher'), '--input', at('hits.jsonl'), '--threads', '1'];
  await rank.run([...io, '--method', 'list-neighbours', '--output', at('listed.jsonl')]);
  for (const { candidates, methods } of readAllDecisions(readFileSync(at('listed.jsonl'), 'utf8'))) {
    const { method, state, order, decisions, listed = [] } = methods.teacher;
    expect([method, state, decisions]).toEqual(['list-neighbours', 'done', []]);
    expect([...order].sort()).toEqual(candidates.map(({ id }) => id).sort());
    expect(listed).toHaveLength(N - 1);
    for (const { shown, text, malformed, tokens } of listed) {
      expect(shown).toHaveLength(2);
      expect(text).toEqual(expect.any(String));
      expect(malformed).toBe(!['A', 'B'].includes(text!.trim()));
      expect(tokens).toBeGreaterThan(20);
    }
  }
});

it('and is refused where the model cannot write, in words', async () => {
  const method = createMethod('list-neighbours' as string as MethodId, { template: PRP });
  const stream = method.rank(
    corpus.queries[0]!,
    firstCandidates(corpus, 2),
    new FakeScorer({ answer: () => [] }),
  );
  await expect(stream[Symbol.asyncIterator]().next()).rejects.toThrow(
    /^The method list-neighbours needs text that the model writes, and fake gives logits of single words\./,
  );
});
