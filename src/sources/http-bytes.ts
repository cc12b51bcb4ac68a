/** A remote file read by position, through ranges. */
import type { ByteSource } from '../bytes/byte-source.ts';
import { PIECE } from '../bytes/piece-size.ts';
import { RankscopeError, throwIfCancelled } from '../errors.ts';
import { ask, refusal, unreachable } from './http.ts';

/** @param name for messages. @param size in bytes, known beforehand. */
export function openHttp(url: string, name: string, size: number, signal?: AbortSignal): ByteSource {
  const read = async (start: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
    if (start < 0 || start + length > size) throw broken(name, `it ends before byte ${start + length}`);
    if (length === 0) return new Uint8Array();
    let response: Response;
    try {
      response = await ask(url, { start, end: start + length, signal });
    } catch (error) {
      throwIfCancelled(signal);
      throw unreachable(url, name, error);
    }
    if (!response.ok) throw refusal(response, name);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.status === 206 && bytes.length === length) return bytes;
    // A host without ranges sends the whole file.
    if (response.status === 200 && bytes.length === size) return bytes.slice(start, start + length);
    throw broken(name, `${length} bytes were asked for and ${bytes.length} came`);
  };
  return {
    name,
    size,
    read,
    async *pieces(start, end) {
      for (let at = start; at < end; at += PIECE) yield await read(at, Math.min(PIECE, end - at));
    },
    close: async () => {},
  };
}

const broken = (name: string, what: string): RankscopeError =>
  new RankscopeError('bad-checkpoint', `${name}: ${what}.`, { file: name });
