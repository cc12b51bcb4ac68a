import { describe, expect, it } from 'vitest';
import { tinyTokenizer } from '../../trainer/testing/tiny-checkpoint.ts';
import { embeddedPairwise } from '../ranking/embedded-templates.ts';
import { renderPrompt } from '../ranking/templates.ts';
import { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { encodePrompt } from './prompt-encoder.ts';
import { seePrompt } from './seen-prompt.ts';

const files = tinyTokenizer();
const tokenizer = new T5Tokenizer(
  JSON.parse(files.tokenizerJson),
  JSON.parse(files.tokenizerConfigJson),
  'tiny/',
);

describe('a prompt as the model reads it', () => {
  const long = Array.from({ length: 300 }, () => 'water').join(' ');
  const prompt = renderPrompt(embeddedPairwise, { text: 'what is water' }, [
    { text: long },
    { text: 'cold river' },
  ]);

  it('tells wording, slots and what was cut apart; nothing is lost in between', () => {
    const { parts, labels } = seePrompt(tokenizer, prompt, { maxTokens: 100 });
    expect(parts.map(({ text, lost }) => text + lost)).toEqual(prompt.parts.map(({ text }) => text));
    const cut = parts.filter(({ lost }) => lost !== '');
    expect(cut.map(({ slot }) => slot)).toEqual(['passage_a']);
    expect(labels).toEqual(prompt.labels);
  });

  it('shows the very tokens that are asked, the end token last', () => {
    const { tokens } = seePrompt(tokenizer, prompt, { maxTokens: 100 });
    const { ids } = encodePrompt(tokenizer, prompt, { maxTokens: 100 });
    expect(tokens).toHaveLength(ids.length);
    expect(tokens.at(-1)).toBe('</s>');
    expect(tokens.join('')).toContain('▁water');
  });
});
