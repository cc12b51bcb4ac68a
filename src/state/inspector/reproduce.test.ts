import { expect, it } from 'vitest';
import { readHits } from '../../formats/hits.ts';
import { PRP } from '../../ranking/presets.ts';
import { editTemplate } from '../../ranking/templates.ts';
import type { Candidate } from '../../types.ts';
import type { ModelEntry } from '../models/models.ts';
import type { ComparingRun } from '../run/run.ts';
import { setOf } from '../testing/runs.ts';
import { reproductionOf } from './reproduce.ts';

const candidates: Candidate[] = [
  { passage: { id: 'p 01', title: 'One', text: 'first' }, rank: 1, score: 3 },
  { passage: { id: 'p02', text: 'second' }, rank: 2, score: 2 },
  { passage: { id: 'p03', text: 'third' }, rank: 3, score: 1 },
];
const run = {
  set: setOf(candidates),
  template: PRP,
  info: { name: 'Demo', digest: 'abcdef0123456789', dtype: 'int8', device: 'wasm' },
} as unknown as ComparingRun;
const models = [{ name: 'Demo', path: 'demo-teacher/' } as ModelEntry];

it('names checkpoint, dtype, method and template, and saves the two passages in the order asked', () => {
  const { command, files, notes } = reproductionOf(run, [2, 0], models)!;
  const words = command.replaceAll('\\\n', '').split(/\s+/);
  expect(words.join(' ')).toBe(
    'npm run trainer -- rank --checkpoint public/models/demo-teacher --dtype int8 --method prp-allpair ' +
      '--template paper-prp --input decision-p03-p_01.hits.json --output decision-p03-p_01.json --format decisions',
  );
  expect(notes).toEqual([]);
  expect(files.length).toBe(1);
  const [list] = readHits(files[0]!.text);
  expect(list!.query).toEqual(run.set.query);
  expect(list!.candidates.map(({ passage }) => passage)).toEqual([
    candidates[2]!.passage,
    candidates[0]!.passage,
  ]);
});

it('saves a template that the trainer does not know, and says what it cannot know', () => {
  const template = editTemplate(PRP, { text: `${PRP.text} Think.` });
  const webgpu = { ...run, template, info: { ...run.info!, device: 'webgpu' as const } };
  const { command, files, notes } = reproductionOf(webgpu, [0, 1], [])!;
  expect(command).toContain('--checkpoint DIR');
  expect(command).toContain(`--template ${files[1]!.name}`);
  expect(JSON.parse(files[1]!.text)).toEqual(template);
  expect(notes.join(' ')).toMatch(/DIR is the folder of Demo.*abcdef012345.*WebGPU/);
});

it('is nothing where the model or the wording is not known', () => {
  expect(reproductionOf({ ...run, template: null }, [0, 1], models)).toBeNull();
  expect(reproductionOf({ ...run, info: null }, [0, 1], models)).toBeNull();
});
