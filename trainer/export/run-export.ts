/** An export from weights to a listed, measured checkpoint folder. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import type { DtypeMeasure, RankerCard } from '../../src/inference/ranker-card.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import type { NarrowSide } from '../../src/t5/forms.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { count } from '../cli/progress.ts';
import { nodeRuntime } from '../node-runtime.ts';
import { draftCard } from './card-draft.ts';
import { writeCheckpointFolder } from './checkpoint-folder.ts';
import { compareScores, type ProbeModel, probeScores } from './measure.ts';
import { addToIndex, entryPath, readIndex } from './model-index.ts';
import { readSource } from './read-source.ts';

export interface ExportRequest {
  readonly checkpoint: string;
  readonly output: string;
  readonly dtypes: readonly Dtype[];
  readonly weights: 'F32' | 'BF16';
  readonly index?: string;
  readonly card?: string;
  readonly role?: 'teacher' | 'student' | 'base';
  readonly name?: string;
  readonly threads?: number;
}

/** Writes the folder, measures every dtype, completes the card, and lists it. Returns the card. */
export async function runExport(
  request: ExportRequest,
  say: (line: string) => void = () => {},
): Promise<RankerCard> {
  const { checkpoint, output, dtypes, index } = request;
  if (resolve(checkpoint) === resolve(output)) {
    throw new RankscopeError('bad-input', `${output} is the checkpoint itself; choose another --output.`);
  }
  const source = await readSource(checkpoint);
  const draft = await draftCard(checkpoint, { ...request, file: request.card });
  for (const { labels } of draft.templates) for (const label of labels) source.tokenizer.labelId(label);
  if (index !== undefined) {
    entryPath(index, output);
    await readIndex(index);
  }
  const probe = { config: source.model.config, tokenizer: source.tokenizer, card: draft };
  const measure = await measurer(probe, buildScorer(source.model, 'fp32'), request.threads);
  const narrow = dtypes.includes('int8') ? await betterSide(source.model, measure) : undefined;
  const measureAll = async ({ scorers }: Pick<RankerCard, 'scorers'>) => {
    const measures: Partial<Record<Dtype, DtypeMeasure>> = {};
    for (const dtype of dtypes) {
      const result = await measure(new Uint8Array(await readFile(join(output, scorers[dtype]!))));
      measures[dtype] = result;
      say(
        `${dtype.padEnd(5)} ${count(result.bytes).padStart(13)} bytes   error ${(100 * result.scoreError).toFixed(2)} % ` +
          `of the scores' standard deviation, ${(100 * result.agreement).toFixed(1)} % decided as in fp32`,
      );
    }
    return measures;
  };
  const content = { ...source, ...request, narrow, card: draft, measure: measureAll };
  const card = await writeCheckpointFolder(output, content);
  if (index !== undefined) {
    const entry = await addToIndex(index, output, card);
    say(`${entry.id} (${entry.role}, ${count(entry.bytes)} bytes to download) is listed in ${index}.`);
  }
  say(`Written to ${output}.`);
  return card;
}

/** Which side of int8 loses less by having 7 bits, in this model. */
async function betterSide(model: T5Model, measure: Measure): Promise<NarrowSide> {
  const error = async (narrow: NarrowSide) =>
    (await measure(buildScorer(model, 'int8', { narrow }))).scoreError;
  return (await error('activations')) < (await error('weights')) ? 'activations' : 'weights';
}

type Measure = (bytes: Uint8Array) => Promise<DtypeMeasure>;

/** Measures scorers against fp32, whose scores are computed once. */
async function measurer(probe: ProbeModel, fp32: Uint8Array, threads?: number): Promise<Measure> {
  const runtime = nodeRuntime(threads);
  const reference = await probeScores(fp32, probe, runtime);
  return async (bytes) =>
    compareScores(bytes.length, await probeScores(bytes, probe, runtime), reference, probe.card.templates);
}
