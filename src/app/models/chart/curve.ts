/** What a line chart shows: values of a few series over steps, in any number of stages. */

import { formatDecimals } from '../../ui/numbers.ts';

export interface CurveRow {
  readonly step: number;
  readonly stage?: string;
  /** In the order of the series; undefined where a series has none at this step. */
  readonly values: readonly (number | undefined)[];
}

export interface CurveStage {
  readonly name: string;
  /** Steps before it. */
  readonly from: number;
}

export interface Curve {
  readonly title: string;
  readonly series: readonly string[];
  readonly rows: readonly CurveRow[];
  /** Marked where there are several. */
  readonly stages?: readonly CurveStage[];
  /** True where values of one stage do not compare with those of the next: the lines are broken. */
  readonly parted?: boolean;
}

/** `.532` as the tables of the page print it, with the given number of decimals. */
export const formatValue = (value: number | undefined, decimals = 3): string =>
  formatDecimals(value, decimals);
