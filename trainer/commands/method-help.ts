/** The ranking methods as help texts list them, from their descriptors. */
import { METHOD_IDS, METHODS } from '../../src/ranking/methods/registry.ts';

const WIDTH = Math.max(...METHOD_IDS.map((id) => id.length)) + 2;

/** One line per method, all but the first indented. */
export const methodLines = (indent: number): string =>
  METHODS.map(({ id, summary }) => id.padEnd(WIDTH) + summary).join(`\n${' '.repeat(indent)}`);

/** Their names in one line. */
export const methodList = (): string => METHOD_IDS.join(', ');
