/** Callbacks of the page inside a worker: proxies with a message port of their own. */
import * as Comlink from 'comlink';

/**
 * Runs `work` with a way to call the page back, waits until the last call has arrived there (the
 * answer travels on another port and could overtake it), and closes the port.
 */
export async function withCallback<Arguments extends readonly unknown[], T>(
  callback: ((...args: Arguments) => void) | undefined,
  work: (call: (...args: Arguments) => void) => Promise<T>,
): Promise<T> {
  const proxy = callback as (((...args: Arguments) => Promise<void>) & Comlink.ProxyMethods) | undefined;
  let last: Promise<void> | undefined;
  try {
    return await work((...args) => {
      last = proxy?.(...args);
    });
  } finally {
    await last;
    proxy?.[Comlink.releaseProxy]();
  }
}
