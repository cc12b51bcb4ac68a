/** Peak memory of one way to score, in a process of its own: opened, and asked twice. Prints megabytes. */
import { readFile } from 'node:fs/promises';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { peakMegabytes } from '../memory.ts';
import { ask, batch, openPath, type PathFiles } from './paths.ts';

const path = JSON.parse(process.argv[2]!) as PathFiles;
const model = await openPath(path, nodeRuntime(2), (file) => readFile(file));
await ask(model, batch());
await ask(model, batch());
process.stdout.write(String(peakMegabytes()));
