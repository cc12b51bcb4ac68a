/**
 * SHA-256 as hex. `crypto.subtle` is fast, but takes all bytes at once and is there only over HTTPS and on localhost;
 * hash-wasm takes them piece by piece and everywhere: 283–315 MB/s in Node and 137–265 in Chromium on two busy cores,
 * against 108–140 and 79–123 of @noble/hashes.
 */
import { createSHA256 } from 'hash-wasm';
import type { ByteSource } from './byte-source.ts';

/** A digest of bytes that come in pieces. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Nothing can be added afterwards. */
  hex(): string;
}

export async function createDigest(): Promise<Digest> {
  const hasher = await createSHA256();
  return { update: (bytes) => void hasher.update(bytes), hex: () => hasher.digest('hex') };
}

/** Of bytes in memory. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!crypto.subtle) {
    const digest = await createDigest();
    digest.update(bytes);
    return digest.hex();
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Of a whole source, which is read in pieces. @param onProgress told the bytes that were read */
export async function sourceDigest(source: ByteSource, onProgress?: (done: number) => void): Promise<string> {
  if (source.sha256) return source.sha256();
  const digest = await createDigest();
  let done = 0;
  for await (const piece of source.pieces(0, source.size)) {
    digest.update(piece);
    done += piece.length;
    onProgress?.(done);
  }
  return digest.hex();
}
