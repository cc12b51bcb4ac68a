/** Names what a query set was ranked with, as inputs.ts does for a column. */

import { textHash } from '../../text-hash.ts';
import { type Inputs, inputKey } from '../run/inputs.ts';
import type { Settings } from '../settings.ts';

/** The query in the box and the Base switch change nothing: the set has its own queries, and both rows. */
export function querySetKey({ settings, corpus }: Pick<Inputs, 'settings' | 'corpus'>): string {
  const of = (column: 'student' | 'teacher', studentMode: Settings['studentMode']): string =>
    inputKey(column, { settings: { ...settings, studentMode }, corpus, query: { text: '' } });
  return textHash([of('student', 'student'), of('student', 'base'), of('teacher', 'student')].join());
}
