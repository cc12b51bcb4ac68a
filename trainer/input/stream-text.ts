/** A text file in pieces: collections are larger than a string may be. Every text that users give is read here. */
import { constants } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { RankscopeError } from '../../src/errors.ts';
import { badInput } from '../../src/formats/excerpt.ts';
import { TextOpener } from '../../src/formats/opening.ts';
import { noteOpened, openOptions } from './encoding.ts';

/**
 * The file's text, unpacked and decoded (see TextOpener), in pieces that never split a character.
 * @param onBytes called with the bytes read and those of the whole file (0 where it has no size, as a pipe) before each piece
 * @throws RankscopeError 'missing' when it cannot be read, 'bad-input' when it is not text.
 */
export async function* streamText(
  file: string,
  onBytes?: (done: number, total: number) => void,
): AsyncGenerator<string> {
  const opener = new TextOpener(openOptions(file));
  // What is wrong with the file, reading it says better.
  const { size } = onBytes ? await stat(file).catch(() => ({ size: 0 })) : { size: 0 };
  let done = 0;
  const stream = createReadStream(file, { highWaterMark: 1 << 20 });
  try {
    for await (const bytes of stream as AsyncIterable<Uint8Array>) {
      done += bytes.length;
      onBytes?.(done, size);
      yield* opener.push(bytes);
    }
  } catch (error) {
    if (error instanceof RankscopeError) throw error;
    const code = (error as { code?: string }).code;
    if (code === undefined) throw error;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new RankscopeError('missing', `${file} cannot be read: ${reason}.`, { file });
  }
  yield* opener.finish();
  noteOpened(file, opener.opened);
}

/** A whole text file as one string. @throws as streamText; 'bad-input' also when it is longer than a string may be */
export async function readText(file: string): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of streamText(file)) {
    length += part.length;
    if (length > constants.MAX_STRING_LENGTH) {
      const limit = Math.floor(constants.MAX_STRING_LENGTH / 2 ** 20);
      throw badInput(
        file,
        undefined,
        `it is longer than ${limit} million characters. Split it, or keep only what is needed.`,
      );
    }
    parts.push(part);
  }
  return parts.join('');
}
