/** All ranking methods, in the order in which they are offered. A new one is a folder beside these and a line here. */
import { crossEncoder } from './cross-encoder/method.ts';
import { listwise } from './listwise/method.ts';
import { monoT5 } from './monot5/method.ts';
import { pointwiseYes } from './pointwise-yes/method.ts';
import { prpAllPairs } from './prp-allpair/method.ts';
import { prpHeapsort } from './prp-heapsort/method.ts';
import { prpSliding } from './prp-sliding/method.ts';
import { prpSparse } from './prp-sparse/method.ts';
import { prpTopK } from './prp-topk/method.ts';
import { queryLikelihood } from './qlm/method.ts';
import { rerank } from './rerank/method.ts';
import { relevanceGeneration } from './rg/method.ts';
import { setwiseBubblesort } from './setwise-bubblesort/method.ts';
import { setwiseHeapsort } from './setwise-heapsort/method.ts';

export const METHODS = [
  pointwiseYes,
  relevanceGeneration,
  monoT5,
  queryLikelihood,
  crossEncoder,
  prpAllPairs,
  prpHeapsort,
  prpSliding,
  prpTopK,
  prpSparse,
  setwiseHeapsort,
  setwiseBubblesort,
  listwise,
  rerank,
] as const;
