/** Round numbers along an axis. */

export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Decimals that tell neighbouring ticks apart. */
  readonly decimals: number;
}

/** The smallest of 1, 2, 2.5, 5 × 10^n that divides `span` into at most `count` steps. */
function niceStep(span: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(span / count));
  return [1, 2, 2.5, 5, 10].map((one) => one * power).find((step) => span / step <= count * (1 + 1e-9))!;
}

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    if (Math.abs(step - Number(step.toFixed(decimals))) < step * 1e-6) return decimals;
  }
  return 12;
}

/** Counted, not added up: sums of 0.1 drift. */
const multiple = (of: number, times: number) => Number((of * times).toPrecision(12));

function axis(low: number, high: number, step: number, from: number, to: number): Axis {
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => multiple(step, from + i));
  return { low, high, ticks, decimals: decimalsOf(step) };
}

/** An axis whose ends are ticks, with all values inside. */
export function axisAround(values: readonly number[], count: number): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // One value alone gets room on both sides.
  const room = most > least ? 0 : Math.max(Math.abs(most) * 0.1, 1e-3);
  const step = niceStep(most - least + 2 * room, count);
  const from = Math.floor((least - room) / step + 1e-9);
  const to = Math.ceil((most + room) / step - 1e-9);
  return axis(multiple(step, from), multiple(step, to), step, from, to);
}

/** An axis that ends where the values end, with ticks between; whole numbers only. */
export function axisWithin(values: readonly number[], count: number): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low === high) return { low: low - 1, high: high + 1, ticks: [low], decimals: 0 };
  const step = Math.max(1, Math.ceil(niceStep(high - low, count)));
  return axis(low, high, step, Math.ceil(low / step), Math.floor(high / step));
}
