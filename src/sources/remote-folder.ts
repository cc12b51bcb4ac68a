/** A folder elsewhere that is asked once what it has: a repository of the hub, a folder behind a URL. */
import type { ByteSource, FolderReader } from '../bytes/byte-source.ts';
import { RankscopeError } from '../errors.ts';
import type { Patience } from './http.ts';
import { openHttp } from './http-bytes.ts';
import type { SourceFile } from './source-file.ts';

export abstract class RemoteFolder<Facts extends { readonly files: readonly SourceFile[] }>
  implements FolderReader
{
  readonly name: string;
  readonly #patience: Patience;
  #facts: Promise<Facts> | undefined;

  /** @param name for messages, ending in `/` */
  constructor(name: string, patience: Patience) {
    this.name = name;
    this.#patience = patience;
  }

  /** What the folder says of itself. @throws RankscopeError 'missing', 'network' or 'cancelled'. */
  protected abstract ask(patience: Patience): Promise<Facts>;

  /** Asks once; a failed attempt is made again at the next call. @throws as `ask` */
  facts(signal: AbortSignal | undefined = this.#patience.signal): Promise<Facts> {
    this.#facts ??= this.ask({ ...this.#patience, signal }).catch((error: unknown) => {
      this.#facts = undefined;
      throw error;
    });
    return this.#facts;
  }

  async list(signal?: AbortSignal): Promise<readonly SourceFile[]> {
    return (await this.facts(signal)).files;
  }

  async open(path: string, signal?: AbortSignal): Promise<ByteSource> {
    const file = (await this.list(signal)).find((one) => one.path === path);
    if (!file?.url) throw new RankscopeError('missing', `${this.name} has no file ${path}.`, { file: path });
    return openHttp(file.url, this.name + path, file.size, signal);
  }
}
