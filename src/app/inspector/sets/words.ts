/** What came of answers that list passages, in sentences. */
import { readPermutation } from '../../../ranking/permutation.ts';
import type { Listing } from '../../../ranking/types.ts';
import { counted, formatNumber } from '../../ui/numbers.ts';

type Read = Pick<Listing, 'shown' | 'text' | 'malformed'>;

/** Whether a model wrote something that names none of the passages shown. */
export const isUnreadable = ({ text, shown }: Read): boolean =>
  text !== undefined && readPermutation(text, shown.length).named === 0;

/** What is wrong with the answers of a run; none where all were whole. */
export function listingVerdict(answers: readonly Read[]): string[] {
  const unreadable = answers.filter(isUnreadable).length;
  const repaired = answers.filter((one) => one.malformed && !isUnreadable(one)).length;
  const all = counted(answers.length, 'answer');
  const said: string[] = [];
  if (unreadable > 0 && unreadable === answers.length) {
    said.push(
      `${answers.length === 1 ? 'The answer names no passage' : `None of the ${all} names a passage`}: this model does not do what the prompt asks, and the order is still that of the first stage.`,
    );
  } else if (unreadable > 0) {
    said.push(
      `${formatNumber(unreadable)} of ${all} ${unreadable === 1 ? 'names' : 'name'} no passage: nothing could be read from ${unreadable === 1 ? 'it' : 'them'}, and the passages shown stayed in their order.`,
    );
  }
  if (repaired > 0) {
    said.push(
      `${formatNumber(repaired)} of ${all} ${repaired === 1 ? 'was' : 'were'} not a complete list, and ${repaired === 1 ? 'was' : 'were'} repaired: numbers that stand for no passage, or come twice, are left out; passages that are not named follow in the order in which they were shown.`,
    );
  }
  return said;
}
