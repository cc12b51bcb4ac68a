/** The tokenizer made of a spiece.model: its tokens, its ids, and models that are refused because they are not T5's. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal, temporaryFolder } from '../../../trainer/testing/temporary.ts';
import { readCompanions } from './companions.ts';
import { PIECE } from './model.ts';
import { converter, small, words } from './testing/spiece-folder.ts';

const convert = converter(temporaryFolder().path);
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
});
