/** Conversions in the page: from Blobs of every storage form onto a shelf, with nothing left of one that fails. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import { type BlobFile, BlobFolder } from '../src/sources/blob-folder.ts';
import { fileLocks } from '../src/storage/models/locks.ts';
import { memoryStore } from '../src/storage/models/memory-store.ts';
import { memoryModelRecords } from '../src/storage/models/model-records.ts';
import { Shelf } from '../src/storage/models/shelf.ts';
import type { ConvertProgress, ConvertRequest } from '../src/workers/convert-protocol.ts';
import { type WeightForm, writeHfFolder } from '../trainer/checkpoint/testing/hf-folder.ts';
import { runConvert } from '../trainer/convert/run-convert.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import { temporaryFolder } from '../trainer/testing/temporary.ts';
import { ConvertService } from './convert-service.ts';

const temporary = temporaryFolder();
const shelf = (most?: number) =>
  new Shelf({ store: memoryStore(most), records: memoryModelRecords(), locks: fileLocks(undefined) });

const about = {
  id: 'made',
  title: 'tiny (converted)',
  address: 'owner/tiny',
  source: 'converted',
  kind: 'checkpoint',
} as const;

function original(form: WeightForm): { readonly files: BlobFile[]; readonly path: string } {
  const path = join(temporary.path, form);
  writeHfFolder(path, { form });
  const files = readdirSync(path).map((name) => {
    const blob = new Blob([readFileSync(join(path, name))]);
    return { path: name, size: blob.size, blob };
  });
  return { files, path };
}

const request = (files: readonly BlobFile[], over: Partial<ConvertRequest> = {}): ConvertRequest => ({
  files,
  source: 'owner/tiny',
  about,
  dtypes: ['int8', 'q8'],
  ...over,
});

function serviceOn(disk: Shelf | undefined): ConvertService {
  return new ConvertService({ shelves: async () => ({ disk, memory: shelf() }) });
}

describe('a conversion in the page', () => {
  it.each(['safetensors', 'bf16', 'sharded', 'bin', 'bin-sharded'] as const)(
    'of %s weights gives the trainer’s scorers, on a shelf, and opens',
    async (form) => {
      const { files, path } = original(form);
      const disk = shelf();
      const seen: ConvertProgress[] = [];
      const made = await serviceOn(disk).convert(request(files), (progress) => seen.push(progress));
      expect(made.files).toBeUndefined();
      expect(made.card.dtypeMeasures).toBeUndefined(); // nothing was compared with fp32, and the card does not say so
      expect(made.card.files['model.safetensors']).toBeUndefined();
      const output = join(temporary.path, `${form}-trainer`);
      await runConvert({ input: path, output, dtypes: ['int8', 'q8'], measure: false, dryRun: false });
      const card = JSON.parse(readFileSync(join(output, 'ranker.json'), 'utf8')) as typeof made.card;
      for (const file of Object.values(made.card.scorers))
        expect(made.card.files[file]).toEqual(card.files[file]);
      const folder = new BlobFolder('made', await disk.files('made'));
      const { scorer } = await openCheckpoint(folder, nodeRuntime(1), { dtype: 'q8', trusted: true });
      expect(scorer.info.digest).toBe(card.files['onnx/scorer_q8.onnx']!.sha256);
      await scorer.dispose();
      expect(seen.at(-1)).toMatchObject({ stage: 'scorer' });
      expect(seen.every(({ done, total }) => done <= total)).toBe(true);
    },
  );

  it('where there is no disk gives its files back', async () => {
    const { files } = original('safetensors');
    const made = await serviceOn(undefined).convert(request(files, { dtypes: ['q4'] }), () => {});
    expect(made.files!.map(({ path }) => path)).toEqual([...Object.keys(made.card.files), 'ranker.json']);
    const { scorer } = await openCheckpoint(new BlobFolder('made', made.files!), nodeRuntime(1));
    expect(scorer.info.dtype).toBe('q4');
    await scorer.dispose();
  });

  it('leaves nothing when it is cancelled, when there is no room, and when the weights are damaged', async () => {
    const { files } = original('safetensors');
    const none = async (disk: Shelf) => [await disk.store.names(), await disk.models()];
    const disk = shelf();
    const service = serviceOn(disk);
    const cancelled = service.convert(request(files), () => service.cancel());
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await none(disk)).toEqual([[], []]);

    const narrow = shelf(20_000);
    await expect(serviceOn(narrow).convert(request(files), () => {})).rejects.toMatchObject({
      code: 'storage',
    });
    expect(await none(narrow)).toEqual([[], []]);

    const cut = files.map((file) =>
      file.path === 'model.safetensors' ? { ...file, blob: file.blob.slice(0, file.size - 4) } : file,
    );
    await expect(serviceOn(disk).convert(request(cut), () => {})).rejects.toMatchObject({
      code: 'bad-checkpoint',
    });
    expect(await none(disk)).toEqual([[], []]);
    // The same worker makes the next one whole.
    await service.convert(request(files), () => {});
    expect((await disk.models())[0]).toMatchObject({ id: 'made' });
  });
});
