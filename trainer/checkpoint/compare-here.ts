/** What a comparison of scorers needs, on this machine: onnxruntime-node, the page's samples, the output's disk. */
import { readFileSync } from 'node:fs';
import type { CompareWith } from '../../src/checkpoint/build/compare-scorers.ts';
import type { Sample } from '../../src/checkpoint/build/probe-scores.ts';
import { nodeRuntime } from '../node/runtime.ts';
import { scratchFolder } from './scratch-folder.ts';

const SAMPLES = ['kitchen', 'night-sky', 'bicycles', 'immunity'];

export function readSamples(): Sample[] {
  return SAMPLES.map((name) => {
    const path = new URL(`../../public/samples/${name}.json`, import.meta.url);
    return JSON.parse(readFileSync(path, 'utf8')) as Sample;
  });
}

export function compareHere(output: string, threads?: number): CompareWith {
  return {
    runtime: () => nodeRuntime(threads),
    samples: readSamples(),
    scratch: () => scratchFolder(output),
  };
}
