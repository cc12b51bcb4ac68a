/** Both ways to score on WASM, with as many threads as the page would take. */
import * as Comlink from 'comlink';
import { wasmRuntime, wasmThreads } from '../../../workers/web-runtime.ts';
import { openPath, type PathFiles, takeTurns } from '../paths.ts';

const base = new URL('..', self.location.href);
const read = async (file: string) => {
  const response = await fetch(new URL(file, base));
  if (!response.ok) throw new Error(`${file}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

const api = {
  async compare(paths: readonly PathFiles[], rounds: number): Promise<number[][]> {
    const runtime = await wasmRuntime(wasmThreads());
    const models = [];
    for (const path of paths) models.push(await openPath(path, runtime, read));
    return takeTurns(models, rounds);
  },
};

export type PairApi = typeof api;
Comlink.expose(api);
