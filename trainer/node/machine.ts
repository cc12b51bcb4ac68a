/** What the machine has of memory and disk, against what work needs: said before long work, and refused before it. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { accessPlace, writeError } from './writing.ts';

/** Bytes. Memory is the most at a time, disk what is still to be written. */
export interface Resources {
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** Memory that the machine, or the container, can still give. */
export const availableMemory = (): number => process.availableMemory();

/** The most memory that this process has had so far, as the system counts it. */
export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;

/**
 * What work of this process can have: memory that is free or is the process's own already, and the disk of a path
 * that need not exist yet.
 */
export async function freeFor(output: string): Promise<Resources> {
  return {
    memoryBytes: availableMemory() + process.memoryUsage().rss,
    diskBytes: await freeDisk(output),
  };
}

/** Bytes free on the disk of a path that need not exist yet. */
export async function freeDisk(path: string): Promise<number> {
  let folder = resolve(path);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * @param what the work, as a noun with its article, e.g. `This labelling`
 * @param advice what would need less memory, a sentence
 * @throws RankscopeError 'device' that says what is needed, what there is and what to do
 */
export function refuseWhatCannotFit(
  what: string,
  needs: Resources,
  free: Resources,
  output: string,
  advice: string,
): void {
  if (needs.memoryBytes > free.memoryBytes) {
    throw new RankscopeError(
      'device',
      `${what} needs about ${bytesText(needs.memoryBytes)} of memory and ${bytesText(free.memoryBytes)} are free. ${advice} Nothing was started.`,
    );
  }
  if (needs.diskBytes > free.diskBytes) {
    // A read-only disk has nothing free, and no room can be made there.
    try {
      accessPlace(output);
    } catch (error) {
      throw writeError(output, 'Nothing was started.', error);
    }
    throw new RankscopeError(
      'device',
      `${what} writes about ${bytesText(needs.diskBytes)}, and ${bytesText(free.diskBytes)} are free on the disk of ${output}. ` +
        'Make room or choose another --output. Nothing was started.',
    );
  }
}

/** `1.2 GB of memory (21 GB are free), 12 MB on disk (60 GB are free)`. */
export function resourcesText(needs: Resources, free: Resources): string {
  const part = (bytes: number, of: string, left: number) =>
    `${bytesText(bytes)} ${of} (${bytesText(left)} are free)`;
  return `${part(needs.memoryBytes, 'of memory', free.memoryBytes)}, ${part(needs.diskBytes, 'on disk', free.diskBytes)}`;
}

/** Bytes for people, in units of 1000. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
