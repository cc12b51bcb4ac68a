/**
 * A T5 of the hub's layout made into a checkpoint by the code that page and trainer share: megabytes of weights a second,
 * and the most memory that the process had. Then the checkpoint is opened: a second start is the session alone.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Dtype } from '../src/inference/scorer.ts';
import { convertInBrowser } from './convert-browser/in-browser.ts';
import { flanT5Base, flanT5Small } from './shapes.ts';
import { writeHubFolder } from './write-hub-folder.ts';

const OUT = new URL('../.cache/bench-convert/', import.meta.url).pathname;
const JOB = new URL('./convert-job.ts', import.meta.url).pathname;
const DTYPES: readonly Dtype[] = ['int8', 'q8', 'q4'];
/** What pages convert to: for processors, and for graphics cards. */
const BROWSER_DTYPES: readonly Dtype[] = ['int8', 'q8'];

interface Part {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
  readonly baseline: number;
}

export async function benchConvert(_rounds: number, shapes = [flanT5Small, flanT5Base]) {
  const results: Record<string, object> = {};
  for (const { name, config } of shapes) {
    const input = join(OUT, 'input');
    const stored = await writeHubFolder(input, config);
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
    const browser = await convertInBrowser({ folder: OUT, name: 'input', stored }, BROWSER_DTYPES);
    rmSync(input, { recursive: true, force: true });
    results[name] = { storedMegabytes: stored / 1e6, ...byDtype, browser };
  }
  return results;
}

function run(what: string, input: string, output: string, dtype: Dtype): Part {
  const out = execFileSync(process.execPath, ['--import', 'tsx', JOB, what, input, output, dtype], {
    encoding: 'utf8',
  });
  return JSON.parse(out.trim().split('\n').at(-1)!) as Part;
}

function sizeOf(folder: string, dtype: Dtype): number {
  return ['', '_data'].reduce(
    (sum, end) =>
      sum + (statSync(join(folder, `onnx/scorer_${dtype}.onnx${end}`), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
