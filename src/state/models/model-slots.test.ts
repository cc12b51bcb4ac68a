import { describe, expect, it } from 'vitest';
import { adviceFor, choicesFor, deviceWish, entryFor } from './model-slots.ts';
import type { ModelEntry } from './models.ts';

const entry = (id: string, role: ModelEntry['role']): ModelEntry => ({
  id,
  role,
  name: id,
  path: `${id}/`,
  bytes: 1,
});
const catalog = [
  entry('teacher-1', 'teacher'),
  entry('student-1', 'student'),
  entry('student-2', 'student'),
  entry('teacher-2', 'teacher'),
];
const none = { teacher: null, student: null };

describe('the checkpoint of a column', () => {
  it('is the first of its role where none is chosen', () => {
    const settings = { studentMode: 'student', models: none } as const;
    expect(entryFor('student', settings, catalog)?.id).toBe('student-1');
    expect(entryFor('teacher', settings, catalog)?.id).toBe('teacher-1');
  });

  it('is the chosen one; one that has gone from the list is passed over', () => {
    const settings = { studentMode: 'student', models: { teacher: 'gone', student: 'student-2' } } as const;
    expect(entryFor('student', settings, catalog)?.id).toBe('student-2');
    expect(entryFor('teacher', settings, catalog)?.id).toBe('teacher-1');
  });

  it('is the list’s base for relevance generation, else the teacher’s checkpoint', () => {
    const settings = { studentMode: 'base', models: { teacher: 'teacher-2', student: 'student-2' } } as const;
    expect(entryFor('student', settings, catalog)?.id).toBe('teacher-2');
    expect(entryFor('student', settings, [...catalog, entry('base-1', 'base')])?.id).toBe('base-1');
  });

  it('can be any of its role; a base can teach', () => {
    expect(choicesFor('student', catalog).map(({ id }) => id)).toEqual(['student-1', 'student-2']);
    expect(entryFor('teacher', { studentMode: 'student', models: none }, [entry('base-1', 'base')])?.id).toBe(
      'base-1',
    );
  });
});

describe('what a load depends on', () => {
  it('is the dtypes of the devices that may be used', () => {
    const dtypes = { wasm: 'q8', webgpu: 'fp32' } as const;
    expect(deviceWish({ device: 'auto', dtypes })).toEqual({ device: 'auto', dtypes });
    expect(deviceWish({ device: 'wasm', dtypes })).toEqual({ device: 'wasm', dtypes: { wasm: 'q8' } });
    expect(deviceWish({ device: 'webgpu', dtypes: {} })).toEqual({ device: 'webgpu', dtypes: {} });
  });
});

describe('what to do about an error', () => {
  it('is not to retry what would be refused again', () => {
    const message = 'The query is too long.';
    expect(adviceFor({ code: 'bad-input', message })).toBe('');
    for (const code of ['worker', 'device', 'network', 'missing', 'internal'] as const) {
      expect(adviceFor({ code, message })).toMatch(/retry/i);
    }
  });
});
