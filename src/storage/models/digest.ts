/** The digest by which the hub knows small files. */
import { createSHA1 } from 'hash-wasm';
import type { Digest } from '../../bytes/sha256.ts';

/** The id that git gives a file: SHA-1 of its kind, its length in bytes and its content. */
export async function createGitDigest(size: number): Promise<Digest> {
  const hasher = await createSHA1();
  hasher.update(`blob ${size}\0`);
  return { update: (bytes) => void hasher.update(bytes), hex: () => hasher.digest('hex') };
}
