/**
 * Digests of bytes as they come. hash-wasm: 283–315 MB/s in Node and 137–265 in Chromium on two busy cores, against 108–140
 * and 79–123 of @noble/hashes; crypto.subtle wants all bytes at once, and is absent over plain http.
 */
import { createSHA1, createSHA256 } from 'hash-wasm';

export interface Digest {
  update(bytes: Uint8Array): void;
  /** The digest in hex; nothing can be added afterwards. */
  hex(): string;
}

/** SHA-256. */
export async function createDigest(): Promise<Digest> {
  const hasher = await createSHA256();
  return { update: (bytes) => void hasher.update(bytes), hex: () => hasher.digest('hex') };
}

/** The id that git gives a file: SHA-1 of its kind, its length in bytes and its content. */
export async function createGitDigest(size: number): Promise<Digest> {
  const hasher = await createSHA1();
  hasher.update(`blob ${size}\0`);
  return { update: (bytes) => void hasher.update(bytes), hex: () => hasher.digest('hex') };
}
