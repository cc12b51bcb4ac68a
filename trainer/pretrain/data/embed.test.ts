import { mkdtempSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { embedTexts } from './embed.ts';
import { encoderDims, type SentenceEncoder } from './encoder.ts';
import { cosine, nearestPassages } from './nearest.ts';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-embed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A vector that only depends on the text: its letters, counted. Counts what it was asked. */
function letterCounter() {
  let asked = 0;
  const encoder: SentenceEncoder = {
    tokenize: (text, maxTokens) =>
      Int32Array.from([...text].slice(0, maxTokens), (letter) => letter.charCodeAt(0)),
    embed: async (texts) => {
      asked += texts.length;
      const rows = new Float32Array(texts.length * encoderDims);
      texts.forEach((text, r) => {
        for (const id of text) rows[r * encoderDims + (id % encoderDims)]! += 1;
      });
      return rows;
    },
    release: async () => {},
  };
  return { open: async () => encoder, asked: () => asked };
}

const texts = Array.from({ length: 2100 }, (_, i) => 'abcde'.slice(0, 1 + (i % 5)) + i);
const options = { folder, name: 'texts', maxTokens: 16, log: () => {} };

describe('embedTexts', () => {
  it('keeps the order of the texts whatever the order of the work', async () => {
    const { open } = letterCounter();
    const vectors = await embedTexts(open, texts, options);
    for (const [i, text] of texts.entries()) {
      const row = vectors.subarray(i * encoderDims, (i + 1) * encoderDims);
      expect(row.reduce((a, b) => a + b)).toBe(text.length);
      expect(row['0'.charCodeAt(0)]).toBe([...text].filter((letter) => letter === '0').length);
    }
  });

  it('goes on with what is missing and ends with the same bytes', async () => {
    const before = await embedTexts(letterCounter().open, texts, options);
    const shards = readdirSync(folder).sort();
    expect(shards.length).toBe(2);
    unlinkSync(join(folder, shards[1]!));
    const again = letterCounter();
    const after = await embedTexts(again.open, texts, options);
    expect(again.asked()).toBe(2100 - 2048);
    expect(Buffer.from(after.buffer).equals(Buffer.from(before.buffer))).toBe(true);
  });

  it('does not take the vectors of other texts', async () => {
    const changed = letterCounter();
    await embedTexts(changed.open, ['new', ...texts.slice(1)], options);
    expect(changed.asked()).toBe(2048);
  });
});

describe('nearestPassages', () => {
  it('finds what looking at every passage finds', async () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647 - 0.5;
    };
    const passages = Float32Array.from({ length: 40 * encoderDims }, random);
    const queries = Float32Array.from({ length: 150 * encoderDims }, random);
    const nearest = await nearestPassages(queries, passages, 5);
    for (let q = 0; q < 150; q++) {
      const scores = Array.from({ length: 40 }, (_, p) => cosine(queries, q, passages, p));
      const expected = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, 5);
      expect([...nearest.subarray(q * 5, q * 5 + 5)]).toEqual(expected);
    }
  });
});
