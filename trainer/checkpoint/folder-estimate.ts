/**
 * What making a checkpoint folder takes, before the weights are read: memory and disk by count, time from a model
 * of the same widths with one block a stack, whose scorers are made, written and asked here.
 */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../src/bytes/sha256.ts';
import { openWeights } from '../../src/checkpoint/find-weights.ts';
import { readConfig } from '../../src/checkpoint/hf-folder.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { float32 } from '../../src/onnx/tensor.ts';
import type { T5Config } from '../../src/t5/config.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import { parameterShapes } from '../../src/t5/names.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { type ModelPlan, planModel } from '../../src/weights/plan-model.ts';
import { openBulkScorer } from '../engine/bulk-scorer.ts';
import { nodeFolder } from '../node/folder.ts';
import { defaultThreads } from '../node/runtime.ts';
import { type Needs, needsOf } from './folder-needs.ts';

/** Folders of smaller models are begun at once, without a measurement. */
export const MEASURE_FROM_WEIGHTS = 20e6;
/** Prompts that a scorer is compared on, for each template, and about what they have of tokens. */
const COMPARED = 64;
const TOKENS = 192;
/** Prompts that are asked here. */
const PROBED = 8;
const PROBE_VOCABULARY = 1024;
/** Bytes of the weights that are read here. */
const READ = 32 * 2 ** 20;

export interface FolderWork {
  readonly plan: Pick<ModelPlan, 'config' | 'size' | 'bytes'>;
  readonly dtypes: readonly Dtype[];
  /** Templates of the card: scores are compared for each; 0 where they are not compared. */
  readonly templates: number;
  /** A file of the weights. */
  readonly weights: string;
  readonly threads?: number;
}

export interface FolderEstimate {
  readonly needs: Needs;
  readonly plan: ModelPlan;
  /** A file of the weights. */
  readonly weights: string;
}

/**
 * Memory and disk of a folder made from this one; only heads of files are read.
 * @throws RankscopeError 'missing', 'bad-checkpoint' or 'bad-input' naming file and reason
 */
export async function folderNeeds(
  path: string,
  dtypes: readonly Dtype[],
  weightBytes: 2 | 4,
): Promise<FolderEstimate> {
  const folder = nodeFolder(path);
  const files = await openWeights(folder);
  try {
    const plan = planModel(await readConfig(folder), files.tensors, `${folder.name}config.json`);
    return { plan, needs: needsOf(plan, dtypes, weightBytes), weights: files.paths[0]! };
  } finally {
    await files.close();
  }
}

/** Seconds from the weights to a folder whose scorers are compared with fp32. */
export async function folderSeconds(work: FolderWork): Promise<number> {
  const { plan, dtypes, templates, weights } = work;
  const { encoderLayers, decoderLayers } = plan.config;
  const model = probeModel(plan.config);
  const size = [...model.weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  const perWeight = await secondsOfScorers(model, templates > 0 ? [...dtypes, 'fp32'] : dtypes);
  const made = dtypes.map((dtype) => perWeight.get(dtype)!);
  // int8 is tried in two ways before, and fp32 made once to compare with.
  const tries = dtypes.includes('int8') && templates > 0 ? 2 : 0;
  const extra = templates > 0 ? tries * (perWeight.get('int8') ?? 0) + perWeight.get('fp32')! : 0;
  const making = (made.reduce((sum, one) => sum + one, 0) + extra) * (plan.size / size);
  const reading = (await secondsOfReading(weights)) * plan.bytes;
  if (templates === 0) return reading + making;
  const asked = (1 + dtypes.length + tries) * templates * COMPARED;
  const blocks = (encoderLayers + decoderLayers) / 2;
  return reading + making + asked * blocks * (await secondsOfPrompt(model, work.threads ?? defaultThreads()));
}

/** Random weights in the model's widths: one block a stack, few words. */
function probeModel(config: T5Config): T5Model {
  const small = { ...config, vocabSize: PROBE_VOCABULARY, encoderLayers: 1, decoderLayers: 1 };
  const random = seededRandom(1);
  const weights = new Map(
    [...parameterShapes(small)].map(([name, dims]) => {
      const length = dims.reduce((product, dim) => product * dim, 1);
      const data = Float32Array.from({ length }, () => random.uniform() * 0.1 - 0.05);
      return [name, float32(dims, data)] as const;
    }),
  );
  return { config: small, weights };
}

/** Seconds to make, hash and write a scorer of this model, by dtype. */
async function secondsOfScorers(model: T5Model, dtypes: readonly Dtype[]): Promise<Map<Dtype, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'rankscope-probe-'));
  try {
    const seconds = new Map<Dtype, number>();
    for (const dtype of new Set(dtypes)) {
      buildScorer(model, dtype); // the first time compiles our own code
      const began = performance.now();
      const bytes = buildScorer(model, dtype);
      await sha256(bytes);
      await writeFile(join(folder, dtype), bytes);
      seconds.set(dtype, (performance.now() - began) / 1000);
    }
    return seconds;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds a byte, from the beginning of a file. */
async function secondsOfReading(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const began = performance.now();
    const { bytesRead } = await file.read(Buffer.alloc(READ), 0, READ, 0);
    return (performance.now() - began) / 1000 / Math.max(1, bytesRead);
  } finally {
    await file.close();
  }
}

async function secondsOfPrompt(model: T5Model, threads: number): Promise<number> {
  const scorer = await openBulkScorer(model, { threads });
  try {
    const prompts = Array.from({ length: PROBED }, () => new Int32Array(TOKENS).fill(7));
    await scorer.score(prompts.slice(0, 1), [0], [5, 6]);
    const began = performance.now();
    await scorer.score(prompts, [0], [5, 6]);
    return (performance.now() - began) / 1000 / PROBED;
  } finally {
    await scorer.release();
  }
}
