/**
 * Cross-encoders in transformers.js' text-classification layout for tests: one layer of a BERT with random weights, and a real
 * tokenizer, made anew by every test. Nothing in them is trained: their rankings mean nothing.
 */
import { encodeModel } from '../../src/onnx/encode.ts';
import { Graph, type Value } from '../../src/onnx/graph.ts';
import * as op from '../../src/onnx/ops.ts';
import { float32 } from '../../src/onnx/tensor.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import { tinyTokenizer } from './tiny-checkpoint.ts';

export interface TinyCrossEncoderOptions {
  /** `bert`: WordPiece and token types; `xlm-roberta`: Unigram, two separators and none. */
  readonly family?: 'bert' | 'xlm-roberta';
  readonly seed?: number;
  /** Labels of the head. */
  readonly outputs?: number;
  readonly maxTokens?: number;
  /** Fields of config.json that differ. */
  readonly config?: Readonly<Record<string, unknown>>;
}

const WIDTH = 32;
const HEADS = 2;
const INNER = 64;
const POSITIONS = 130;

/** Files by path. */
export function tinyCrossEncoder({
  family = 'bert',
  seed = 1,
  outputs = 1,
  maxTokens = 128,
  config,
}: TinyCrossEncoderOptions = {}): Map<string, Uint8Array<ArrayBuffer>> {
  const { tokenizer, size, padId } = family === 'bert' ? wordPiece() : unigram();
  const json = {
    architectures: [`${family === 'bert' ? 'Bert' : 'XLMRoberta'}ForSequenceClassification`],
    model_type: family,
    vocab_size: size,
    hidden_size: WIDTH,
    num_attention_heads: HEADS,
    num_hidden_layers: 1,
    intermediate_size: INNER,
    max_position_embeddings: POSITIONS,
    type_vocab_size: 2,
    pad_token_id: padId,
    id2label: Object.fromEntries(Array.from({ length: outputs }, (_, i) => [i, `LABEL_${i}`])),
    ...config,
  };
  const tokenizerConfig = {
    tokenizer_class: family === 'bert' ? 'BertTokenizer' : 'XLMRobertaTokenizer',
    model_max_length: maxTokens,
    ...(family === 'bert'
      ? { unk_token: '[UNK]', pad_token: '[PAD]', cls_token: '[CLS]', sep_token: '[SEP]' }
      : { unk_token: '<unk>', pad_token: '<pad>', bos_token: '<s>', eos_token: '</s>' }),
  };
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  return new Map([
    ['config.json', text(json)],
    ['tokenizer.json', text(tokenizer)],
    ['tokenizer_config.json', text(tokenizerConfig)],
    ['onnx/model.onnx', classifierGraph({ size, outputs, seed, types: family === 'bert' })],
  ]);
}

const WORDS =
  'the and of in for with on that is are was as at by from it this be have not you can will one how what which when water small large time day year people town house light cold river pool bath warm open'.split(
    ' ',
  );

