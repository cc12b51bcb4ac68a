/** A worker's event surface over a real MessageChannel, so that everything is cloned as it is for a worker. */
import * as Comlink from 'comlink';
import { installErrorTransfer } from '../comlink-errors.ts';

export class PortWorker extends EventTarget {
  readonly #port: MessagePort;
  readonly #far: MessagePort;

  /** @param api what the worker exposes */
  constructor(api: object) {
    super();
    installErrorTransfer();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#far = port2;
    Comlink.expose(api, port2);
    port1.addEventListener('message', ({ data }) =>
      this.dispatchEvent(new MessageEvent('message', { data })),
    );
    port1.start();
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  terminate(): void {
    this.#port.close();
    this.#far.close();
  }
}
