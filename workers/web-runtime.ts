/**
 * onnxruntime-web as the Runtime of a scorer. `/wasm`, `/webgpu` and `/jspi` are builds of their own, loaded
 * only when used; the bare `onnxruntime-web` (JSEP) build gave silently wrong numbers on WebGPU and
 * must not be imported. All files are served with the page: nothing is fetched from elsewhere.
 */
import webgpuMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import webgpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiMjs from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import wasmMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Runtime } from '../src/inference/runtime.ts';
import { ortRuntime } from './ort-runtime.ts';

/** More threads than this gain nothing for models of the sizes that run in a page. */
const MOST_THREADS = 4;

/** WASM threads for this page: 1 where SharedArrayBuffer is missing (no COOP/COEP headers). */
export function wasmThreads(wanted?: number): number {
  if (!self.crossOriginIsolated) return 1;
  return Math.max(1, wanted ?? Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS));
}

export async function wasmRuntime(threads: number): Promise<Runtime> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.wasmPaths = { mjs: absolute(wasmMjs), wasm: absolute(wasmWasm) };
  ort.env.wasm.numThreads = threads;
  return { ...ortRuntime(ort, ['wasm']), yieldTask, device: 'wasm', threads };
}

/** Only where there is an adapter (web-machine.ts). */
export async function webgpuRuntime(): Promise<Runtime> {
  const ort = await (suspends() ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu'));
  // It warns in red that shape arithmetic stays on the CPU, which is as it should be.
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmPaths = suspends()
    ? { mjs: absolute(jspiMjs), wasm: absolute(jspiWasm) }
    : { mjs: absolute(webgpuMjs), wasm: absolute(webgpuWasm) };
  ort.env.wasm.numThreads = 1;
  const runtime = ortRuntime(ort, ['webgpu']);
  const version = suspends() ? `${runtime.version} (JSPI)` : runtime.version;
  let tell: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => {
    tell = resolve;
  });
  return {
    ...runtime,
    yieldTask,
    version,
    device: 'webgpu',
    threads: 1,
    lost,
    async createSession(...args) {
      const session = await runtime.createSession(...args);
      // There is none before the first session. Of two that share it both are told.
      const device = (await ort.env.webgpu.device) as unknown as GpuDevice | undefined;
      void device?.lost.then(({ message, reason }) => tell(message || reason));
      return session;
    },
  };
}

/** As far as we look at it (WebGPU's types are not in TypeScript's worker library). */
interface GpuDevice {
  readonly lost: Promise<{ readonly message: string; readonly reason: string }>;
}

/**
 * Whether WebAssembly can wait for promises by itself (JSPI; Chrome and Edge from 137). The build made for it is
 * 17 MB and not 27, and is the only one that streams external data out of a Blob instead of copying it whole.
 */
const suspends = () => 'Suspending' in WebAssembly;

// The loader imports these from a blob or a worker of its own: relative addresses would not resolve there.
const absolute = (url: string) => new URL(url, self.location.href).href;

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** A macrotask without the 4 ms that nested timers are clamped to. */
function yieldTask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}
