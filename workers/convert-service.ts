/** What the convert worker does; apart from the worker itself, so that it runs in tests too. */
import type { FolderWriter } from '../src/bytes/byte-source.ts';
import { type MemoryWriter, memoryWriter } from '../src/bytes/memory.ts';
import { convertFolder } from '../src/checkpoint/build/convert-folder.ts';
import { RankscopeError } from '../src/errors.ts';
import { BlobFolder } from '../src/sources/blob-folder.ts';
import type {
  Converted,
  ConvertProgress,
  ConvertRequest,
  ConvertWorkerApi,
} from '../src/workers/convert-protocol.ts';
import type { LibraryChannel, Shelves } from './model-shelves.ts';
import { Throttle } from './throttle.ts';

/** Progress is reported at most this often. */
const NEWS_MS = 100;

export interface ConvertParts {
  readonly shelves: () => Promise<Shelves>;
  /** Tells the other workers that the library has changed. */
  readonly channel?: Pick<LibraryChannel, 'tell'>;
}

export class ConvertService implements ConvertWorkerApi {
  readonly #parts: ConvertParts;
  #running: AbortController | undefined;

  constructor(parts: ConvertParts) {
    this.#parts = parts;
  }

  async convert(
    request: ConvertRequest,
    onProgress: (progress: ConvertProgress) => void,
  ): Promise<Converted> {
    if (this.#running)
      throw new RankscopeError('bad-input', 'Another model is being converted. Wait for it.');
    const running = new AbortController();
    this.#running = running;
    const news = new Throttle<ConvertProgress>(NEWS_MS, onProgress);
    try {
      const { source, about, dtypes, name, role, place } = request;
      const { disk } = await this.#parts.shelves();
      const shelf = place === 'memory' ? undefined : disk;
      const memory = shelf ? undefined : memoryWriter(`${about.title}/`);
      const writer: FolderWriter = shelf?.writer(about) ?? memory!;
      const card = await convertFolder(new BlobFolder(source, request.files), writer, {
        source,
        command: `“Convert” in the page, from ${source}`,
        name: name ?? about.title,
        role,
        dtypes,
        signal: running.signal,
        onProgress: (progress) => news.give(progress),
      });
      if (shelf) this.#parts.channel?.tell();
      return { card, files: memory && blobsOf(memory) };
    } finally {
      news.stop();
      this.#running = undefined;
    }
  }

  cancel(): void {
    this.#running?.abort();
  }
}

const blobsOf = ({ files }: MemoryWriter) =>
  [...files].map(([path, bytes]) => ({ path, size: bytes.length, blob: new Blob([bytes]) }));
