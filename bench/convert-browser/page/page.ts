/** The page's own workers at work on one model: fetched into the browser's storage, converted there, opened. */
import { RankscopeError } from '../../../src/errors.ts';
import type { Dtype } from '../../../src/inference/scorer.ts';
import { PUBLIC_HUB } from '../../../src/sources/address.ts';
import { modelId } from '../../../src/storage/models/model-record.ts';
import { convertInWorker } from '../../../src/workers/convert-client.ts';
import { DownloadClient } from '../../../src/workers/download-client.ts';
import { ScorerClient } from '../../../src/workers/scorer-client.ts';

const downloads = new DownloadClient();
let failure: unknown;
const opened = downloads.open((news) => {
  if ('state' in news && news.state?.status === 'failed') failure = news.state.error;
});

const kept = (dtype: Dtype): string => `made:${dtype}`;

const steps = {
  /** @param url of a folder of the hub's layout. @returns the id that it is stored under */
  async fetch(url: string): Promise<string> {
    await opened;
    const found = await downloads.lookUp(url, PUBLIC_HUB, () => {});
    const use = found.uses[0];
    if (!use) throw new RankscopeError('internal', found.why ?? 'There is nothing to convert.');
    await downloads.get({ found, use });
    if (failure) throw new Error(JSON.stringify(failure));
    return modelId(found, use);
  },

  /** @returns seconds until the worker has the files, and those of the conversion */
  async convert(id: string, dtype: Dtype): Promise<{ readonly files: number; readonly conversion: number }> {
    const began = performance.now();
    const files = await downloads.files(id);
    const got = performance.now();
    await convertInWorker(
      {
        files,
        source: id,
        about: { id: kept(dtype), title: 'Bench', address: id, source: 'converted', kind: 'checkpoint' },
        dtypes: [dtype],
      },
      () => {},
    );
    return { files: (got - began) / 1000, conversion: (performance.now() - got) / 1000 };
  },

  /** On a fresh page: what using it a second time takes. */
  async start(dtype: Dtype) {
    await opened;
    const began = performance.now();
    const files = await downloads.files(kept(dtype));
    const scorer = new ScorerClient('teacher');
    const { loadMs, compileMs, warmMs } = await scorer.load(
      { url: 'made/', files, device: 'wasm', dtype },
      () => {},
    );
    const seconds = (performance.now() - began) / 1000;
    scorer.terminate();
    return { seconds, loadMs, compileMs, warmMs };
  },
};

export type Steps = typeof steps;

declare global {
  interface Window {
    steps: Steps;
  }
}
window.steps = steps;
