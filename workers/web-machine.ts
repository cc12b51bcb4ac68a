/** Facts about this machine, as far as a worker is told. */
import type { Machine } from '../src/inference/device-policy.ts';
import { wasmThreads } from './web-runtime.ts';

/** The adapter, as far as we look at it (WebGPU's types are not in TypeScript's worker library). */
interface Adapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: AdapterInfo;
  readonly limits?: { readonly maxBufferSize?: number };
}

interface AdapterInfo {
  readonly isFallbackAdapter?: boolean;
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
}

/** What browsers add to Navigator that TypeScript does not know. */
interface KnownNavigator {
  readonly gpu?: { requestAdapter(): Promise<Adapter | null> };
  /** GB, rounded; secure pages of Chromium only. */
  readonly deviceMemory?: number;
  readonly userAgentData?: { readonly mobile?: boolean };
}

const known = navigator as unknown as KnownNavigator;

async function findAdapter(): Promise<Adapter | null> {
  try {
    return (await known.gpu?.requestAdapter()) ?? null;
  } catch {
    return null;
  }
}

export interface WebMachine extends Machine {
  /** Which adapter it is and which browser drives it, as far as is told: what has been found out of one holds for it alone. */
  readonly adapter: string;
}

export async function webMachine(): Promise<WebMachine> {
  const adapter = await findAdapter();
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
  const isSoftware = isFallbackAdapter ?? adapter?.isFallbackAdapter ?? false;
  return {
    gpu: adapter === null ? 'none' : isSoftware ? 'software' : 'real',
    adapter: [vendor, architecture, device, description, navigator.userAgent].filter(Boolean).join(' '),
    maxBufferBytes: adapter?.limits?.maxBufferSize,
    threads: wasmThreads(),
    isolated: self.crossOriginIsolated,
    memoryGb: known.deviceMemory,
    mobile: known.userAgentData?.mobile ?? /Android|iPhone|iPad|Mobile/.test(navigator.userAgent),
  };
}
