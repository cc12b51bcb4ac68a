/**
 * A T5 of the hub's layout made into a checkpoint by the code that page and trainer share: megabytes of weights a second,
 * and the most memory that the process had. Then the checkpoint is opened: a second start is the session alone.
 *
 * The weights are bf16 in one file, random ones (a million of them, over and over), in the shapes of FLAN-T5.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dtype } from '../src/inference/scorer.ts';
import { type parseT5Config, writeT5Config } from '../src/t5/config.ts';
import { seededRandom } from '../src/t5/init-random.ts';
import { parameterShapes } from '../src/t5/names.ts';
import { streamSafetensors } from '../src/t5/safetensors.ts';
import { tinyTokenizer } from '../trainer/testing/tiny-checkpoint.ts';
import { flanT5Base, flanT5Small } from './shapes.ts';

const OUT = new URL('../.cache/bench-convert/', import.meta.url).pathname;
const JOB = new URL('./convert-job.ts', import.meta.url).pathname;
const DTYPES: readonly Dtype[] = ['int8', 'q8', 'q4'];

interface Part {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
  readonly baseline: number;
}

export async function benchConvert() {
  const results: Record<string, object> = {};
  for (const { name, config } of [flanT5Small, flanT5Base]) {
    const input = join(OUT, 'input');
    const stored = await writeFolder(input, config);
    const byDtype: Record<string, object> = {};
    for (const dtype of DTYPES) {
      const output = join(OUT, `output-${dtype}`);
      const converted = run('convert', input, output, dtype);
      const opened = run('open', input, output, dtype);
      byDtype[dtype] = {
        megabytesASecond: stored / 1e6 / converted.seconds,
        megabytesAProcessorSecond: stored / 1e6 / converted.processorSeconds,
        peakMegabytes: converted.peakMegabytes,
        peakShareOfFp32: converted.peakMegabytes / ((2 * stored) / 1e6),
        scorerMegabytes: sizeOf(output, dtype) / 1e6,
        secondStart: { seconds: opened.seconds, peakMegabytes: opened.peakMegabytes },
      };
      rmSync(output, { recursive: true, force: true });
    }
    rmSync(input, { recursive: true, force: true });
    results[name] = { storedMegabytes: stored / 1e6, ...byDtype };
  }
  return results;
}

function run(what: string, input: string, output: string, dtype: Dtype): Part {
  const out = execFileSync(process.execPath, ['--import', 'tsx', JOB, what, input, output, dtype], {
    encoding: 'utf8',
  });
  return JSON.parse(out.trim().split('\n').at(-1)!) as Part;
}

/** @returns bytes of the weights' file */
export async function writeFolder(folder: string, config: ReturnType<typeof parseT5Config>): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  writeFileSync(join(folder, 'config.json'), JSON.stringify(writeT5Config(config)));
  writeFileSync(join(folder, 'tokenizer.json'), tokenizerJson);
  writeFileSync(join(folder, 'tokenizer_config.json'), tokenizerConfigJson);
  const random = seededRandom(1);
  const block = Float32Array.from({ length: 1e6 }, () => 0.05 * random.normal());
  const shapes = parameterShapes(config);
  const read = async (name: string) => {
    const values = new Float32Array(shapes.get(name)!.reduce((product, dim) => product * dim, 1));
    for (let at = 0; at < values.length; at += block.length) {
      values.set(block.subarray(0, Math.min(block.length, values.length - at)), at);
    }
    return values;
  };
  const path = join(folder, 'model.safetensors');
  const file = await open(path, 'w');
  for await (const piece of streamSafetensors(shapes, read, 'BF16')) await file.writeFile(piece);
  await file.close();
  return statSync(path).size;
}

function sizeOf(folder: string, dtype: Dtype): number {
  return ['', '_data'].reduce(
    (sum, end) =>
      sum + (statSync(join(folder, `onnx/scorer_${dtype}.onnx${end}`), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
