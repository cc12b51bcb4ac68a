/** Faults that a test asks for: what goes wrong with which of the next requests. */

export interface Harm {
  /** The connection ends after so many bytes of the body. */
  readonly cutAfter?: number;
  readonly bytesPerSecond?: number;
  /** Nothing more is sent after so many bytes; the connection stays open. */
  readonly stallAfter?: number;
  /** 200 with the whole file, whatever range was asked for. */
  readonly ignoreRange?: true;
  /** 206 with another range than was asked for. */
  readonly wrongRange?: true;
  /** A web page with status 200, as hosts of single-page apps send for what they lack. */
  readonly html?: true;
  /** One byte of the file is another. */
  readonly altered?: true;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Fault {
  readonly on: 'hub' | 'cdn';
  /** Tested against the request's path at the hub; at the CDN against `OWNER/NAME/PATH` of the file. */
  readonly path?: RegExp;
  /** How many requests it meets; 1 where left out. */
  readonly times?: number;
  readonly harm: Harm;
}

export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  add(...faults: readonly Fault[]): void {
    for (const fault of faults) this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** What befalls this request, in the order in which faults were asked for. */
  take(on: Fault['on'], path: string): Harm {
    const found = this.#waiting.find(({ fault }) => fault.on === on && (fault.path?.test(path) ?? true));
    if (!found) return {};
    if (--found.left === 0) this.#waiting = this.#waiting.filter((one) => one !== found);
    return found.fault.harm;
  }
}
