/** A folder, of the file system or of memory, as a repository of the hub: sizes, git object ids, LFS digests, a commit. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface RepoFile {
  readonly path: string;
  readonly size: number;
  /** Git's id of what is stored: of the file itself, or of the pointer that stands for it. */
  readonly oid: string;
  /** SHA-256 of a file that is stored outside git; undefined for small texts. */
  readonly lfs: string | undefined;
  bytes(): Buffer;
}

export interface Repo {
  readonly files: readonly RepoFile[];
  readonly commit: string;
}

/** Stored outside git, as the hub's .gitattributes have it. */
const LARGE = /\.(onnx|onnx_data(_\d+)?|safetensors|bin|model|msgpack|h5)$/;
const LARGE_BYTES = 10 * 2 ** 20;

export function repoOfFolder(folder: string): Repo {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(folder, path)).isFile());
  return repoOf(paths.map((path) => repoFile(path, () => readFileSync(join(folder, path)))));
}

export function repoOfFiles(files: Readonly<Record<string, Uint8Array | string>>): Repo {
  return repoOf(Object.entries(files).map(([path, content]) => repoFile(path, () => Buffer.from(content))));
}

function repoFile(path: string, bytes: () => Buffer): RepoFile {
  const content = bytes();
  const lfs = LARGE.test(path) || content.length > LARGE_BYTES ? hex('sha256', content) : undefined;
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${lfs}\nsize ${content.length}\n`;
  return { path, size: content.length, oid: gitId(lfs ? Buffer.from(pointer) : content), lfs, bytes };
}

function repoOf(files: readonly RepoFile[]): Repo {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    files: sorted,
    commit: hex('sha1', Buffer.from(sorted.map((f) => `${f.oid} ${f.path}`).join('\n'))),
  };
}

/** The id that git gives a file: SHA-1 of its kind, length and content. */
function gitId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

export function hex(algorithm: string, content: Buffer): string {
  return createHash(algorithm).update(content).digest('hex');
}
