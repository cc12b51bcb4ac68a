import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { embeddedTemplates, markerPieces, promptWords } from '../../../src/ranking/embedded-templates.ts';
import { normaliseForVocabulary } from '../../../src/tokenizer/normaliser-json.ts';
import { type Piece, parseVocab, tokenizerFiles } from '../../../src/tokenizer/tokenizer-json.ts';
import { checkAgreement } from './agreement.ts';
import { trainUnigram } from './sentencepiece.ts';

const letters: Piece[] = [...'▁abcdefghijklmnopqrstuvwxyz:'].map((letter) => [letter, -5]);
const small: Piece[] = [['<pad>', 0], ['</s>', 0], ['<unk>', 0], ...letters, ['▁passage', -6], ['▁a', -2]];

describe('tokenizer.json', () => {
  const { tokenizer, config } = tokenizerFiles(small, ['▁a:']);
  const loaded = new Tokenizer(tokenizer, config);
  const id = (piece: string) => tokenizer.model.vocab.findIndex(([name]) => name === piece);

  it('has T5 ids, ends in </s>, lower-cases and takes markers whole', () => {
    expect(loaded.encode('Passage A: a').ids).toEqual([id('▁passage'), id('▁a:'), id('▁a'), 1]);
    expect(loaded.encode('Ä').ids).toEqual([id('▁a'), 1]);
    expect(loaded.encode('').ids).toEqual([1]);
  });

  it('reads a prompt as the runs of its parts, wherever white space parts them', () => {
    const part = fc.stringMatching(/^[a-zA-Z: ]{0,12}$/);
    fc.assert(
      fc.property(part, part, (one, two) => {
        const runs = [one, 'Passage A:', two].flatMap((text) => loaded.encode(text).ids.slice(0, -1));
        expect(loaded.encode(`${one} Passage A: ${two}`).ids).toEqual([...runs, 1]);
      }),
    );
  });

  it('refuses a marker that is a piece already, and a vocabulary without T5 ids', () => {
    expect(() => tokenizerFiles(small, ['▁passage'])).toThrow(/is a piece already/);
    expect(() => parseVocab('<unk>\t0\n<s>\t0\n</s>\t0')).toThrow(/Piece 0 is "<unk>"/);
    expect(() => parseVocab('nothing')).toThrow(/line 1 is not/);
  });
});

describe('normaliseForVocabulary', () => {
  it('is what the tokenizer does before it splits', () => {
    const { tokenizer, config } = tokenizerFiles(small, []);
    const loaded = new Tokenizer(tokenizer, config);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(loaded.encode(text).ids).toEqual(loaded.encode(normaliseForVocabulary(text)).ids);
      }),
    );
    expect(normaliseForVocabulary(' “Café”\n—  It’s ')).toBe('"cafe" - it\'s');
  });
});

const spm = spawnSync('spm_train', ['--help']).error === undefined;
describe.skipIf(!spm)('conversion from SentencePiece (skipped where spm_train is not installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rankscope-spm-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the ids that spm_encode gives', () => {
    const stems = ['rank', 'passage', 'query', 'light', 'water', 'stone', 'river', 'moon', 'garden', 'wheel'];
    const ends = ['', 's', 'ing', 'ed', 'er', 'ly', 'ness', '-like', "'s", ' 12'];
    const lines = stems.flatMap((a, i) =>
      ends.flatMap((end) =>
        stems.map((b, j) => normaliseForVocabulary(`The ${a}${end} of ${b}${ends[(i + j) % 10]} is é.`)),
      ),
    );
    const input = join(folder, 'lines.txt');
    writeFileSync(input, lines.join('\n'));
    const prefix = join(folder, 'unigram');
    trainUnigram(input, prefix, 64);
    const { tokenizer, config } = tokenizerFiles(parseVocab(readFileSync(`${prefix}.vocab`, 'utf8')), [
      '▁a:',
    ]);
    const agreement = checkAgreement(
      new Tokenizer(tokenizer, config),
      `${prefix}.model`,
      [...lines, 'a: 日本 x'],
      ['▁a:'],
    );
    expect(agreement.lines).toBe(lines.length);
    expect(agreement.differences).toEqual([]);
    expect(agreement.equal).toBe(lines.length);
  });
});

const path = join(import.meta.dirname, '../../../public/models/demo-teacher/tokenizer.json');
describe("the embedded models' tokenizer", () => {
  it('has labels, decoder prefix, prompt words and markers as single pieces', () => {
    const json = JSON.parse(readFileSync(path, 'utf8')) as { model: { vocab: Piece[] } };
    const loaded = new Tokenizer(
      json,
      JSON.parse(readFileSync(path.replace('.json', '_config.json'), 'utf8')),
    );
    const single = [...promptWords, ...embeddedTemplates.flatMap(({ labels }) => labels), 'passage'];
    for (const word of single) expect(loaded.encode(word).ids.length, word).toBe(2);
    for (const marker of markerPieces) {
      expect(loaded.encode(marker.replace('▁', '').toUpperCase()).ids, marker).toEqual([
        json.model.vocab.findIndex(([piece]) => piece === marker),
        1,
      ]);
    }
  });
});
