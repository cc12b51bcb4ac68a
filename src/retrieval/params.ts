/** Checks BM25 parameters that come from a form or a file. */
import { RankscopeError } from '../errors.ts';
import type { Bm25Params } from './types.ts';

/** @throws RankscopeError 'bad-input' that names the parameter, its value and its range */
export function checkParams({ k1, b, delta }: Bm25Params): void {
  check('k1', k1, 100);
  check('b', b, 1);
  check('delta', delta, 100);
}

function check(name: string, value: number, max: number): void {
  if (value >= 0 && value <= max) return;
  throw new RankscopeError('bad-input', `BM25’s ${name} is ${value}. Choose a number from 0 to ${max}.`, {
    parameter: name,
    value,
  });
}
