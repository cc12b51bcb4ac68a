/** The files of a test collection: what each is, and its text. */

import type { FolderReader } from '../src/bytes/byte-source.ts';
import { RankscopeError, throwIfCancelled } from '../src/errors.ts';
import { recogniseFile } from '../src/formats/collection/recognise.ts';
import { badInput } from '../src/formats/excerpt.ts';
import { faultOf, parseJson } from '../src/formats/json.ts';
import type { JsonValue } from '../src/formats/json-check.ts';
import { JsonSplitter } from '../src/formats/json-split.ts';
import { TextOpener } from '../src/formats/opening.ts';
import { BlobFolder } from '../src/sources/blob-folder.ts';
import { withoutCommonFolder } from '../src/sources/source-file.ts';
import { ZipFolder } from '../src/sources/zip-folder.ts';
import type { CollectionSource, RecognisedFile } from '../src/workers/collection-protocol.ts';

/** Bytes at the beginning that say what a file is. */
const HEAD = 64 * 1024;
/** Larger ones are refused: what is made of them would not fit into a tab. */
const MAX_BYTES = 400e6;
/** More files than this are no collection; most zips of models have fewer. */
const MOST_FILES = 200;

type FileSource = Extract<CollectionSource, { readonly kind: 'files' | 'zip' }>;

export class CollectionFiles {
  readonly #folder: FolderReader;
  readonly #sizes: ReadonlyMap<string, number>;
  readonly list: readonly RecognisedFile[];

  private constructor(
    folder: FolderReader,
    sizes: ReadonlyMap<string, number>,
    list: readonly RecognisedFile[],
  ) {
    this.#folder = folder;
    this.#sizes = sizes;
    this.list = list;
  }

  /** @throws RankscopeError 'bad-input' for what cannot be opened, 'cancelled' */
  static async open(source: FileSource, signal: AbortSignal): Promise<CollectionFiles> {
    const folder =
      source.kind === 'zip'
        ? new ZipFolder(source.name, source.blob)
        : new BlobFolder(source.name, withoutCommonFolder(source.files));
    const files = await folder.list(signal);
    if (files.length > MOST_FILES) {
      throw new RankscopeError(
        'bad-input',
        `${source.name} has ${files.length.toLocaleString('en')} files: choose the folder of one collection, with corpus.jsonl, queries.jsonl and qrels.`,
      );
    }
    const list: RecognisedFile[] = [];
    for (const { path } of files) {
      throwIfCancelled(signal);
      list.push({ path, kind: recogniseFile(path, await headOf(folder, path)) });
    }
    return new CollectionFiles(folder, new Map(files.map(({ path, size }) => [path, size])), list);
  }

  /** A file as a Blob; that of a packed entry holds its bytes. */
  async blob(path: string, signal: AbortSignal): Promise<Blob> {
    const source = await this.#folder.open(path, signal);
    try {
      if (source.place instanceof Blob) return source.place;
      this.#refuseLarge(path);
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for await (const piece of source.pieces(0, source.size)) {
        throwIfCancelled(signal);
        parts.push(piece.slice() as Uint8Array<ArrayBuffer>);
      }
      return new Blob(parts);
    } finally {
      await source.close();
    }
  }

  /** The text of a file, unpacked and decoded, piece by piece. @throws RankscopeError 'bad-input', 'cancelled' */
  async *texts(path: string, signal: AbortSignal): AsyncGenerator<string> {
    this.#refuseLarge(path);
    const opener = new TextOpener({ file: path, maxBytes: MAX_BYTES, advice: 'Save it as UTF-8.' });
    const source = await this.#folder.open(path, signal);
    try {
      for await (const piece of source.pieces(0, source.size)) {
        throwIfCancelled(signal);
        yield* opener.push(piece);
      }
      yield* opener.finish();
    } finally {
      await source.close();
    }
  }

  async text(path: string, signal: AbortSignal): Promise<string> {
    const parts: string[] = [];
    for await (const part of this.texts(path, signal)) parts.push(part);
    return parts.join('');
  }

  /** JSON lines, or the elements of one list, without the whole text in memory. @throws as `texts`, and what `take` throws */
  async eachValue(path: string, take: (value: JsonValue) => void, signal: AbortSignal): Promise<void> {
    const splitter = new JsonSplitter({
      value: (text, line) => take({ value: parsed(text, path, line), line }),
      unfinished(line) {
        throw badInput(
          path,
          line,
          'the JSON value that starts here is incomplete. The file is cut off, or a bracket or quotation mark is missing.',
        );
      },
    });
    let first = true;
    for await (const text of this.texts(path, signal)) {
      splitter.push(first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
      if (text !== '') first = false;
    }
    splitter.finish();
  }

  #refuseLarge(path: string): void {
    if ((this.#sizes.get(path) ?? 0) > MAX_BYTES) {
      throw badInput(
        path,
        undefined,
        `it is larger than ${MAX_BYTES / 1e6} MB, which is too much for a browser tab. Use a part of it.`,
      );
    }
  }
}

function parsed(text: string, file: string, line: number): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw badInput(file, line, `${faultOf(error)}. Correct or remove it.`);
  }
}

/** The beginning of a file's text; '' for what is no text. */
async function headOf(folder: FolderReader, path: string): Promise<string> {
  const source = await folder.open(path);
  let text = '';
  try {
    const opener = new TextOpener({ file: path });
    const end = Math.min(source.size, HEAD);
    for await (const piece of source.pieces(0, end)) text += [...opener.push(piece)].join('');
    // What was held back is the end of a short file; a longer one is cut in the middle of its bytes.
    if (end === source.size) text += [...opener.finish()].join('');
  } catch {
    // Not a text, or damaged: what was read of it must do.
  } finally {
    await source.close();
  }
  return text.slice(0, HEAD);
}
