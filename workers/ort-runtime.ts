/** onnxruntime-web's sessions and tensors as the core's: whichever build of it, and also in Node (tests). */
import type { Runtime, RuntimeSession, RuntimeTensor, SessionOptions } from '../src/inference/runtime.ts';

/** All builds have the same interface. */
export type Ort = typeof import('onnxruntime-web/wasm');

/** Blobs are the DOM's here. */
type ExternalFile = { path: string; data: string | Blob | Uint8Array };

/** @param executionProviders e.g. `['wasm']`. */
export function ortRuntime(
  ort: Ort,
  executionProviders: readonly string[],
): Pick<Runtime, 'version' | 'createSession' | 'tensor'> {
  return {
    version: `onnxruntime-web ${ort.env.versions.web ?? 'unknown'}`,
    async createSession(model, { externalData }: SessionOptions = {}) {
      const session = await ort.InferenceSession.create(model, {
        executionProviders,
        enableMemPattern: false,
        // Its warnings are about graph rewrites that it decided not to make.
        logSeverityLevel: 3,
        externalData: externalData as ExternalFile[] | undefined,
      });
      return withFetches(session as unknown as RuntimeSession);
    },
    tensor: (type, data, dims) => new ort.Tensor(type, data as never, dims) as unknown as RuntimeTensor,
  };
}

/**
 * onnxruntime-web takes preallocated outputs and leaves them as they were when they lie in JavaScript's memory (1.31):
 * they are asked for by name and copied.
 */
function withFetches(session: RuntimeSession): RuntimeSession {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    release: () => session.release(),
    async run(feeds, fetches) {
      if (!fetches || isNames(fetches)) return session.run(feeds, fetches);
      const out = await session.run(feeds, Object.keys(fetches));
      for (const [name, into] of Object.entries(fetches)) {
        if (!into) continue;
        const made = out[name]!;
        (into.data as Float32Array).set(made.data as Float32Array);
        made.dispose?.();
        out[name] = into;
      }
      return out;
    },
  };
}

const isNames = (fetches: NonNullable<Parameters<RuntimeSession['run']>[1]>): fetches is readonly string[] =>
  Array.isArray(fetches);
