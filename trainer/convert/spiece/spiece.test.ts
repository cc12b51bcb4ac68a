/** spiece.model: read as data, refused where it is damaged or not T5's, never trusted. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../../../src/errors.ts';
import {
  delimited,
  int,
  message,
  type PieceToWrite,
  type SpieceOptions,
  spieceBytes,
  T5_SPECIAL,
} from '../testing/spiece-writer.ts';
import { refusal, temporaryFolder } from '../testing/temporary.ts';
import { Charsmap } from './charsmap.ts';
import { readCompanions } from './companions.ts';
import { PIECE, readSentencePiece } from './model.ts';
import { readSpieceTokenizer } from './read-folder.ts';
import { t5TokenizerFiles } from './t5-tokenizer.ts';

const root = temporaryFolder().path;
let made = 0;

const words: readonly PieceToWrite[] = [
  ['▁', -2],
  ['▁a', -3],
  ['b', -4],
  ['a', -4.5],
  ['▁water', -5.25],
].map(([piece, score]) => ({ piece: piece as string, score: score as number }));
const small = [...T5_SPECIAL, ...words];

function folderOf(bytes: Uint8Array, beside: Readonly<Record<string, unknown>> = {}): string {
  const folder = join(root, `spiece-${++made}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'spiece.model'), bytes);
  for (const [file, json] of Object.entries(beside)) writeFileSync(join(folder, file), JSON.stringify(json));
  return folder;
}

const convert = (
  pieces: readonly PieceToWrite[],
  options: SpieceOptions = {},
  beside = {},
  vocabSize = 128,
) => readSpieceTokenizer(folderOf(spieceBytes(pieces, options), beside), vocabSize);
const tokens = async (files: ReturnType<typeof convert>) =>
  (JSON.parse((await files).tokenizerJson) as { model: { vocab: [string, number][] } }).model.vocab;

describe('the tokenizer of a spiece.model', () => {
  it('has its pieces by id and behind them <extra_id_99> to <extra_id_0>', async () => {
    const vocab = await tokens(convert(small));
    expect(vocab.slice(0, 8)).toEqual(small.map(({ piece, score }) => [piece, score]));
    expect(vocab.length).toBe(108);
    expect([vocab[8], vocab[107]]).toEqual([
      ['<extra_id_99>', 0],
      ['<extra_id_0>', 0],
    ]);
  });

  it('segments as SentencePiece does, drops space at the end, finds special tokens', async () => {
    const { tokenizer } = await convert(small);
    const cases: readonly (readonly [string, readonly number[]])[] = [
      ['water ab', [7, 4, 5]],
      ['  water   ', [7]],
      ['water   a ', [7, 4]],
      ['', []],
      [' ', []],
      ['ba', [3, 5, 6]],
      ['a</s> a ', [4, 1, 4]],
      ['<extra_id_0>b', [107, 3, 5]],
      ['qqq', [3, 2]],
    ];
    for (const [text, ids] of cases) {
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.encodeWhole(text), JSON.stringify(text)).toEqual(ids);
    }
  });

  it('gives the same ids word by word as whole', async () => {
    const { tokenizer } = await convert([...small, { piece: '<sep>', score: 0, type: PIECE.userDefined }]);
    const part = fc.constantFrom(
      'a',
      'b',
      'water',
      ' ',
      '  ',
      'é',
      '</s>',
      '<sep>',
      '\n',
      '\u00a0',
      '…',
      'q',
    );
    const texts = fc.array(part, { maxLength: 20 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        expect(tokenizer.encode(text)).toEqual(tokenizer.encodeWhole(text));
      }),
      { numRuns: 500 },
    );
  });

  it('reads what lies beside it', async () => {
    const config = { extra_ids: 2, model_max_length: 1024, eos_token: { content: '</s>' }, legacy: true };
    const { tokenizerConfigJson } = await convert(small, {}, { 'tokenizer_config.json': config });
    expect(JSON.parse(tokenizerConfigJson)).toMatchObject({
      extra_ids: 2,
      model_max_length: 1024,
      additional_special_tokens: ['<extra_id_0>', '<extra_id_1>'],
      tokenizer_class: 'T5Tokenizer',
    });
    // What older versions of transformers write: a model_max_length of 1e30 for none.
    expect(readCompanions('x/', { 'tokenizer_config.json': { model_max_length: 1e30 } }).modelMaxLength).toBe(
      512,
    );
    const listed = { additional_special_tokens: ['<extra_id_0>', '<extra_id_1>', '<extra_id_2>'] };
    expect(await tokens(convert(small, {}, { 'special_tokens_map.json': listed }))).toHaveLength(11);
    const added = { '<extra_id_0>': 107, '</s>': 1 };
    expect(await tokens(convert(small, {}, { 'added_tokens.json': added }))).toHaveLength(108);
  });
});

describe('a spiece.model that is not used', () => {
  const without = (name: string) => small.filter(({ piece }) => piece !== name);
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['BPE', () => convert(small, { trainer: { 3: 2 } }), /kind bpe, not unigram/],
    ['byte_fallback', () => convert(small, { trainer: { 35: 1 } }), /as bytes \(byte_fallback\)/],
    [
      'byte pieces',
      () => convert([...small, { piece: '<0x0A>', score: 0, type: PIECE.byte }]),
      /byte_fallback/,
    ],
    [
      'unused pieces',
      () => convert([...small, { piece: 'x', score: 0, type: PIECE.unused }]),
      /“x” is marked as unused/,
    ],
    ['space behind words', () => convert(small, { trainer: { 24: 1 } }), /treat_whitespace_as_suffix/],
    ['no space before a text', () => convert(small, { normalizer: { 3: 0 } }), /add_dummy_prefix is false/],
    ['runs of spaces', () => convert(small, { normalizer: { 4: 0 } }), /remove_extra_whitespaces is false/],
    ['spaces not marked', () => convert(small, { normalizer: { 5: 0 } }), /escape_whitespaces is false/],
    ['a piece twice', () => convert([...small, words[1]!]), /“▁a” would be token 4 and token 8/],
    [
      'extra ids of its own',
      () => convert([...small, { piece: '<extra_id_7>', score: 0, type: PIECE.userDefined }]),
      /Write "extra_ids": 0/,
    ],
    [
      'another unknown id',
      () => convert(small, { trainer: { 40: 0 } }),
      /should be the one piece 0, it has id 2/,
    ],
    [
      'another end id',
      () => convert(small, { trainer: { 42: 5 } }),
      /<\/s> is piece 1, and its trainer says 5/,
    ],
    ['no padding', () => convert(without('<pad>'), { trainer: { 40: 1, 42: 0, 43: -1 } }), /no piece <pad>/],
    [
      'more tokens than the model',
      () => convert(small, {}, {}, 107),
      /108 tokens .* vocab_size 107.*"extra_ids": 0/,
    ],
    [
      'tokens of its own beside it',
      () => convert(small, {}, { 'special_tokens_map.json': { additional_special_tokens: ['<new>'] } }),
      /special_tokens_map\.json: the token “<new>” is not in spiece\.model/,
    ],
    [
      'added tokens elsewhere',
      () => convert(small, {}, { 'added_tokens.json': { '<extra_id_0>': 5 } }),
      /added_tokens\.json: the token “<extra_id_0>” should have id 5, and in spiece\.model has 107/,
    ],
    [
      'extra_ids that are no number',
      () => convert(small, {}, { 'tokenizer_config.json': { extra_ids: 1e9 } }),
      /tokenizer_config\.json: extra_ids is 1000000000/,
    ],
  ];
  it.each(cases)('%s', async (_, work, words) => {
    expect(await refusal(work)).toMatch(words);
  });

  const read = (bytes: Uint8Array) => () => readSentencePiece(bytes, 'x/spiece.model');
  const damaged: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['empty', new Uint8Array(), /it has no pieces/],
    ['a web page', new TextEncoder().encode('<!doctype html>'), /unknown wire type 4 at byte 0/],
    ['cut off', spieceBytes(small).subarray(0, 30), /ends in the middle of a field .* begins at byte 16/],
    [
      'a length beyond the end',
      Uint8Array.from([10, 255, 255, 255, 255, 15]),
      /ends in the middle .* at byte 0/,
    ],
    ['an endless number', new Uint8Array(20).fill(255), /more than 10 bytes at byte 0/],
    [
      'a score that is none',
      spieceBytes([{ piece: 'x', score: Number.NaN }]),
      /gives piece 0 the score NaN at byte 0/,
    ],
    ['an empty piece', spieceBytes([{ piece: '', score: 1 }]), /empty piece \(id 0\) at byte 0/],
    ['a type that is none', spieceBytes([{ piece: 'x', score: 1, type: 9 }]), /unknown type 9/],
    [
      'no UTF-8',
      message(1, [delimited(1, Uint8Array.of(255))]),
      /text in field 1 that is not UTF-8 at byte 2/,
    ],
    ['a number for a piece', int(1, 7), /a number in field 1, where text or a message belongs at byte 0/],
    ['a text for a type', message(1, [delimited(3, Uint8Array.of(65))]), /no whole number in field 3/],
    ['zeros', spieceBytes([{ piece: 'x', score: 0 }]).fill(0), /field with number 0 at byte 0/],
  ];
  it.each(damaged)('says where: %s', async (_, bytes, words) => {
    expect(await refusal(read(bytes))).toMatch(words);
    expect(await refusal(read(bytes))).toMatch(/^x\/spiece\.model: .*download it again\.$/);
  });

  const many = (piece: Uint8Array, count: number) => {
    const bytes = new Uint8Array(piece.length * count);
    for (let at = 0; at < bytes.length; at += piece.length) bytes.set(piece, at);
    return bytes;
  };

  it('more pieces, or longer ones, than any vocabulary', async () => {
    const short = message(1, [delimited(1, Uint8Array.of(120))]);
    expect(await refusal(read(many(short, 2 ** 19 + 1)))).toMatch(/more than 524288 pieces at byte 2621440/);
    const long = message(1, [delimited(1, new Uint8Array(1_000_000).fill(120))]);
    expect(await refusal(read(many(long, 5)))).toMatch(
      /more than 4000000 characters together at byte 4000032/,
    );
    const folder = folderOf(new Uint8Array(32 * 2 ** 20 + 1));
    expect(await refusal(() => readSpieceTokenizer(folder, 128))).toMatch(/has 33554433 bytes; no such file/);
  });

  it('bytes of any kind: only errors for people, within a moment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => attempt(bytes)),
      { numRuns: 2_000 },
    );
  });
});

/** Conversion of bytes that may be damaged; any error but ours fails. */
function attempt(bytes: Uint8Array): void {
  try {
    t5TokenizerFiles(readSentencePiece(bytes, 'x/spiece.model'), { extraIds: 100, modelMaxLength: 512 });
  } catch (error) {
    if (!(error instanceof RankscopeError)) throw error;
  }
}

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

