/**
 * Whole checkpoints for tests: a real T5 with random weights and a real tokenizer, small enough to
 * be made anew by every test. Nothing in them is trained: their rankings mean nothing.
 */
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { float32 } from '../../src/onnx/tensor.ts';
import {
  embeddedPairwise,
  embeddedRelevance,
  embeddedStudent,
  markerPieces,
  promptWords,
} from '../../src/ranking/embedded-templates.ts';
import { parseT5Config } from '../../src/t5/config.ts';
import type { NarrowSide } from '../../src/t5/forms.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import { parameterShapes } from '../../src/t5/names.ts';
import { makeT5, type T5Model } from '../../src/t5/weights.ts';
import { type Piece, specialPieces, tokenizerFiles } from '../../src/tokenizer/tokenizer-json.ts';
import { writeCheckpointFolder } from '../checkpoint/checkpoint-folder.ts';

export interface TinyOptions {
  readonly seed?: number;
  readonly role?: 'teacher' | 'student' | 'base';
  readonly dtypes?: readonly Dtype[];
  /** int8: the side with 7 bits. */
  readonly narrow?: NarrowSide;
  readonly maxTokens?: number;
  readonly maxPassageTokens?: number;
  /** Fields of config.json that differ from the tiny model's. */
  readonly config?: Readonly<Record<string, unknown>>;
}

const COMMON =
  'and of in for with on that are was as at by from it this be have not you can will one how what when water small large time day year people town house light cold'.split(
    ' ',
  );

/** The texts of tokenizer.json and tokenizer_config.json: Unigram over letters, endings and some words. */
export function tinyTokenizer(): { tokenizerJson: string; tokenizerConfigJson: string; size: number } {
  const letters = [...'etaoinshrdlucmfwypvbgkqjxz0123456789.,;:?!-()"\'/'];
  const endings = ['s', 'ed', 'ing', 'er', 'ly', 'tion', 'al', 'en', 'es', 'th', 'an', 'in', 'or', 'on'];
  const words = [...new Set([...promptWords, ...COMMON])].map((word) => `▁${word}`);
  const scored = (pieces: readonly string[], from: number) =>
    pieces.map((piece, i): Piece => [piece, from - i / 64]);
  const pieces = new Map<string, number>([
    ...specialPieces.map((piece): Piece => [piece, 0]),
    ...scored(letters, -7),
    ...scored(endings, -5),
    ...scored(words, -3),
    ['▁', -2.5] as const,
  ]);
  const { tokenizer, config } = tokenizerFiles([...pieces], markerPieces);
  return {
    tokenizerJson: JSON.stringify(tokenizer),
    tokenizerConfigJson: JSON.stringify(config),
    size: pieces.size + markerPieces.length,
  };
}

/** Random weights whose logits differ from prompt to prompt by about 1. */
export function tinyModel({ seed = 1, config = {} }: TinyOptions = {}): T5Model {
  const json = {
    model_type: 't5',
    vocab_size: tinyTokenizer().size,
    d_model: 64,
    d_kv: 16,
    d_ff: 128,
    num_heads: 4,
    num_layers: 2,
    num_decoder_layers: 1,
    feed_forward_proj: 'gated-gelu',
    tie_word_embeddings: true,
    scale_decoder_outputs: true,
    ...config,
  };
  const random = seededRandom(seed);
  const weights = new Map(
    [...parameterShapes(parseT5Config(json, 'tiny/config.json'))].map(([name, dims]) => {
      const size = dims.reduce((product, dim) => product * dim, 1);
      const isNorm = name.endsWith('norm.weight');
      const spread = isNorm || dims.length < 2 ? 0.1 : name === 'shared.weight' ? 1 : dims.at(-1)! ** -0.5;
      const data = Float32Array.from({ length: size }, () => (isNorm ? 1 : 0) + spread * random.normal());
      return [name, float32(dims, data)] as const;
    }),
  );
  return makeT5(json, weights, 'tiny/');
}

/** The card but for what follows from the files. */
export function tinyCard({
  role = 'teacher',
  seed = 1,
  ...options
}: TinyOptions = {}): Omit<RankerCard, 'format' | 'version' | 'scorers' | 'files'> {
  const { maxTokens = 192, maxPassageTokens } = options;
  return {
    name: `tiny-${role}`,
    role,
    description: 'Random weights, for tests.',
    license: 'Apache-2.0',
    templates: role === 'student' ? [embeddedStudent] : [embeddedPairwise, embeddedRelevance],
    limits: maxPassageTokens === undefined ? { maxTokens } : { maxTokens, maxPassageTokens },
    provenance: { data: [], steps: 0, seed, command: 'tiny-checkpoint.ts', date: '2026-01-01' },
    evaluation: [],
  };
}

/** Writes a checkpoint folder and returns its card. */
export async function writeTinyCheckpoint(folder: string, options: TinyOptions = {}): Promise<RankerCard> {
  const { tokenizerJson, tokenizerConfigJson } = tinyTokenizer();
  return writeCheckpointFolder(folder, {
    model: tinyModel(options),
    tokenizerJson,
    tokenizerConfigJson,
    dtypes: options.dtypes ?? ['fp32', 'int8', 'q8', 'q4'],
    narrow: options.narrow,
    weights: 'F32',
    card: tinyCard(options),
  });
}
