/** What is known of a stored model. Its files count only once their record says `done`. */
import type { Dtype } from '../../inference/scorer.ts';
import type { Found } from '../../sources/look-up.ts';
import type { SourceFile } from '../../sources/source-file.ts';
import type { Use, UseKind } from '../../sources/usable.ts';

export interface FileRecord extends SourceFile {
  /** Its name in the file store: never used twice. */
  readonly stored: string;
  /** Whole, and its digest as it should be. */
  readonly done: boolean;
}

export interface ModelRecord {
  readonly format: 1;
  /** Names source, commit and use: the same model asked for twice is the same record. */
  readonly id: string;
  readonly title: string;
  /** As it can be typed again. */
  readonly address: string;
  readonly source: Found['source'] | 'converted';
  readonly commit?: string;
  readonly license?: string;
  readonly kind: UseKind;
  readonly dtype?: Dtype;
  readonly files: readonly FileRecord[];
  /** Of all files. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly added: number;
  /** Still being written by a worker that cannot go on later (a copy, a conversion): without it, garbage. */
  readonly unfinished?: boolean;
}

/** What whoever writes a model says of it. */
export type NewModel = Omit<ModelRecord, 'format' | 'files' | 'bytes' | 'added' | 'unfinished'>;

export const isWhole = ({ files, unfinished }: ModelRecord): boolean =>
  !unfinished && files.every(({ done }) => done);

/** Of a model that is used in some way; the same for the page and the worker. */
export const modelId = (found: Pick<Found, 'id'>, use: Pick<Use, 'kind' | 'dtype'>): string =>
  [found.id, use.kind, use.dtype].filter((part) => part !== undefined).join('|');

export function newRecord(found: Omit<Found, 'uses' | 'files'>, use: Use): ModelRecord {
  const { title, address, source, commit, license } = found;
  const { kind, dtype, files, bytes } = use;
  return {
    format: 1,
    id: modelId(found, use),
    title,
    address,
    source,
    commit,
    license,
    kind,
    dtype,
    bytes,
    files: files.map((file) => ({ ...file, stored: freshName(), done: false })),
    added: Date.now(),
  };
}

/** Not crypto.randomUUID: over plain http there is none. */
export function freshName(): string {
  const numbers = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(numbers, (number) => number.toString(16).padStart(8, '0')).join('');
}

/** What may have come from an older or a newer version of the page is checked as far as it is used. */
export function isModelRecord(value: unknown): value is ModelRecord {
  const record = value as Partial<ModelRecord> | null | undefined;
  return (
    record?.format === 1 &&
    typeof record.id === 'string' &&
    Array.isArray(record.files) &&
    record.files.every(({ path, size, stored }) => path !== undefined && size >= 0 && stored !== undefined)
  );
}