const spm = spawnSync('spm_train', ['--help']).error === undefined;
describe.skipIf(!spm)('models of SentencePiece itself (skipped where spm_train is not installed)', () => {
  const stems = [
    'rank',
    'passage',
    'query',
    'light',
    'water',
    'stone',
    'river',
    'café',
    'naïve',
    '日本',
    'ﬁsh',
  ];
  const ends = ['', 's', 'ing', 'ed', 'er', 'ly', 'ness', '-like', "'s", ' 12', '½'];
  const lines = stems.flatMap((a, i) => ends.map((end, j) => `The ${a}${end} of ${stems[(i + j) % 11]}.`));
  writeFileSync(join(root, 'lines.txt'), lines.join('\n'));
  /** Trained in T5's settings. */
  const train = (name: string, ...options: readonly string[]) => {
    const fixed = ['--pad_id=0', '--eos_id=1', '--unk_id=2', '--bos_id=-1', '--hard_vocab_limit=false'];
    const files = [`--input=${join(root, 'lines.txt')}`, `--model_prefix=${join(root, name)}`];
    const { status, stderr } = spawnSync('spm_train', [...files, ...fixed, '--vocab_size=90', ...options]);
    if (status !== 0) throw new Error(String(stderr));
    return new Uint8Array(readFileSync(join(root, `${name}.model`)));
  };
  const ids = (name: string, texts: readonly string[]) => {
    const input = `${texts.join('\n')}\n`;
    const { stdout } = spawnSync(
      'spm_encode',
      [`--model=${join(root, `${name}.model`)}`, '--output_format=id'],
      { input },
    );
    return String(stdout)
      .split('\n')
      .slice(0, texts.length)
      .map((line) => line.split(' ').filter(Boolean).map(Number));
  };

  it('give the ids that spm_encode gives', async () => {
    const { tokenizer } = await readSpieceTokenizer(folderOf(train('nmt')), 256);
    const texts = [
      ...lines,
      'ＲＡＮＫ ﬁsh ½ ① … “q” 　x',
      '  two  spaces\u00a0\u00a0here\t ',
      '👍👍 ok 👋🏽',
      'cafe\u0301 \u0007bell\u200bzero',
      '日本語 русский',
      '',
      '   ',
      '▁▁x',
      'a~b～c',
    ];
    expect(texts.map((text) => tokenizer.encode(text))).toEqual(ids('nmt', texts));
  });

  it('of other kinds are refused', async () => {
    const refused = (name: string, ...options: string[]) => {
      const bytes = train(name, ...options);
      return refusal(() => readSpieceTokenizer(folderOf(bytes), 4096));
    };
    expect(await refused('bpe', '--model_type=bpe')).toContain('kind bpe');
    expect(await refused('bytes', '--byte_fallback', '--vocab_size=400')).toContain('byte_fallback');
    expect(await refused('fold', '--normalization_rule_name=nmt_nfkc_cf')).toMatch(
      /\(“nmt_nfkc_cf”\) turns “A/,
    );
    expect(await refused('nfkc', '--normalization_rule_name=nfkc')).toMatch(/\(“nfkc”\) turns “\\u\{1\}”/);
  });

  it('cut off or with flipped bits: only errors for people', () => {
    const bytes = train('whole');
    expect(existsSync(join(root, 'whole.model'))).toBe(true);
    const cut = fc.nat(bytes.length - 1).map((length) => bytes.slice(0, length));
    const flipped = fc
      .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)), { minLength: 1, maxLength: 4 })
      .map((flips) => {
        const copy = bytes.slice();
        for (const [at, bit] of flips) copy[at]! ^= 1 << bit;
        return copy;
      });
    fc.assert(fc.property(fc.oneof(cut, flipped), attempt), { numRuns: 15 });
    // The pieces stand at the beginning, and most flips above fall into the character map.
    const start = fc.nat(3_000).chain((at) => fc.nat(7).map((bit) => ({ at, bit })));
    fc.assert(
      fc.property(start, ({ at, bit }) => {
        const copy = bytes.slice(0, 3_000 + at);
        copy[at]! ^= 1 << bit;
        attempt(copy);
      }),
      { numRuns: 300 },
    );
  });
});
