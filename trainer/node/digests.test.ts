/** Digests of files are kept as long as nothing shows that a file changed. */
import { createHash } from 'node:crypto';
import { createReadStream, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testFolder } from '../testing/folder.ts';
import { fileDigest } from './digests.ts';

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return { ...fs, createReadStream: vi.fn(fs.createReadStream) };
});
const readings = vi.mocked(createReadStream);

const folder = testFolder('digests');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** Time for the clocks of all file systems to move on. */
const later = () => vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
afterEach(() => {
  vi.restoreAllMocks();
  readings.mockClear();
});

describe('the digest of a file', () => {
  it('is worked out once', async () => {
    const path = join(folder, 'corpus.jsonl');
    writeFileSync(path, 'one');
    later();
    expect(await fileDigest(path)).toBe(sha256('one'));
    expect(await fileDigest(path)).toBe(sha256('one'));
    expect(readings).toHaveBeenCalledTimes(1);
  });

  it.each<[string, (path: string) => void]>([
    ['written in place, as long as before', (path) => writeFileSync(path, 'two')],
    [
      'written in place, its time of writing put back',
      (path) => {
        writeFileSync(path, 'two');
        utimesSync(path, 1e9, 1e9);
      },
    ],
    [
      'replaced by another file of the same size and time',
      (path) => {
        writeFileSync(`${path}.new`, 'two');
        utimesSync(`${path}.new`, 1e9, 1e9);
        renameSync(`${path}.new`, path);
      },
    ],
  ])('is worked out again for a file that was %s', async (_, change) => {
    const path = join(folder, 'changing.jsonl');
    writeFileSync(path, 'one');
    utimesSync(path, 1e9, 1e9);
    later();
    expect(await fileDigest(path)).toBe(sha256('one'));
    change(path);
    expect(await fileDigest(path)).toBe(sha256('two'));
  });

  it('is not kept for a file so new that it may change without a sign', async () => {
    const path = join(folder, 'new.jsonl');
    writeFileSync(path, 'one');
    await fileDigest(path);
    await fileDigest(path);
    expect(readings).toHaveBeenCalledTimes(2);
  });

  it('of a file that is gone is an error, whatever was known of it', async () => {
    const path = join(folder, 'gone.jsonl');
    writeFileSync(path, 'one');
    later();
    await fileDigest(path);
    renameSync(path, `${path}.away`);
    await expect(fileDigest(path)).rejects.toMatchObject({ code: 'missing' });
  });
});
