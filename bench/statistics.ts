/** What the benches say of their rounds. Raw rounds always go into the JSON beside it. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `0.61 (0.58 to 0.63)`: the median and the range of the rounds. */
export function spread(values: readonly number[], digits = 3): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toPrecision(digits)} (${low.toPrecision(digits)} to ${high.toPrecision(digits)})`;
}

/** Ratios of rounds that were taken next to each other: noise of the machine hits both alike. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  return above.map((value, i) => value / below[i]!);
}

/** Milliseconds of one call. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Wall and processor milliseconds (all threads) of one call. */
export async function timedCpu(work: () => unknown): Promise<{ ms: number; cpu: number }> {
  const before = process.cpuUsage();
  const ms = await timed(work);
  const { user, system } = process.cpuUsage(before);
  return { ms, cpu: (user + system) / 1000 };
}

/** Rounds 0, 1, … : as many as asked, but no more once `seconds` are over (a busy machine), and two at least. */
export function* roundsWithin(rounds: number, seconds: number): Generator<number> {
  const began = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= 2 && performance.now() - began > 1000 * seconds) return;
    yield round;
  }
}
