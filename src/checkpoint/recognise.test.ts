import { describe, expect, it } from 'vitest';
import { refusal } from '../../trainer/testing/temporary.ts';
import { draftConverted } from './draft-converted.ts';
import { maxTokensOf, presetsByIds, recognise } from './recognise.ts';

const ids = (folder: string, config: Record<string, unknown> = {}) =>
  recognise(folder, config).templates.map(({ id }) => id);

describe('what a model is for', () => {
  it.each([
    ['/models/monot5-base-msmarco', {}, 'monot5', 'base'],
    ['/models/x', { _name_or_path: 'castorini/monot5-3b-msmarco-10k' }, 'monot5', 'base'],
    ['/models/x', { id2label: { 0: 'False', 1: 'True' } }, 'monot5', 'base'],
    ['rank-flan-t5-large', { _name_or_path: 'google/flan-t5-large' }, 'rank-flan-t5', 'student'],
    ['flan-t5-small/', {}, 'flan-t5', 'teacher'],
    ['x', { _name_or_path: 'google/flan-t5-base' }, 'flan-t5', 'teacher'],
    ['t5-v1_1-small', { id2label: { 0: 'LABEL_0', 1: 'LABEL_1' } }, 'unknown', 'base'],
  ])('%s %o is %s', (folder, config, kind, role) => {
    expect(recognise(folder, config)).toMatchObject({ kind, role });
  });

  it('asks each as it was trained, and others as the paper does, saying so', () => {
    expect(ids('monot5-base')).toEqual(['monot5']);
    expect(ids('rank-flan-t5-xl')).toEqual(['paper-student']);
    expect(ids('flan-t5-small')).toEqual(['paper-prp', 'paper-relevance', 'paper-student']);
    expect(recognise('flan-t5-small', {}).trained).toBe(false);
    expect(recognise('flan-t5-small', {}).description).toMatch(
      /wordings are those of the Instruction Distillation paper/,
    );
  });

  it('writes on the card which wordings are not known from training', () => {
    const trained = (source: string, templates?: string) =>
      draftConverted({ config: {} }, { source, command: 'x', templates }).draft.templates.map(
        (template) => template.trained,
      );
    expect(trained('flan-t5-small')).toEqual([false, false, false]);
    expect(trained('monot5-base')).toEqual([undefined]);
    expect(trained('flan-t5-small', 'paper-prp')).toEqual([undefined]);
  });

  it('takes templates by id, and names those there are', async () => {
    expect(presetsByIds('monot5, paper-prp').map(({ id }) => id)).toEqual(['monot5', 'paper-prp']);
    expect(await refusal(() => presetsByIds('monot6'))).toMatch(
      /no template “monot6”; use one of paper-prp, .*monot5/,
    );
  });

  it('reads as many tokens as the config says, or 512', () => {
    expect(maxTokensOf({ n_positions: 1024 })).toBe(1024);
    expect(maxTokensOf({})).toBe(512);
    expect(maxTokensOf({ n_positions: 'many' })).toBe(512);
  });

  it('writes a card with the base, the licence and the command', () => {
    const folder = { config: { _name_or_path: 'google/flan-t5-small' }, license: 'apache-2.0' };
    const { draft } = draftConverted(folder, {
      source: 'in/flan-t5-small',
      command: 'npm run trainer -- convert',
    });
    expect(draft).toMatchObject({
      name: 'flan-t5-small',
      license: 'apache-2.0',
      limits: { maxTokens: 512 },
      provenance: {
        base: 'google/flan-t5-small',
        command: 'npm run trainer -- convert',
      },
    });
    const wishes = {
      source: 'in',
      command: 'x',
      name: 'Mine',
      role: 'student' as const,
      templates: 'monot5',
    };
    expect(draftConverted(folder, wishes).draft).toMatchObject({
      name: 'Mine',
      role: 'student',
      templates: [{ id: 'monot5' }],
    });
  });
});
