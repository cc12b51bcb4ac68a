/** Options that would be passed over in silence are refused before anything is read. */
import { expect, it } from 'vitest';
import { candidates } from './candidates.ts';
import { evaluate } from './evaluate.ts';
import { label } from './label.ts';

const io = ['--input', 'lists.jsonl', '--output', 'labels.jsonl'];
it.each<[command: { run(args: readonly string[]): Promise<void> }, args: string[], message: RegExp]>([
  [label, ['--run', 'x.trec', '--schedule', 'heapsort', ...io], /^--schedule has no effect with --run\b/],
  [label, ['--encoder', 'x', '--passes', '2', ...io], /^--passes has no effect with --encoder\b/],
  [label, ['--permutations', 'x', '--tag', 't', ...io], /^--tag has no effect with --permutations\b/],
  [
    label,
    ['--checkpoint', 'x', '--query-prefix', 'q', ...io],
    /^--query-prefix has no effect with --checkpoint\b/,
  ],
  [
    label,
    ['--checkpoint', 'x', '--passes', '2', ...io],
    /^--passes is for --schedule sliding, not all-pairs/,
  ],
  [label, ['--checkpoint', 'x', '--run', 'y', ...io], /^Give one source of labels/],
  [candidates, ['--tag', 't', '--input', 'x', '--output', 'y'], /^--tag names a run of --run FILE/],
  [candidates, ['--split', 'a', '--qrels', 'b', '--input', 'x', '--output', 'y'], /not both/],
  [
    evaluate,
    ['--run', 'a.trec', '--qrels', 'q', '--methods', 'rg'],
    /^--methods is for --data, not for --run/,
  ],
])('%#', async ({ run }, args, message) => {
  await expect(run(args)).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(message),
  });
});
