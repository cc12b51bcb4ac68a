/**
 * The few globals that browsers, workers and Node share and that the pure core may use.
 * The core is compiled without the DOM and Node libraries, so whatever is not listed here
 * does not exist for it: that keeps the floors of the design apart.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}

interface Performance {
  now(): number;
}
declare var performance: Performance;

declare function setTimeout(handler: () => void, ms?: number): unknown;
declare function clearTimeout(timer: unknown): void;

interface SubtleCrypto {
  digest(algorithm: string, data: ArrayBufferView<ArrayBuffer> | ArrayBuffer): Promise<ArrayBuffer>;
}
interface Crypto {
  readonly subtle: SubtleCrypto;
}
declare var crypto: Crypto;

/** base64 of a text whose characters are bytes. */
declare function btoa(bytes: string): string;

/** What sources read through: of fetch, Blob and streams the parts that browsers, workers and Node have alike. */

declare class URL {
  constructor(url: string, base?: string);
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly host: string;
  readonly hostname: string;
  readonly username: string;
  readonly password: string;
  pathname: string;
  search: string;
  hash: string;
}

interface ReadableStreamReader<T> {
  read(): Promise<{ readonly done: boolean; readonly value?: T }>;
  cancel(reason?: unknown): Promise<void>;
}

interface ReadableStream<T = unknown> {
  getReader(): ReadableStreamReader<T>;
  cancel(reason?: unknown): Promise<void>;
}

declare class WritableStream<T = unknown> {
  constructor(sink: { write?(chunk: T): Promise<void> | void; abort?(reason?: unknown): void });
}

declare class Blob {
  constructor(parts: readonly (ArrayBufferView<ArrayBuffer> | ArrayBuffer | string | Blob)[]);
  readonly size: number;
  slice(start?: number, end?: number): Blob;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

interface Response {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

declare function fetch(
  url: string,
  init?: {
    readonly method?: 'POST';
    readonly body?: string;
    readonly redirect?: 'manual';
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    readonly cache?: 'default' | 'no-store' | 'no-cache';
    readonly credentials?: 'omit';
    readonly referrerPolicy?: 'no-referrer';
  },
): Promise<Response>;
