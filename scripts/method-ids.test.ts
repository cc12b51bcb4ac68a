/**
 * A method's id stands in its own folder: what else knows it reads the registry or imports its descriptor. Where the
 * same word means something else it is listed in docs/ARCHITECTURE.md, and nowhere else.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { METHOD_IDS } from '../src/ranking/methods/registry.ts';
import { TEMPLATE_KINDS } from '../src/ranking/template.ts';
import { shippedFiles } from './shipped-files.ts';

const ROOT = join(import.meta.dirname, '..');
const files = shippedFiles(ROOT);

/** Kinds of templates are named as the methods that first had them. */
const ids = METHOD_IDS.filter((id) => !(TEMPLATE_KINDS as readonly string[]).includes(id));

/** `file: id` for every id that is a whole literal in a file outside the method's folder. */
const found = files.flatMap((file) => {
  const code = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return ids
    .filter(
      (id) =>
        !file.startsWith(`src/ranking/methods/${id}/`) &&
        [`'${id}'`, `"${id}"`, `\`${id}\``].some((literal) => code.includes(literal)),
    )
    .map((id) => `${file}: ${id}`);
});

/** The rows of the table “Words that are also methods’ ids”. */
const listed = [
  ...readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8')
    .split('are also methods’ ids')[1]!
    .split('\n## ')[0]!
    .matchAll(/^\| `([\w./-]+)` \| `([\w-]+)` \|/gm),
].map(([, file, id]) => `${file}: ${id}`);

it('product code names no method but in its own folder', () => {
  expect(files.length).toBeGreaterThan(500);
  expect(listed.length).toBeGreaterThan(0);
  expect(found.toSorted()).toEqual(listed.toSorted());
});
