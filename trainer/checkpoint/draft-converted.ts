/** The card of a converted model: what its files and its name tell, and what the caller says. */
import { basename, resolve } from 'node:path';
import type { CardTemplate, CheckpointRole, RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { maxTokensOf, presetsByIds, type Recognised, recognise } from './recognise.ts';

export interface CardWishes {
  readonly input: string;
  readonly output: string;
  readonly name?: string;
  readonly role?: CheckpointRole;
  readonly templates?: string;
}

export type ConvertedDraft = Omit<RankerCard, 'format' | 'version' | 'scorers' | 'files'>;

/** @throws RankscopeError 'bad-input' for an unknown template. */
export function draftConverted(
  { config, license }: { readonly config: Readonly<Record<string, unknown>>; readonly license?: string },
  wishes: CardWishes,
): { readonly draft: ConvertedDraft; readonly recognised: Recognised } {
  const { input, output, templates } = wishes;
  const recognised = recognise(input, config);
  const source = basename(resolve(input));
  const draft: ConvertedDraft = {
    name: wishes.name ?? source,
    role: wishes.role ?? recognised.role,
    description:
      templates === undefined ? recognised.description : `Converted from ${source}, a T5 of Hugging Face.`,
    license: license ?? 'unknown',
    templates: templates === undefined ? offered(recognised) : presetsByIds(templates),
    limits: { maxTokens: maxTokensOf(config) },
    provenance: {
      base:
        typeof config._name_or_path === 'string' && config._name_or_path !== ''
          ? config._name_or_path
          : source,
      data: [],
      steps: 0,
      seed: 0,
      command: `npm run trainer -- convert --input ${input} --output ${output}`,
      date: new Date().toISOString().slice(0, 10),
    },
    evaluation: [],
  };
  return { draft, recognised };
}

/** What a model can be asked, and whether that is known from its training. */
function offered({ templates, trained }: Recognised): readonly CardTemplate[] {
  return trained ? templates : templates.map((template) => ({ ...template, trained }));
}
