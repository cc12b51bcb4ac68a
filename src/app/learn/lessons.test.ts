import { expect, it } from 'vitest';
import { lessonHash, lessons, readPlace } from './lessons.ts';

it('there are seven lessons, each with an address of its own', () => {
  expect(lessons).toHaveLength(7);
  expect(new Set(lessons.map(({ id }) => id)).size).toBe(7);
  for (const lesson of lessons) expect(readPlace(lessonHash(lesson.id)).lesson).toBe(lesson);
});

it('reads a state from an address, question marks in it too', () => {
  const params = new URLSearchParams({ q: 'why? how?', k1: '2' });
  const place = readPlace(lessonHash('bm25', params));
  expect(place.lesson?.id).toBe('bm25');
  expect(place.params.get('q')).toBe('why? how?');
  expect(place.params.get('k1')).toBe('2');
  expect(readPlace('#/learn').lesson).toBeUndefined();
  expect(readPlace('#/learn/').lesson).toBeUndefined();
  expect(readPlace('#/learn/nothing').lesson).toBeUndefined();
});

it('knows the pages beside the lessons', () => {
  expect(readPlace('#/learn/system')).toMatchObject({ lesson: undefined, page: 'system' });
  expect(readPlace('#/learn/toString').page).toBeUndefined();
});
