import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../../src/errors.ts';
import { OutputFile } from '../cli/output-file.ts';
import { Journal } from '../evaluate/journal.ts';
import { ResumableLines } from '../input/resumable-lines.ts';
import { runTrainer } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';
import { writeAtomic } from './atomic.ts';
import { refuseWhatCannotFit } from './machine.ts';
import { canMount, SmallDisk } from './testing/small-disk.ts';
import { accessPlace, refusePlace, writeError, writing } from './writing.ts';

const folder = testFolder('writing');
const at = (...names: string[]) => join(folder, ...names);
const systemError = (code: string) => Object.assign(new Error(`${code}: of the system`), { code });
const lines = { whole: () => {}, half: () => {} };
const entry = { query: 'q', order: [0], scores: [1], calls: 1, tokens: 1, seconds: 1, cutPassages: 0 };

describe('a write that failed', () => {
  const cases: readonly (readonly [code: string, of: string, says: RegExp])[] = [
    ['ENOSPC', 'device', /the disk is full .*Make room and run the same command again/],
    ['EDQUOT', 'device', /your quota .*quota raised/],
    ['EFBIG', 'device', /ulimit -f/],
    ['EROFS', 'bad-input', /the disk is read-only .*mount the disk for writing/],
    ['EACCES', 'bad-input', /permission is denied .*permission to write there/],
    ['EPERM', 'bad-input', /does not allow it/],
    ['ENOTDIR', 'bad-input', /a file, not a folder/],
    ['EISDIR', 'bad-input', /it is a folder/],
    ['EIO', 'device', /reports an error of its own/],
    ['EMFILE', 'device', /ulimit -n/],
  ];
  it.each(cases)('%s says what it is and what to do', async (code, of, says) => {
    const failed = writing('/out/x', 'Completed work is kept.', async () => {
      throw systemError(code);
    });
    const error = (await failed.catch((e: unknown) => e)) as RankscopeError;
    expect(error).toBeInstanceOf(RankscopeError);
    expect(error.code).toBe(of);
    expect(error.message).toMatch(/^\/out\/x cannot be written: /);
    expect(error.message).toMatch(says);
    expect(error.message).toContain('Completed work is kept.');
    expect(error.message).toContain(code);
    if (code !== 'ENOSPC' && code !== 'EFBIG') expect(error.message).not.toMatch(/[Mm]ake room|is full/);
  });

  it('for another reason passes as it is', () => {
    const missing = systemError('ENOENT');
    expect(writeError('x', '', missing)).toBe(missing);
    const own = new RankscopeError('bad-input', 'line 3');
    expect(writeError('x', '', own)).toBe(own);
  });

  it('below a file, and over a folder, is named with its option', async () => {
    mkdirSync(at('f'), { recursive: true });
    writeFileSync(at('f', 'file'), '');
    await expect(refusePlace(at('f', 'file', 'x'), '--write-lists')).rejects.toThrow(
      /cannot be written: a .*Choose another --write-lists/,
    );
    await expect(refusePlace(at('f'), '--write-lists')).rejects.toThrow(/it is a folder/);
    await expect(OutputFile.open(at('f', 'file', 'x'))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it.skipIf(process.getuid?.() === 0)('without permission (skipped for root, who has it)', () => {
    mkdirSync(at('closed'), { recursive: true });
    chmodSync(at('closed'), 0o500);
    expect(() => accessPlace(at('closed', 'x'))).toThrow(/EACCES/);
  });
});

describe.skipIf(!canMount(at('try')))('a read-only disk (skipped where no disk can be mounted)', () => {
  it('is called one, never a full one: before the work, in its middle and at its end', async () => {
    const disk = SmallDisk.open(at('disk'), 256 * 1024)!;
    const on = (name: string) => join(disk.path, name);
    try {
      const growing = await ResumableLines.open(on('lines.jsonl'), lines);
      await growing.append('{}');
      await growing.close();
      execFileSync('mount', ['-o', 'remount,ro', disk.path]);
      const readOnly = { code: 'bad-input', message: expect.stringMatching(/read-only.*mount the disk/) };
      await expect(ResumableLines.open(on('lines.jsonl'), lines)).rejects.toMatchObject(readOnly);
      await expect(OutputFile.open(on('x'))).rejects.toMatchObject(readOnly);
      expect(() => new Journal(on('journal.jsonl')).add(entry as never)).toThrow(/read-only/);
      await expect(writing(on('x'), '', () => writeAtomic(on('x'), 'x'))).rejects.toMatchObject(readOnly);
      await expect(refusePlace(on('x'), '--write-lists')).rejects.toThrow(/read-only.*--write-lists/);
      // The measure of what is free comes first in the commands; read-only disks often have nothing free.
      const needs = { memoryBytes: 0, diskBytes: 10 };
      const none = { memoryBytes: 1, diskBytes: 0 };
      expect(() => refuseWhatCannotFit('This search', needs, none, on('deep/x'), '')).toThrow(/read-only/);
      expect(() => refuseWhatCannotFit('This search', needs, none, at('x'), '')).toThrow(/Make room/);

      writeFileSync(at('corpus.jsonl'), '{"id":"a","text":"green tea"}\n{"id":"b","text":"black tea"}\n');
      writeFileSync(at('queries.tsv'), 'q\ttea\n');
      const { code, stderr } = await runTrainer([
        ...['candidates', '--input', at('corpus.jsonl'), '--queries', at('queries.tsv')],
        ...['--output', on('c.jsonl')],
      ]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/read-only/)]);
      expect(stderr).not.toMatch(/[Mm]ake room/);
    } finally {
      disk.close();
    }
  });
});
