/** The card of a converted model: what its files and its name tell, and what the caller says. */
import type { CardContent } from './build/write-checkpoint.ts';
import type { CardTemplate, CheckpointRole } from './ranker-card.ts';
import { lastPart, maxTokensOf, presetsByIds, type Recognised, recognise } from './recognise.ts';

export interface CardWishes {
  /** What is converted: a folder's path or address, or a repository on the hub. */
  readonly source: string;
  /** How to make it again, for the card. */
  readonly command: string;
  readonly name?: string;
  readonly role?: CheckpointRole;
  readonly templates?: string;
}

/** @throws RankscopeError 'bad-input' for an unknown template. */
export function draftConverted(
  { config, license }: { readonly config: Readonly<Record<string, unknown>>; readonly license?: string },
  wishes: CardWishes,
): { readonly draft: CardContent; readonly recognised: Recognised } {
  const { command, templates } = wishes;
  const recognised = recognise(wishes.source, config);
  const source = lastPart(wishes.source);
  const draft: CardContent = {
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
      command,
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
