/**
 * `npm install` on every Node that package.json states must print no EBADENGINE: no dependency may ask for another one.
 * A dependency that does is pinned to an older version, or the statement here and in README.md is raised.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

const semver = createRequire(import.meta.url)('semver') as {
  subset(inner: string, outer: string): boolean;
  minVersion(range: string): { readonly version: string };
};
const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
/** 32-bit Windows takes Node 20 alone; onnxruntime has no binary for it, so nothing of ours runs there. */
const ELSEWHERE = 'node_modules/@img/sharp-win32-ia32';
const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>;
};

/** Packages of a lock that refuse some Node of the range. */
function refusing(range: string, lock: typeof packages): string[] {
  return Object.entries(lock).flatMap(([name, { engines: wanted }]) =>
    name === ELSEWHERE || wanted?.node === undefined || semver.subset(range, wanted.node)
      ? []
      : [`${name} wants ${wanted.node}`],
  );
}

it('takes every Node that is stated', () => {
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(refusing(engines.node, packages)).toEqual([]);
});

it('would see a dependency that refuses one', () => {
  const lock = { '': {}, a: { engines: { node: '>=22.12.0' } }, b: { engines: { node: '>=18' } } };
  expect(refusing(engines.node, lock)).toEqual(['a wants >=22.12.0']);
  expect(refusing('>=20.19', { a: { engines: { node: '^20.19.0 || >=22.12.0' } } })).toHaveLength(1);
});

it('is the lowest Node that README.md states', () => {
  const [major, minor] = semver.minVersion(engines.node).version.split('.');
  expect(read('README.md')).toContain(`Node ${major}.${minor} `);
  expect(packages['']!.engines!.node).toBe(engines.node);
});
