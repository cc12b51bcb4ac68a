/** The calls between the page and the convert worker, which makes a checkpoint of a T5 as it is downloaded from the hub. */
import type { ConvertProgress } from '../checkpoint/build/convert-folder.ts';
import type { CheckpointRole, RankerCard } from '../checkpoint/ranker-card.ts';
import type { Dtype } from '../inference/scorer.ts';
import type { BlobFile } from '../sources/blob-folder.ts';
import type { NewModel } from '../storage/models/model-record.ts';
import type { Place } from './download-protocol.ts';

export type { ConvertProgress };

export interface ConvertRequest {
  /** Of the original, by path; they are read where they lie. */
  readonly files: readonly BlobFile[];
  /** What it was: a repository on the hub, a folder's name. Tells what the model is for. */
  readonly source: string;
  /** What the made checkpoint is kept as. */
  readonly about: NewModel;
  readonly dtypes: readonly Dtype[];
  readonly name?: string;
  readonly role?: CheckpointRole;
  /** Absent: on disk where the browser can. */
  readonly place?: Place;
}

export interface Converted {
  readonly card: RankerCard;
  /** In memory: the files, for the download worker's `put`. */
  readonly files?: readonly BlobFile[];
}

export interface ConvertWorkerApi {
  /**
   * One at a time. Nothing is left where it fails or is cancelled.
   * @throws RankscopeError 'cancelled', 'storage' (no room), 'missing', 'bad-checkpoint' or 'bad-input'
   */
  convert(request: ConvertRequest, onProgress: (progress: ConvertProgress) => void): Promise<Converted>;
  cancel(): void;
}
