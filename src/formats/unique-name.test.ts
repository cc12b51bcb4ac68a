import { expect, it } from 'vitest';
import { uniqueName } from './unique-name.ts';

it.each([
  [
    ['a', 'a', 'a'],
    ['a', 'a-2', 'a-3'],
  ],
  [
    ['a-2', 'a', 'a'],
    ['a-2', 'a', 'a-3'],
  ],
  [
    ['a', 'a-2', 'a'],
    ['a', 'a-2', 'a-3'],
  ],
  [
    ['base-v2', 'base'],
    ['base-v2', 'base'],
  ],
])('%j become %j', (names, expected) => {
  const taken = new Set<string>();
  expect(names.map((name) => uniqueName(name, taken))).toEqual(expected);
});