/** BERT's: words and pieces of words, lower-cased. */
function wordPiece() {
  const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
  const marks = [...'.,;:?!-()"\'/'];
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const pieces = [
    ...special,
    ...marks,
    ...letters,
    ...letters.map((one) => `##${one}`),
    '##s',
    '##ing',
    '##ed',
    ...WORDS,
  ];
  const vocab = Object.fromEntries([...new Set(pieces)].map((piece, id) => [piece, id]));
  const token = (content: string) => [content, { id: content, ids: [vocab[content]], tokens: [content] }];
  const at = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [at('[CLS]', 0), sequence('A', 0), at('[SEP]', 0)];
  const tokenizer = {
    version: '1.0',
    added_tokens: special.map((content, id) => ({ id, content, special: true, ...PLAIN })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, sequence('B', 1), at('[SEP]', 1)],
      special_tokens: Object.fromEntries(['[CLS]', '[SEP]'].map(token)),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
  return { tokenizer, size: Object.keys(vocab).length, padId: 0 };
}

const PLAIN = { single_word: false, lstrip: false, rstrip: false, normalized: false };

/** XLM-R's: `<s> a </s></s> b </s>`, and `<s>` is a piece that T5's tokenizer has not. */
function unigram() {
  const { tokenizerJson, size } = tinyTokenizer();
  const tokenizer = JSON.parse(tokenizerJson) as {
    added_tokens: object[];
    model: { vocab: [string, number][] };
    post_processor: unknown;
  };
  tokenizer.model.vocab.push(['<s>', 0]);
  tokenizer.added_tokens.push({ id: size, content: '<s>', special: true, ...PLAIN });
  tokenizer.post_processor = { type: 'RobertaProcessing', sep: ['</s>', 1], cls: ['<s>', size] };
  return { tokenizer, size: size + 1, padId: 0 };
}

interface GraphOptions {
  readonly size: number;
  readonly outputs: number;
  readonly seed: number;
  readonly types: boolean;
}

/** Embeddings, one layer of attention and feed-forward, a pooled first token, a head. */
function classifierGraph({ size, outputs, seed, types }: GraphOptions): Uint8Array<ArrayBuffer> {
  const { normal } = seededRandom(seed);
  const g = new Graph();
  const random = (hint: string, dims: readonly number[], scale: number) =>
    g.constant(
      hint,
      float32(
        dims,
        Float32Array.from({ length: dims.reduce((p, q) => p * q, 1) }, () => scale * normal()),
      ),
    );
  const matrix = (hint: string, rows: number, columns: number) =>
    random(hint, [rows, columns], 1.5 / Math.sqrt(rows));
  const ids = g.input('input_ids', 'int64', ['B', 'L']);
  const mask = g.input('attention_mask', 'int64', ['B', 'L']);
  const positions = op.range(g, op.dimOf(g, ids, 1), 'L');
  let x = op.add(
    g,
    op.gather(g, random('words', [size, WIDTH], 1), ids),
    op.gather(g, random('positions', [POSITIONS, WIDTH], 0.1), positions),
  );
  if (types) {
    const kinds = g.input('token_type_ids', 'int64', ['B', 'L']);
    x = op.add(g, x, op.gather(g, random('types', [2, WIDTH], 0.5), kinds));
  }
  x = layerNorm(g, x);
  const heads = (value: Value) =>
    op.transpose(g, op.reshape(g, value, ['B', 'L', HEADS, WIDTH / HEADS]), [0, 2, 1, 3]);
  const [q, k, v] = ['q', 'k', 'v'].map((hint) => heads(op.matmul(g, x, matrix(hint, WIDTH, WIDTH))));
  const hidden = op.mul(
    g,
    op.sub(g, op.cast(g, op.unsqueeze(g, mask, [1, 2]), 'float32'), op.scalar(g, 1)),
    op.scalar(g, 1e9),
  );
  const scores = op.mul(
    g,
    op.matmul(g, q!, op.transpose(g, k!, [0, 1, 3, 2])),
    op.scalar(g, Math.sqrt(HEADS / WIDTH)),
  );
  const mixed = op.matmul(g, op.softmax(g, op.add(g, scores, hidden)), v!);
  const joined = op.reshape(g, op.transpose(g, mixed, [0, 2, 1, 3]), ['B', 'L', WIDTH]);
  x = layerNorm(g, op.add(g, x, op.matmul(g, joined, matrix('o', WIDTH, WIDTH))));
  const inner = op.relu(g, op.matmul(g, x, matrix('up', WIDTH, INNER)));
  x = layerNorm(g, op.add(g, x, op.matmul(g, inner, matrix('down', INNER, WIDTH))));
  const first = op.gather(g, x, op.intScalar(g, 0), 1);
  const pooled = op.tanh(g, op.matmul(g, first, matrix('pooler', WIDTH, WIDTH)));
  g.output(op.matmul(g, pooled, matrix('head', WIDTH, outputs)), 'logits');
  return encodeModel(g);
}

function layerNorm(g: Graph, x: Value): Value {
  const centred = op.sub(g, x, op.reduceMean(g, x, [-1]));
  const variance = op.reduceMean(g, op.mul(g, centred, centred), [-1]);
  return op.div(g, centred, op.sqrt(g, op.add(g, variance, op.scalar(g, 1e-12))));
}
