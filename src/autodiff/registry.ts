/** Gradient functions by op type. */
import { elementwise } from './elementwise.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { shapeOps } from './shape-ops.ts';
import type { Vjp } from './vjp.ts';

export const registry: Readonly<Record<string, Vjp | undefined>> = {
  ...elementwise,
  ...products,
  ...shapeOps,
  ...reductions,
};
