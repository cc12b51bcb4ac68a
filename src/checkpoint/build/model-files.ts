/** The files of a model, written one after the other: configuration, weights, scorers. */
import type { FileDigest, FolderWriter } from '../../bytes/byte-source.ts';
import { throwIfCancelled } from '../../errors.ts';
import type { Dtype } from '../../inference/scorer.ts';
import { writeT5Config } from '../../t5/config.ts';
import type { NarrowSide } from '../../t5/forms.ts';
import { parameterShapes } from '../../t5/names.ts';
import { streamSafetensors } from '../../t5/safetensors.ts';
import { streamScorer } from '../../t5/stream-scorer.ts';
import type { ReadableT5 } from '../../t5/weights.ts';
import type { RankerCard } from '../ranker-card.ts';

export interface WriteListener {
  /** Before a large file is begun; what it throws ends the writing. */
  readonly onFile?: (path: string) => void;
  /** Bytes of a large file that are made. */
  readonly onProgress?: (path: string, done: number, total: number) => void;
  readonly signal?: { readonly aborted: boolean };
}

/** What a card says of the files. */
export type WrittenFiles = Pick<RankerCard, 'scorers' | 'externalData' | 'files'>;

/** Writes files into a folder and remembers their digests. */
export class ModelFiles {
  readonly files: Record<string, FileDigest> = {};
  readonly scorers: Partial<Record<Dtype, string>> = {};
  readonly externalData: Partial<Record<Dtype, string>> = {};
  private readonly writer: FolderWriter;
  private readonly listener: WriteListener;

  constructor(writer: FolderWriter, listener: WriteListener = {}) {
    this.writer = writer;
    this.listener = listener;
  }

  get written(): WrittenFiles {
    const { scorers, externalData, files } = this;
    return { scorers, externalData: Object.keys(externalData).length > 0 ? externalData : undefined, files };
  }

  async text(path: string, text: string): Promise<void> {
    await this.bytes(path, new TextEncoder().encode(text));
  }

  async bytes(path: string, bytes: Uint8Array): Promise<void> {
    const sink = await this.writer.create(path);
    await sink.write(bytes);
    this.files[path] = await sink.close();
  }

  async config(model: ReadableT5): Promise<void> {
    await this.text('config.json', `${JSON.stringify(writeT5Config(model.config), null, 2)}\n`);
  }

  /** model.safetensors, tensor by tensor: a large model does not fit into memory twice. */
  async weights({ config, read }: ReadableT5, stored: 'F32' | 'BF16'): Promise<void> {
    const path = 'model.safetensors';
    const { onFile, onProgress, signal } = this.listener;
    onFile?.(path);
    const shapes = parameterShapes(config);
    const size = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);
    const total =
      [...shapes.values()].reduce((sum, dims) => sum + size(dims), 0) * (stored === 'F32' ? 4 : 2);
    const sink = await this.writer.create(path);
    let done = 0;
    for await (const piece of streamSafetensors(shapes, read, stored)) {
      throwIfCancelled(signal);
      await sink.write(piece);
      done += piece.length;
      onProgress?.(path, Math.min(done, total), total);
    }
    this.files[path] = await sink.close();
  }

  /** `onnx/scorer_DTYPE.onnx`; a large one's weights lie beside it, in `….onnx_data`. */
  async scorer(model: ReadableT5, dtype: Dtype, narrow?: NarrowSide): Promise<void> {
    const path = `onnx/scorer_${dtype}.onnx`;
    const location = `scorer_${dtype}.onnx_data`;
    const { onFile, onProgress, signal } = this.listener;
    onFile?.(path);
    const file = { location, create: () => this.writer.create(`onnx/${location}`) };
    const made = await streamScorer(model, dtype, file, {
      narrow,
      signal,
      onProgress: (done, total) => onProgress?.(path, done, total),
    });
    await this.bytes(path, made.model);
    this.scorers[dtype] = path;
    if (!made.data) return;
    this.files[`onnx/${location}`] = made.data;
    this.externalData[dtype] = `onnx/${location}`;
  }
}
