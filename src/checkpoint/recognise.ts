/** What a T5 from Hugging Face is for, as far as its names and labels tell, and so how it is to be asked. */

import { RankscopeError } from '../errors.ts';
import { MONO_T5, PRP, RELEVANCE, STUDENT } from '../ranking/presets.ts';
import type { PromptTemplate } from '../ranking/template.ts';
import { PRESETS } from '../ranking/templates.ts';
import type { CheckpointRole } from './ranker-card.ts';

export type Kind = 'monot5' | 'rank-flan-t5' | 'flan-t5' | 'unknown';

export interface Recognised {
  readonly kind: Kind;
  readonly role: CheckpointRole;
  readonly templates: readonly PromptTemplate[];
  /** Whether the model was trained on these wordings; otherwise they are the paper's, to try. */
  readonly trained: boolean;
  readonly description: string;
}

const KINDS: Readonly<Record<Kind, Omit<Recognised, 'kind'>>> = {
  monot5: {
    // Relevance generation gives the same order by logit true − logit false.
    role: 'base',
    templates: [MONO_T5],
    trained: true,
    description: 'monoT5, trained to say true or false of a passage: one call per passage.',
  },
  'rank-flan-t5': {
    role: 'student',
    templates: [STUDENT],
    trained: true,
    description:
      'A student of Instruction Distillation by its authors: one call per passage, the logit of Yes.',
  },
  'flan-t5': {
    role: 'teacher',
    templates: [PRP, RELEVANCE, STUDENT],
    trained: false,
    description:
      'FLAN-T5, tuned on instructions of many kinds. The wordings are those of the Instruction Distillation paper, not of its training.',
  },
  unknown: {
    role: 'base',
    templates: [PRP, RELEVANCE, STUDENT],
    trained: false,
    description:
      'A T5 whose training is not known. The wordings are those of the Instruction Distillation paper, not of its training.',
  },
};

/**
 * @param source a folder's path or address, or a repository on the hub
 *
 * Looks at the folder's name first (a tuned model's config often still names its base), then at the
 * config's own name and labels.
 */
export function recognise(source: string, config: Readonly<Record<string, unknown>>): Recognised {
  const names = [lastPart(source), config._name_or_path, config.name_or_path].filter(
    (name) => typeof name === 'string',
  );
  const kind = names.map(kindOfName).find((found) => found !== 'unknown') ?? kindOfLabels(config.id2label);
  return { kind, ...KINDS[kind] };
}

/** `flan-t5-small` of `google/flan-t5-small` and of `C:\\models\\flan-t5-small\\`. */
export const lastPart = (path: string): string => path.split(/[\\/]/).findLast((part) => part !== '') ?? path;

function kindOfName(name: string): Kind {
  if (/mono-?t5/i.test(name)) return 'monot5';
  if (/rank-?flan-?t5/i.test(name)) return 'rank-flan-t5';
  if (/flan-?t5/i.test(name)) return 'flan-t5';
  return 'unknown';
}

function kindOfLabels(labels: unknown): Kind {
  if (typeof labels !== 'object' || labels === null) return 'unknown';
  const words = Object.values(labels).map((label) => String(label).toLowerCase());
  return words.includes('true') && words.includes('false') ? 'monot5' : 'unknown';
}

/** Presets by id, in the order given. @throws RankscopeError 'bad-input' naming the presets. */
export function presetsByIds(ids: string): PromptTemplate[] {
  return ids.split(',').map((id) => {
    const found = PRESETS.find((preset) => preset.id === id.trim());
    if (found) return found;
    const known = PRESETS.map((preset) => preset.id).join(', ');
    throw new RankscopeError('bad-input', `There is no template “${id.trim()}”; use one of ${known}.`);
  });
}

/** Longest input: what the config says (n_positions), or T5's usual 512. */
export function maxTokensOf(config: Readonly<Record<string, unknown>>): number {
  const positions = config.n_positions;
  return typeof positions === 'number' && Number.isInteger(positions) && positions >= 8 ? positions : 512;
}
