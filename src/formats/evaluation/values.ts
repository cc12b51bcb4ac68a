/** Values of an evaluation's table as papers print them. */
import { trecDecimals } from '../../evaluation/print.ts';
import type { ValueStyle } from '../../evaluation/table/columns.ts';

/** `0.9431`, `−0.213`, `1,204`, `0.0351`, `3.2e9`; an en dash where there is nothing to say. */
export function printed(value: number | null, style: ValueStyle): string {
  if (value === null) return '–';
  switch (style) {
    case 'share':
      return trecDecimals(value);
    case 'signed':
      return `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(3)}`;
    case 'count':
      return value.toLocaleString('en', { maximumFractionDigits: 1 });
    case 'seconds':
      return value < 0.001 ? value.toPrecision(2) : value.toFixed(4);
    case 'operations':
    case 'rate':
      return value === 0 ? '0' : value.toPrecision(3).replace('e+', 'e');
  }
}

export const HEAD_UNITS: Readonly<Partial<Record<string, string>>> = {
  calls: 'Calls/query',
  tokens: 'Tokens/query',
  padded: 'Padded tokens/query',
  median: 'Seconds/query (median)',
  p95: 'Seconds/query (95 %)',
  flops: 'FLOPs/query',
  rpp: 'nDCG@10/PFLOP',
  qpp: 'Queries/PFLOP',
};
