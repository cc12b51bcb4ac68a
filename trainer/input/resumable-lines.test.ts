import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../testing/folder.ts';
import { type LineCheck, ResumableLines } from './resumable-lines.ts';

const folder = testFolder('lines');
const path = join(folder, 'lines.txt');
const trusting: LineCheck = { whole: () => {}, half: () => {} };

/** Writes what is missing of `lines`, as a resumed run would. */
async function write(lines: readonly string[], check = trusting): Promise<number> {
  const file = await ResumableLines.open(path, check);
  const kept = file.count;
  for (const line of lines.slice(kept)) await file.append(line);
  await file.close();
  return kept;
}

describe('a file of lines', () => {
  it('is the same whatever prefix of it is gone on from', async () => {
    const lines = fc.array(fc.stringMatching(/^[^\n]{0,12}$/), { minLength: 1, maxLength: 8 });
    const cut = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(lines, cut, async (all, share) => {
        const whole = Buffer.from(all.map((line) => `${line}\n`).join(''));
        const prefix = whole.subarray(0, Math.round(share * whole.length));
        writeFileSync(path, prefix);
        const kept = await write(all);
        expect(readFileSync(path)).toEqual(whole);
        expect(kept).toBe(prefix.toString('latin1').split('\n').length - 1);
      }),
    );
  });

  it('is left as it was when a line, or a half one, is not accepted', async () => {
    writeFileSync(path, 'one\ntwo\nthr');
    const whole = () => {
      throw new Error('not mine');
    };
    await expect(write(['x'], { whole, half: () => {} })).rejects.toThrow('not mine');
    await expect(write(['x'], { whole: () => {}, half: whole })).rejects.toThrow('not mine');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthr');
  });

  it('hands on lines longer than its buffer and characters that lie across its edge', async () => {
    const long = ['é'.repeat(900_000), 'short', `x${'é'.repeat(700_000)}`];
    writeFileSync(path, `${long[0]}\n${long[1]}\n${long[2]!.slice(0, -1)}`);
    const seen: string[] = [];
    const keep = (line: string) => void seen.push(line);
    await write(long, { whole: keep, half: keep });
    expect(seen.map((line) => line.length)).toEqual([900_000, 5, 700_000]);
    expect(seen[0]).toBe(long[0]);
    expect(readFileSync(path, 'utf8')).toBe(long.map((line) => `${line}\n`).join(''));
  });

  it('says that a place cannot be written to', async () => {
    await expect(ResumableLines.open(join(folder), trusting)).rejects.toThrow(/Choose another --output/);
  });
});
