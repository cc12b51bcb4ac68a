/** What cannot fit is refused before work, with the figures and a way out. */
import { describe, expect, it } from 'vitest';
import { bytesText, freeDisk, freeFor, peakMemory, refuseWhatCannotFit, resourcesText } from './machine.ts';

const free = { memoryBytes: 1e9, diskBytes: 2e9 };
const refuse = (memoryBytes: number, diskBytes: number) => () =>
  refuseWhatCannotFit('This labelling', { memoryBytes, diskBytes }, free, 'out', 'Choose less.');

describe('memory and disk', () => {
  it('what fits is let through, what does not is refused with the figures', () => {
    expect(refuse(1e9, 2e9)).not.toThrow();
    expect(refuse(1.1e9, 1)).toThrow(
      'This labelling needs about 1.1 GB of memory and 1.0 GB are free. Choose less. Nothing was started.',
    );
    expect(refuse(1, 2.1e9)).toThrow(
      /^This labelling writes about 2\.1 GB, and 2\.0 GB are free on the disk of out\. Make room or choose another --output/,
    );
  });

  it('are looked up for a place that is not there yet', async () => {
    const { memoryBytes, diskBytes } = await freeFor('/tmp/not/there/yet');
    expect(memoryBytes).toBeGreaterThan(process.memoryUsage().rss);
    expect(diskBytes).toBeGreaterThan(0);
    expect(Math.abs((await freeDisk('/tmp')) - diskBytes)).toBeLessThan(1e9);
    expect(peakMemory()).toBeGreaterThan(1e7);
  });

  it('are said in one line, in bytes for people', () => {
    expect([900, 1_200_000, 3_100_000_000].map(bytesText)).toEqual(['1 kB', '2 MB', '3.1 GB']);
    expect(resourcesText({ memoryBytes: 5e8, diskBytes: 2000 }, free)).toBe(
      '500 MB of memory (1.0 GB are free), 2 kB on disk (2.0 GB are free)',
    );
  });
});
