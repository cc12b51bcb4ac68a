/** The result as a checkpoint folder that `export` reads: weights, config, tokenizer, card. */
import { basename, join, resolve } from 'node:path';
import type { SourceInfo } from '../../src/formats/label-line.ts';
import type { PromptLimits } from '../../src/inference/scorer.ts';
import { float32 } from '../../src/onnx/tensor.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import { withoutTrained } from '../../src/ranking/templates.ts';
import { writeT5Config } from '../../src/t5/config.ts';
import { safetensorsPieces } from '../../src/t5/safetensors.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import type { CardDraft } from '../checkpoint/card-draft.ts';
import { writeAtomic, writeAtomicPieces } from '../node/atomic.ts';
import { textDigest } from '../node/digests.ts';
import type { Base } from './base.ts';
import { type Identity, inputsOf } from './record.ts';
import { type Settings, withoutIdle } from './settings.ts';
import { thinned } from './train-log.ts';
import type { TrainRequest, TrainSummary } from './train-request.ts';

/** Points of the loss curve that a card keeps. */
const CURVE_POINTS = 100;

/** Writes the weights as they are now, as F32. @returns their SHA-256 */
export async function writeWeights(path: string, { parameters }: TrainableModel): Promise<string> {
  const weights = new Map(
    parameters.list.map(({ name, dims }) => [name, float32(dims, parameters.view(name))]),
  );
  return (await writeAtomicPieces(path, owned(safetensorsPieces(weights)))).sha256;
}

/** Copies of pieces that lie in memory shared with other threads: the system's calls do not take those. */
function* owned(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) yield piece.buffer instanceof ArrayBuffer ? piece : Uint8Array.from(piece);
}

/** Everything but the weights. */
export async function writeFolder(output: string, base: Base, card: CardDraft): Promise<void> {
  await writeAtomic(join(output, 'config.json'), `${JSON.stringify(writeT5Config(base.config), null, 2)}\n`);
  await writeAtomic(join(output, 'tokenizer.json'), base.tokenizerJson);
  await writeAtomic(join(output, 'tokenizer_config.json'), base.tokenizerConfigJson);
  await writeAtomic(join(output, 'card.json'), `${JSON.stringify(card, null, 1)}\n`);
}

export interface CardInput {
  readonly request: TrainRequest;
  readonly base: Base;
  readonly template: PromptTemplate;
  readonly limits: PromptLimits;
  readonly settings: Settings;
  readonly sources: readonly SourceInfo[];
  readonly identity: Identity;
  readonly lists: { readonly training: number; readonly validation: number };
  readonly command: string;
  /** Day of the beginning, YYYY-MM-DD. */
  readonly date: string;
}

const LOSS_NAMES = {
  ranknet: 'RankNet',
  'ranknet-soft': 'RankNet on the teacher’s probabilities',
  listnet: 'ListNet',
  softmax: 'softmax cross-entropy',
  margin: 'a margin loss',
} as const;

/** The card that `export` makes ranker.json and README.md of. */
export function studentCard(
  { request, base, template, limits, settings, sources, identity, lists, command, date }: CardInput,
  { steps, best, validation }: Pick<TrainSummary, 'steps' | 'best' | 'validation'>,
  losses: readonly (readonly [step: number, loss: number])[],
): CardDraft {
  const files = inputsOf(request);
  const teachers = [...new Set(sources.map(({ name }) => name))].join(', ');
  const labels = String(identity['the labels']);
  return {
    name: request.name ?? basename(resolve(request.output!)),
    role: 'student',
    description:
      `${base.card.name}, trained with ${LOSS_NAMES[settings.loss]} to rank the passages of ${lists.training} queries as ` +
      `${teachers} ranks them, one call per passage (instruction distillation, Sun et al. 2023).`,
    license: request.license ?? base.card.license,
    templates: [withoutTrained(template)],
    limits,
    provenance: {
      base: base.card.name,
      baseSha256: base.digests.weights,
      teacher: teachers,
      data: [
        {
          name: files.map((file) => basename(file)).join(', '),
          license: 'as the texts in it',
          use: `${lists.training} queries with their passages, as ranked by ${teachers}; ${lists.validation} more to validate`,
        },
        ...base.card.provenance.data.map((one) => ({ ...one, use: `of the base: ${one.use}` })),
      ],
      labels: {
        sha256: files.length === 1 ? labels : textDigest(labels),
        source: sources
          .map(({ kind, name, digest }) => `${kind} by ${name} (${digest.slice(0, 12)})`)
          .join(', '),
      },
      steps: best?.step ?? steps.done,
      seed: settings.seed,
      lossCurve: thinned(losses, CURVE_POINTS),
      validation,
      settings: {
        ...withoutIdle(settings),
        precision: settings.dropout > 0 ? 'fp32' : 'fp32, no dropout',
        steps: steps.total,
        select: best?.by ?? 'last',
      },
      command,
      date,
    },
    evaluation: [],
  };
}
