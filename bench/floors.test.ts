import { describe, expect, it } from 'vitest';
import { judge } from './floors.ts';

describe('marks of the benches', () => {
  it('are reported for figures that are there, floors apart from aims', () => {
    const small = { shareOfSgemm: 0.6, asTrained: { shareOfSgemm: 0.5 } };
    const verdicts = judge({ training: { 'FLAN-T5-small': small }, peers: { skipped: 'no PyTorch' } });
    expect(verdicts.map(({ met, isFloor }) => [met, isFloor])).toEqual([
      [true, true],
      [false, false],
      [false, true],
      [false, false],
    ]);
    expect(verdicts[2]!.text).toBe('MISSED  floor 0.55: training FLAN-T5-small asTrained shareOfSgemm 0.500');
    expect(judge({})).toEqual([]);
  });
});
