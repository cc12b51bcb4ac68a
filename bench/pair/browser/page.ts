/** Hands the comparison to a worker, where models run in the page, too. */
import * as Comlink from 'comlink';
import type { PairApi } from './pair.worker.ts';

const worker = new Worker(new URL('./pair.worker.ts', import.meta.url), { type: 'module' });
Object.assign(window, { compare: Comlink.wrap<PairApi>(worker).compare });
