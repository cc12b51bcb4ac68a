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

interface SubtleCrypto {
  digest(algorithm: string, data: ArrayBufferView<ArrayBuffer> | ArrayBuffer): Promise<ArrayBuffer>;
}
interface Crypto {
  readonly subtle: SubtleCrypto;
}
declare var crypto: Crypto;

/** base64 of a text whose characters are bytes. */
declare function btoa(bytes: string): string;
