/** A text file in pieces: collections are larger than a string may be. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { RankscopeError } from '../../src/errors.ts';
import { badInput } from '../../src/formats/excerpt.ts';

/**
 * The file's text as UTF-8, in pieces that never split a character.
 * @param onBytes told the bytes read and those of the whole file (0 where it has no size, as a pipe) before each piece
 * @throws RankscopeError 'missing' when it cannot be read, 'bad-input' when it is not UTF-8.
 */
export async function* streamText(
  file: string,
  onBytes?: (done: number, total: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw badInput(file, undefined, 'it is not UTF-8 text. Unpack it, or save it as UTF-8.');
    }
  };
  // What is wrong with the file, reading it says better.
  const { size } = onBytes ? await stat(file).catch(() => ({ size: 0 })) : { size: 0 };
  let done = 0;
  const stream = createReadStream(file, { highWaterMark: 1 << 20 });
  try {
    for await (const bytes of stream as AsyncIterable<Uint8Array>) {
      done += bytes.length;
      onBytes?.(done, size);
      yield decode(bytes);
    }
  } catch (error) {
    if (error instanceof RankscopeError) throw error;
    const code = (error as { code?: string }).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new RankscopeError('missing', `${file} cannot be read: ${reason ?? String(error)}.`, { file });
  }
  yield decode();
}
