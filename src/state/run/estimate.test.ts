import { describe, expect, it } from 'vitest';
import { PRP, QUERY_GENERATION, STUDENT } from '../../ranking/presets.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import { expectedSeconds } from './estimate.ts';
import { meanPromptTokens } from './prompt-lengths.ts';

const words = async (texts: readonly string[]) =>
  texts.map((text) => text.split(/\s+/).filter(Boolean).length);
const passage = (id: string, count: number) => ({
  id,
  text: Array.from({ length: count }, () => 'w').join(' '),
});

describe('meanPromptTokens', () => {
  const fixed = async (text: string) =>
    (await words([text.replace(/\{query\}/, 'a b').replace(/\{.*?\}/g, '')]))[0]!;

  it('is the wording plus the mean passage for each slot', async () => {
    const passages = [passage('1', 10), passage('2', 30)];
    const mean = (template: PromptTemplate) =>
      meanPromptTokens(template, { maxTokens: 512 }, passages, 'a b', words);
    expect(await mean(STUDENT)).toBe((await fixed(STUDENT.text)) + 20);
    expect(await mean(PRP)).toBe((await fixed(PRP.text)) + 40);
  });

  it('counts each token of a likelihood’s text as two that are read', async () => {
    const tokens = await meanPromptTokens(
      QUERY_GENERATION,
      { maxTokens: 512 },
      [passage('1', 10)],
      'a b c',
      words,
    );
    expect(tokens).toBe((await fixed(QUERY_GENERATION.text)) + 10 + 2 * 3);
  });

  it('cuts passages and prompts as the model’s limits do', async () => {
    const passages = [passage('1', 1000)];
    const at = (limits: { maxTokens: number; maxPassageTokens?: number }) =>
      meanPromptTokens(PRP, limits, passages, 'a b', words);
    // The template keeps 100 words of each passage.
    expect(await at({ maxTokens: 512 })).toBe((await fixed(PRP.text)) + 200);
    expect(await at({ maxTokens: 512, maxPassageTokens: 50 })).toBe((await fixed(PRP.text)) + 100);
    expect(await at({ maxTokens: 128 })).toBe(128);
  });
});

describe('expectedSeconds', () => {
  const of = (...seconds: (number | null)[]) => seconds.map((one) => ({ seconds: one }));
  it('adds up one after the other, takes the longest in a race, and leaves out what is not known', () => {
    expect(expectedSeconds(of(2, 5), false)).toBe(7);
    expect(expectedSeconds(of(2, 5), true)).toBe(5);
    expect(expectedSeconds(of(null, 5), false)).toBe(5);
    expect(expectedSeconds([], true)).toBe(0);
  });
});
