/**
 * Does Hugging Face transformers load what our export writes, and read the same from it? Two folders:
 * the embedded teacher as published (bf16 weights), and one of FLAN-T5-small's shape with random
 * weights and its real tokenizer. Compared are token ids, and logits with our fp32 scorer's.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint.ts';
import { promptText } from '../../src/ranking/render.ts';
import { ofKind } from '../../src/ranking/template.ts';
import { defaultTemplate, renderPrompt } from '../../src/ranking/templates.ts';
import { writeCheckpointFolder } from '../../trainer/checkpoint/checkpoint-folder.ts';
import { readSource } from '../../trainer/checkpoint/read-source.ts';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { tinyCard } from '../../trainer/testing/tiny-checkpoint.ts';
import { WORK } from '../label-job.ts';
import { sampleJob } from '../sample-job.ts';
import { flanT5Small, randomModel } from '../shapes.ts';
import { largestDifference, Peer, peerMissing } from './peer.ts';

const TEACHER = new URL('../../public/models/demo-teacher/', import.meta.url).pathname;
const TOKENIZER = new URL('../../../shared/data/flan-t5-small-tokenizer/', import.meta.url).pathname;
const PROMPTS = 4;

export async function checkHfLoad() {
  const missing = peerMissing();
  if (missing) return { skipped: missing };
  const small = existsSync(TOKENIZER)
    ? await compare(await writeSmall())
    : { skipped: 'there is no ../shared/data/flan-t5-small-tokenizer' };
  return { 'demo-teacher': await compare(await teacherWithFp32()), 'FLAN-T5-small shape': small };
}

/** The published folder's own files, and beside them an fp32 scorer made from them. */
async function teacherWithFp32(): Promise<string> {
  const folder = join(WORK, 'hf-teacher');
  const {
    scorers: _scorers,
    files: _files,
    ...card
  } = parseRankerCard(readFileSync(join(TEACHER, 'ranker.json'), 'utf8'), 'ranker.json');
  // bf16 again: the values are bf16 already, so the file is byte for byte the published one.
  await writeCheckpointFolder(folder, {
    ...(await readSource(TEACHER)),
    dtypes: ['fp32'],
    weights: 'BF16',
    card,
  });
  const weights = 'model.safetensors';
  if (!readFileSync(join(folder, weights)).equals(readFileSync(join(TEACHER, weights)))) {
    throw new Error('the export of the published weights is not the published file');
  }
  return folder;
}

async function writeSmall(): Promise<string> {
  const folder = join(WORK, 'hf-small');
  const read = (file: string) => readFileSync(join(TOKENIZER, file), 'utf8');
  await writeCheckpointFolder(folder, {
    model: randomModel(flanT5Small.config),
    tokenizerJson: read('tokenizer.json'),
    tokenizerConfigJson: read('tokenizer_config.json'),
    dtypes: ['fp32'],
    weights: 'F32',
    card: { ...tinyCard(), name: 'flan-small-shape', limits: { maxTokens: 512 } },
  });
  return folder;
}

async function compare(folder: string) {
  const { scorer, card } = await openCheckpoint(nodeFolder(folder), nodeRuntime(2), { dtype: 'fp32' });
  const template = ofKind(defaultTemplate('prp-allpair', card.templates), 'pairwise');
  const { query, candidates } = sampleJob();
  const prompts = Array.from({ length: PROMPTS }, (_, i) =>
    renderPrompt(template, query, [candidates[i]!.passage, candidates[i + 1]!.passage]),
  );
  const logits: number[][] = [];
  const tokens: number[] = [];
  // Without the checkpoint's cut of passages: what is compared is the whole prompt.
  const limits = { maxTokens: 512, maxPassageTokens: 512 };
  for await (const batch of scorer.score(prompts, { limits })) {
    for (const [row, index] of batch.indices.entries()) {
      const width = template.labels.length;
      logits[index] = [...batch.logits.subarray(row * width, (row + 1) * width)];
      tokens[index] = batch.tokens[row]!;
    }
  }
  const { tokenizer } = scorer;
  const ids = prompts.map((prompt) => [...tokenizer.encode(promptText(prompt)), tokenizer.eosId]);
  const peer = new Peer();
  try {
    await peer.ask('load', { folder, threads: 2 });
    const theirs = await peer.ask<{ ids: number[][]; logits: number[][] }>('logits', {
      texts: prompts.map(promptText),
      labels: template.labels.map((label) => tokenizer.labelId(label)),
      decoder: [0, ...tokenizer.encode(template.decoderPrefix)],
    });
    return {
      prompts: PROMPTS,
      tokens: tokens.join(', '),
      sameTokenIds: JSON.stringify(ids) === JSON.stringify(theirs.ids),
      largestLogit: Math.max(...logits.flat().map(Math.abs)),
      logitsDiffer: largestDifference(logits.flat(), theirs.logits.flat()),
    };
  } finally {
    peer.end();
    await scorer.dispose();
  }
}
