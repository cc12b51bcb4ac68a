/** Numbers, sizes and durations as the page writes them. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `12,270` */
export function formatNumber(value: number): string {
  return whole.format(value);
}

/** `1 call`, `90 calls` */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}

/** `812 B`, `5.2 kB`, `61 MB`: decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? whole.format(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A measured time: `1.8 ms`, `310 ms`, `4.86 s`, `2 min 05 s`. */
export function formatMs(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.995) return `${seconds.toFixed(2)} s`;
  const all = Math.round(seconds);
  return `${Math.floor(all / 60)} min ${String(all % 60).padStart(2, '0')} s`;
}

/** An estimate: `under 0.1 s`, `about 0.3 s`, `about 5 s`, `about 2 min`. Never more digits than it deserves. */
export function formatEstimate(seconds: number): string {
  if (seconds < 0.1) return 'under 0.1 s';
  if (seconds < 2) return `about ${seconds.toFixed(1)} s`;
  if (seconds < 90) return `about ${Math.round(seconds)} s`;
  return `about ${Math.round(seconds / 60)} min`;
}

/** nDCG, τ and differences the way tables print them: `.943`, `1.000`, `−.200`. */
export const formatShare = (value: number): string => formatDecimals(value, 3);

/** The same with so many decimals: `.94`, `1.00`, `0`; `–` where there is no number. */
export function formatDecimals(value: number | undefined, digits: number): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  return value
    .toFixed(digits)
    .replace(/^(-?)0(?=\.)/, '$1')
    .replace('-', '−');
}

/** A difference of shares with its sign: `+.120`, `−.004`, `.000`. */
export function formatSigned(value: number): string {
  const figure = formatShare(Math.abs(value));
  if (Number(figure) === 0) return figure;
  return `${value < 0 ? '−' : '+'}${figure}`;
}

/** An amount in whatever currency; small ones keep two digits that say something. */
export const formatCost = (amount: number): string =>
  amount === 0 || amount >= 1 ? amount.toFixed(2) : String(Number(amount.toPrecision(2)));
