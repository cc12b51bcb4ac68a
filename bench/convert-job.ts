/** One part of the bench `convert`, in a process of its own, so that its peak of memory is its own: prints JSON. */
import { convertFolder } from '../src/checkpoint/build/convert-folder.ts';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import type { Dtype } from '../src/inference/scorer.ts';
import { checkpointWriter } from '../trainer/checkpoint/folder-writer.ts';
import { nodeFolder } from '../trainer/node/folder.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import { peakMegabytes } from './memory.ts';

const [what, input, output, dtype] = process.argv.slice(2) as [string, string, string, Dtype];
const baseline = peakMegabytes();
const used = process.cpuUsage();
const began = performance.now();
if (what === 'convert') {
  await convertFolder(nodeFolder(input), checkpointWriter(output), {
    source: input,
    command: 'bench convert',
    templates: 'paper-relevance',
    dtypes: [dtype],
  });
} else {
  const { scorer } = await openCheckpoint(nodeFolder(output), nodeRuntime(2), { dtype });
  await scorer.dispose();
}
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(used);
const processorSeconds = (user + system) / 1e6;
process.stdout.write(
  `${JSON.stringify({ seconds, processorSeconds, peakMegabytes: peakMegabytes(), baseline })}\n`,
);
