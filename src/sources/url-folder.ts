/**
 * A model on any static host: a ready checkpoint, whose `ranker.json` says which files it has, with their digests; or one
 * without a card, whose files are looked for by their names.
 */
import { parseRankerCard } from '../checkpoint/card-read.ts';
import type { RankerCard } from '../checkpoint/ranker-card.ts';
import { RankscopeError } from '../errors.ts';
import { askPatiently, hostOf, type Patience } from './http.ts';
import { findKnownFiles } from './known-files.ts';
import { RemoteFolder } from './remote-folder.ts';
import { type SourceFile, safePath } from './source-file.ts';

const CARD = 'ranker.json';

export interface UrlFacts {
  /** Absent: it is no checkpoint of Rankscope. */
  readonly card?: RankerCard;
  readonly files: readonly SourceFile[];
}

export class UrlFolder extends RemoteFolder<UrlFacts> {
  /** @param url of the folder, ending in `/`. */
  constructor(url: string, patience: Patience = {}) {
    super(url, patience);
  }

  protected async ask(patience: Patience): Promise<UrlFacts> {
    const url = this.name + CARD;
    let response: Response;
    try {
      response = await askPatiently(url, url, patience);
    } catch (error) {
      if (!(error instanceof RankscopeError) || error.code !== 'missing') throw error;
      const files = await findKnownFiles(this.name, patience);
      if (files.length > 0) return { files };
      throw new RankscopeError(
        'missing',
        `${hostOf(url)} has no ${CARD} and no config.json in this folder, so no model is found there. ` +
          'A model of the hub is given by its id; a downloaded one is opened with “Open folder or zip”.',
        { ...error.details },
      );
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    const card = parseRankerCard(new TextDecoder().decode(bytes), url);
    const files = Object.entries(card.files).map(([path, { bytes: size, sha256 }]) => ({
      path: safePath(path, url),
      size,
      sha256,
      url: this.name + path.split('/').map(encodeURIComponent).join('/'),
    }));
    // The card knows every digest but its own.
    const own = { path: CARD, size: bytes.length, url };
    return { card, files: [own, ...files.filter(({ path }) => path !== CARD)] };
  }
}
