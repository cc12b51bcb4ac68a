/** Labels as they would be if the teacher agreed with the first stage: to measure training before there are any. */
import { writeFile } from 'node:fs/promises';
import { lineHead, type SourceInfo, writeLabelLine } from '../../src/formats/label-line.ts';
import { readLists } from '../input/lists.ts';

const SOURCE: SourceInfo = { kind: 'run', name: 'first-stage order (stand-in)', digest: '' };

/** @returns how many lists there are */
export async function writeStandIn(candidates: string, output: string): Promise<number> {
  const lists = await readLists(candidates);
  const lines = lists.map((list) => {
    const order = list.candidates.map((_, place) => place);
    const scores = order.map((place) => order.length - place);
    const decisions = order
      .slice(1)
      .map((b) => ({ a: 0, b, logitA: 1, logitB: 0, preference: 1, cut: 0 }) as const);
    return `${writeLabelLine(lineHead(list, SOURCE), { order, scores, decisions })}\n`;
  });
  await writeFile(output, lines.join(''));
  return lists.length;
}
