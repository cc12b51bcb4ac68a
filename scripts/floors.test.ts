/**
 * Holds the code to the floors of docs/ARCHITECTURE.md, so that the picture cannot drift: a floor imports
 * only from floors above it in the tables (the ground comes first), and no files import each other in a circle.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, it } from 'vitest';
import { shippedFiles } from './shipped-files.ts';

const ROOT = join(import.meta.dirname, '..');
/** What ships: tests and their helpers may look into any floor. */
const files = shippedFiles(ROOT);

const imports = new Map(
  files.map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const found = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) =>
      normalize(join(dirname(file), path!)),
    );
    return [file, found.filter((target) => existsSync(join(ROOT, target)))] as const;
  }),
);

/** Folders (and single files) of the tables' second column, ground floor first. Those of one row may use each other left to right. */
const floors = [
  ...readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8').matchAll(/^\|[^|]+\|([^|]+)\|/gm),
].flatMap(([, cell]) =>
  [...cell!.matchAll(/`((?:src|trainer|workers)\b[\w./-]*)`/g)].map(([, path]) => path!.replace(/\/$/, '')),
);

/** Place of the floor that a file belongs to: that of the longest path in the tables that leads to it. */
function floorOf(file: string): number {
  const fitting = floors.filter((floor) => file === floor || file.startsWith(`${floor}/`));
  return floors.indexOf(fitting.sort((a, b) => b.length - a.length)[0] ?? '');
}

/** Not so scripts, benches and tests: they look into what ships, and nothing that ships imports them. */
const isOwnFloor = (target: string) => target === 'package.json' || floorOf(target) >= 0;

it('every file has a floor', () => {
  expect(files.length).toBeGreaterThan(500);
  expect(files.filter((file) => floorOf(file) < 0)).toEqual([]);
});

it('a floor imports only from floors below it', () => {
  const climbing = files.flatMap((file) =>
    imports
      .get(file)!
      .filter((target) => !isOwnFloor(target) || floorOf(target) > floorOf(file))
      .map((target) => `${file} → ${target}`),
  );
  expect(climbing).toEqual([]);
});

it('no files import each other in a circle', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].map((one) => relative('', one)).join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const target of imports.get(file) ?? []) walk(target, [...way, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  expect(circles).toEqual([]);
});
