/** The checkpoint that training starts from: ours, or a T5 of Hugging Face; its weights are read later. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { draftConverted } from '../../src/checkpoint/draft-converted.ts';
import { openWeights } from '../../src/checkpoint/find-weights.ts';
import { readConfig, readLicense, readTokenizer } from '../../src/checkpoint/hf-folder.ts';
import type { T5Config } from '../../src/t5/config.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import type { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { planModel } from '../../src/weights/plan-model.ts';
import { headIsShared, readModel } from '../../src/weights/read-model.ts';
import { type CardDraft, draftCard } from '../checkpoint/card-draft.ts';
import { fileDigest, textDigest } from '../node/digests.ts';
import { nodeFolder } from '../node/folder.ts';

export interface Base {
  readonly folder: string;
  readonly config: T5Config;
  /** Number of weights. */
  readonly size: number;
  /** What the folder says of itself, or what is known of a T5 of Hugging Face. */
  readonly card: CardDraft;
  readonly tokenizer: T5Tokenizer;
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
  /** SHA-256 of the weights' file (of several, of their digests), of config.json and of tokenizer.json. */
  readonly digests: { readonly weights: string; readonly config: string; readonly tokenizer: string };
  /** All weights as fp32. */
  load(signal?: AbortSignal): Promise<T5Model>;
}

/** @throws RankscopeError 'missing' or 'bad-checkpoint' naming the file and what to do */
export async function openBase(folder: string): Promise<Base> {
  const reader = nodeFolder(folder, '');
  const json = await readConfig(reader);
  const files = await openWeights(reader);
  try {
    const plan = planModel(json, files.tensors, `${reader.name}config.json`);
    // `readModel` drops a head that is there twice: what is trained and written must not have it either.
    const tied = await headIsShared(plan);
    const config = tied ? { ...plan.config, tiedHead: true } : plan.config;
    const size = tied ? plan.size - config.vocabSize * config.dModel : plan.size;
    const tokenizer = await readTokenizer(reader, plan.config.vocabSize);
    const weights = await Promise.all(files.paths.map(fileDigest));
    return {
      folder,
      config,
      size,
      ...tokenizer,
      card: await cardOf(folder, json),
      digests: {
        weights: weights.length === 1 ? weights[0]! : textDigest(weights.join('\n')),
        config: await fileDigest(join(folder, 'config.json')),
        tokenizer: textDigest(tokenizer.tokenizerJson),
      },
      async load(signal) {
        const again = await openWeights(reader);
        try {
          const { name } = reader;
          return await readModel(planModel(json, again.tensors, `${name}config.json`), json, name, {
            signal,
          });
        } finally {
          await again.close();
        }
      },
    };
  } finally {
    await files.close();
  }
}

async function cardOf(folder: string, json: Readonly<Record<string, unknown>>): Promise<CardDraft> {
  const own = ['card.json', 'ranker.json'].some((file) => existsSync(join(folder, file)));
  if (own) return draftCard(folder, { output: folder, name: undefined });
  const name = basename(resolve(folder));
  const { draft } = draftConverted(
    { config: json, license: await readLicense(nodeFolder(folder)) },
    {
      source: resolve(folder),
      command: `npm run trainer -- convert --input ${folder} --output ${folder}`,
      name,
    },
  );
  return draft;
}
