/** All commands, in the order of the overview: the steps of a distillation first. */
import { candidates } from './candidates.ts';
import type { Command } from './command.ts';
import { convert } from './convert.ts';
import { distill } from './distill.ts';
import { evaluate } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { label } from './label.ts';
import { pretrain } from './pretrain.ts';
import { rank } from './rank.ts';
import { serve } from './serve.ts';
import { train } from './train.ts';
import { worker } from './worker.ts';

export const commands: readonly Command[] = [
  candidates,
  label,
  worker,
  train,
  evaluate,
  distill,
  pretrain,
  exportCommand,
  convert,
  rank,
  serve,
];
