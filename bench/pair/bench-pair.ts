/**
 * The fused scorer against an encoder and a decoder session (transformers.js' layout) of the same weights and dtype, on
 * the same batches, in turn: times, bytes and memory. FLAN-T5-small's shape.
 *
 * The pair is optimum's export where RANKSCOPE_PAIR names a folder that has one (config.json and model.safetensors beside
 * onnx/); else graphs of our own with random weights, whose decoder is as quick as the fused scorer's.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readSafetensors } from '../../src/t5/safetensors.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import { pairGraphs } from '../../src/t5/testing/pair-graphs.ts';
import { makeT5, type T5Model } from '../../src/t5/weights.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { flanT5Small, randomModel } from '../shapes.ts';
import { compareInBrowser } from './in-browser.ts';
import { ask, BATCH, batch, openPath, type PathFiles, speeds, takeTurns } from './paths.ts';

const OUT = new URL('../../.cache/bench-pair/', import.meta.url).pathname;
const THREADS = 2;

export async function benchPair(rounds: number) {
  mkdirSync(OUT, { recursive: true });
  const exported = process.env.RANKSCOPE_PAIR;
  const model = exported ? readModel(exported) : randomModel(flanT5Small.config);
  const results: Record<string, object> = {};
  for (const dtype of ['fp32', 'q4'] as const) {
    const { numHeads: heads, dKv: headSize } = model.config;
    const fused = { files: [write(`scorer_${dtype}.onnx`, buildScorer(model, dtype))], heads, headSize };
    const pair = { files: exported ? filesIn(exported, dtype) : ownPair(model, dtype), heads, headSize };
    results[dtype] = await compare(fused, pair, rounds);
  }
  return { source: exported ?? 'graphs of our own', device: 'cpu', threads: THREADS, ...BATCH, ...results };
}

async function compare(fused: PathFiles, pair: PathFiles, rounds: number) {
  const runtime = nodeRuntime(THREADS);
  const models = [
    await openPath(fused, runtime, (file) => readFile(file)),
    await openPath(pair, runtime, (file) => readFile(file)),
  ] as const;
  const [one, two] = [await ask(models[0], batch()), await ask(models[1], batch())];
  const [msFused, msPair] = (await takeTurns(models, rounds)) as [number[], number[]];
  const [cpuFused, cpuPair] = (await takeTurns(models, rounds, processorMs)) as [number[], number[]];
  for (const model of models) await model.release();
  return {
    ...speeds(msFused, msPair),
    /** The same ratio from processor time, which other programs hardly change. */
    ratioByProcessorTime: speeds(cpuFused, cpuPair).ratio,
    megabytesFused: megabytesOf(fused),
    megabytesPair: megabytesOf(pair),
    peakMegabytesFused: peakOf(fused),
    peakMegabytesPair: peakOf(pair),
    worstLogitDifference: Math.max(...one.map((value, i) => Math.abs(value - two[i]!))),
    browser: await compareInBrowser(OUT, [served(fused), served(pair)], rounds),
  };
}

function readModel(folder: string): T5Model {
  const weights = readSafetensors(readFileSync(join(folder, 'model.safetensors')), folder);
  return makeT5(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')), weights, `${folder}/`);
}

function filesIn(folder: string, dtype: 'fp32' | 'q4'): string[] {
  const suffix = dtype === 'fp32' ? '' : '_q4';
  const decoders = ['decoder_model', 'decoder_model_merged'].map((name) => file(name));
  function file(name: string) {
    return join(folder, 'onnx', `${name}${suffix}.onnx`);
  }
  return [file('encoder_model'), decoders.find(existsSync) ?? decoders[0]!].map((from) => {
    copyFileSync(from, join(OUT, basename(from)));
    return join(OUT, basename(from));
  });
}

function ownPair(model: T5Model, dtype: 'fp32' | 'q4'): string[] {
  const { encoder, decoder } = pairGraphs(model, dtype);
  return [write(`encoder_model_${dtype}.onnx`, encoder), write(`decoder_model_${dtype}.onnx`, decoder)];
}

function write(name: string, bytes: Uint8Array): string {
  writeFileSync(join(OUT, name), bytes);
  return join(OUT, name);
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Where the page finds the files. */
const served = ({ files, ...shape }: PathFiles): PathFiles => ({
  ...shape,
  files: files.map((file) => basename(file)),
});

const megabytesOf = ({ files }: PathFiles): number =>
  Math.round(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e5) / 10;

function peakOf(path: PathFiles): number {
  const script = new URL('./peak.ts', import.meta.url).pathname;
  const child = [process.execPath, ['--import', 'tsx', script, JSON.stringify(path)]] as const;
  return Number(execFileSync(child[0], child[1], { encoding: 'utf8' }));
}
