import type { TaughtList } from '../../../workers/train-protocol.ts';

/** “p03 “Its title””, or how it begins. */
export function nameOf({ passages }: Pick<TaughtList, 'passages'>, place: number): string {
  const { id, title, text } = passages[place]!;
  return `${id} “${title ?? `${text.slice(0, 40)} …`}”`;
}
