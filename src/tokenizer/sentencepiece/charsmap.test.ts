/** Character maps: read, compared with T5's, refused when they are others or damaged. */
import { describe, expect, it } from 'vitest';
import { refusal, temporaryFolder } from '../../../trainer/testing/temporary.ts';
import { Charsmap } from './charsmap.ts';
import { converter, small } from './testing/spiece-folder.ts';

const convert = converter(temporaryFolder().path);

/**
 * A character map written by hand: a double array with sequences of one byte only.
 * @param replaced byte → replacement.
 */
function tinyMap(replaced: Readonly<Record<string, string>>): Uint8Array {
  const units = new Uint32Array(1024);
  const texts: number[] = [];
  units[0] = 256 << 10;
  for (const [i, [from, to]] of Object.entries(replaced).entries()) {
    const byte = from.charCodeAt(0);
    const at = 256 ^ byte;
    const leaf = 512 + i;
    units[at] = ((at ^ leaf) << 10) | 0x100 | byte;
    units[leaf] = 0x80000000 | texts.length;
    texts.push(...new TextEncoder().encode(to), 0);
  }
  const size = new Uint8Array(Uint32Array.of(units.byteLength).buffer);
  return new Uint8Array(Buffer.concat([size, new Uint8Array(units.buffer), Uint8Array.from(texts)]));
}

describe('character maps', () => {
  it('replace what they know and keep the rest', () => {
    const map = new Charsmap(tinyMap({ A: 'a', x: 'two', y: '' }));
    expect(map.normalise('AxyB é日👍')).toBe('atwoB é日👍');
  });

  it('that are not T5’s are refused, naming a character', async () => {
    const message = await refusal(() =>
      convert(small, { charsmap: tinyMap({ A: 'a' }), normalizer: { 1: 'mine' } }),
    );
    expect(message).toContain('spiece.model: its normaliser (“mine”) turns “e\\u{301}” into “e\\u{301}”');
    expect(message).toContain("T5's, nmt_nfkc");
  });

  const wrong: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['too short', new Uint8Array(3), /character map is too short/],
    ['a trie of a wrong size', new Uint8Array(16).fill(255), /gives its trie a wrong size/],
    ['texts that do not end', tinyMap({ A: 'a' }).slice(0, -1), /ends within a text/],
    ['a trie that leads out', outOfMap(), /leads out of/],
  ];
  it.each(wrong)('damaged: %s', async (_, charsmap, words) => {
    expect(await refusal(() => convert(small, { charsmap }))).toMatch(words);
  });
});

/** The value of “e” points behind the texts. */
function outOfMap(): Uint8Array {
  const map = tinyMap({ e: 'e' });
  new DataView(map.buffer).setUint32(4 + 4 * 512, 0xffffff00, true);
  return map;
}
