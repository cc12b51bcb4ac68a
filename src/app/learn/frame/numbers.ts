/** Numbers out of an address, and on a screen. */

/** The parameter as a number inside the limits, or what stands in for it. */
export function numberOf(
  params: URLSearchParams,
  name: string,
  min: number,
  max: number,
  other: number,
): number {
  const text = params.get(name);
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return value >= min && value <= max ? value : other;
}

/** `1.20`, `−0.50`: two decimals, with a real minus. */
export const fixed = (value: number, decimals = 2): string => value.toFixed(decimals).replace('-', '−');

const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];

/** `first` for place 0. */
export const ordinal = (place: number): string => ORDINALS[place] ?? `number ${place + 1}`;
