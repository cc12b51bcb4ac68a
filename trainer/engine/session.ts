/** onnxruntime-node sessions with the options that training needs; see the notes in each. */
import * as ort from 'onnxruntime-node';
import { encodeModel } from '../../src/onnx/encode.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import { SESSION_EXTRA } from '../node/session-options.ts';

export interface EngineOptions {
  /** Always set: the default takes every core, whatever else runs there. */
  readonly threads: number;
  /**
   * False: memory goes back to the system after every run. About a tenth slower, but many sessions then need
   * no more than one. Default true.
   */
  readonly arena?: boolean;
}

/** Opens a session on a built graph. */
export function openGraph(
  graph: Graph,
  { threads, arena = true }: EngineOptions,
): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(encodeModel(graph), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Shapes are fixed but the pattern of buffers costs 25–40 % more memory for no speed.
    enableMemPattern: false,
    enableCpuMemArena: arena,
    graphOptimizationLevel: 'all',
    // Its warnings are about graph rewrites that it decided not to make.
    logSeverityLevel: 3,
    extra: SESSION_EXTRA,
  });
}
