import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prompt, Scorer } from '../../../src/inference/scorer.ts';
import { FakeScorer, seededRandom } from '../../../src/ranking/testing/fake-scorer.ts';
import { sharedScorer } from './shared-scorer.ts';

const prompt = (text: string, labels: readonly string[] = ['Yes']): Prompt => ({
  parts: [{ text, slot: 'passage', cut: true }],
  decoderPrefix: '',
  labels,
});

/** Logits by the prompt's own index, as the caller gets them. */
async function ask(
  model: Pick<Scorer, 'score'>,
  prompts: readonly Prompt[],
  signal?: AbortSignal,
): Promise<number[][]> {
  const found: number[][] = prompts.map(() => []);
  for await (const { indices, logits, truncations } of model.score(prompts, { signal })) {
    const labels = logits.length / indices.length;
    const cut = new Map(truncations);
    for (const [row, index] of indices.entries()) {
      expect(found[index], 'a prompt is answered once').toEqual([]);
      found[index] = [...logits.subarray(row * labels, (row + 1) * labels), cut.get(row)?.[0]?.total ?? 0];
    }
  }
  return found;
}

const answer = ({ passage = '' }: Readonly<Record<string, string>>) => [
  passage.length,
  passage.charCodeAt(0),
];

describe('sharedScorer', () => {
  it('answers every caller as the scorer alone would, however many ask and whatever batches come', async () => {
    const lists = fc.array(fc.array(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 50 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(lists, fc.integer(), async (texts, seed) => {
        const inner = new FakeScorer({ answer, random: seededRandom(seed), keepUnits: 5 });
        const shared = sharedScorer(inner);
        const asked = texts.map((list) => list.map((text) => prompt(text, ['Yes', 'No'])));
        const together = await Promise.all(asked.map((prompts) => ask(shared, prompts)));
        const alone = await Promise.all(
          asked.map((prompts) => ask(new FakeScorer({ answer, keepUnits: 5 }), prompts)),
        );
        expect(together).toEqual(alone);
        expect(shared.waiting()).toBe(0);
        for (const { prompts } of inner.calls) expect(prompts).toBeLessThanOrEqual(32);
      }),
      { numRuns: 60 },
    );
  });

  it('lets callers share runs and take turns, so that a long list does not keep a short one waiting', async () => {
    const runs: [number, number][] = [];
    const shared = sharedScorer(new FakeScorer({ answer }), (prompts, callers) =>
      runs.push([prompts, callers]),
    );
    const ended: string[] = [];
    const long = ask(
      shared,
      Array.from({ length: 300 }, (_, i) => prompt(`long ${i}`)),
    ).then(() => ended.push('long'));
    const short = ask(shared, [prompt('a'), prompt('b')]).then(() => ended.push('short'));
    await Promise.all([long, short]);
    expect(ended).toEqual(['short', 'long']);
    expect(runs[0]).toEqual([32, 2]);
    expect(runs.reduce((sum, [prompts]) => sum + prompts, 0)).toBe(302);
  });

  it('never puts different labels into one run', async () => {
    const inner = new FakeScorer({ answer: ({ passage = '' }) => [passage.length] });
    const shared = sharedScorer(inner);
    await Promise.all([ask(shared, [prompt('a', ['Yes'])]), ask(shared, [prompt('b', ['true'])])]);
    expect(inner.calls.map(({ prompts }) => prompts)).toEqual([1, 1]);
  });

  it('works no longer for one that has gone, and goes on for the others', async () => {
    const inner = new FakeScorer({ answer });
    const shared = sharedScorer(inner);
    const gone = new AbortController();
    const many = Array.from({ length: 400 }, (_, i) => prompt(`gone ${i}`));
    const broken = ask(shared, many, gone.signal);
    const stays = ask(shared, [prompt('stays')]);
    setImmediate(() => gone.abort());
    await expect(broken).rejects.toMatchObject({ code: 'cancelled' });
    expect(await stays).toEqual([[5, 's'.charCodeAt(0), 0]]);
    expect(inner.total).toBeLessThan(200);
  });

  it('hands an error to those whose run it was, and lives on', async () => {
    let fails = true;
    const shared = sharedScorer(
      new FakeScorer({
        answer: (slots) => {
          if (fails) throw new Error('out of memory');
          return answer(slots);
        },
      }),
    );
    await expect(ask(shared, [prompt('a')])).rejects.toThrow('out of memory');
    fails = false;
    expect(await ask(shared, [prompt('a')])).toEqual([[1, 97, 0]]);
  });
});
