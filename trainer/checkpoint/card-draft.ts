/**
 * What a card says beyond its files: from the source's own ranker.json, from a draft (`card.json`
 * beside the weights or --card FILE), from options, and for the rest from what is known anyway.
 */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import type { CardTemplate, CheckpointRole, RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import { faultOf, parseJson } from '../../src/formats/json.ts';
import { embeddedTemplates } from '../../src/ranking/embedded-templates.ts';
import { PRP, RELEVANCE, STUDENT } from '../../src/ranking/presets.ts';
import { PRESETS } from '../../src/ranking/templates.ts';
import { readText } from '../input/stream-text.ts';

export type CardDraft = Omit<RankerCard, 'format' | 'version' | 'scorers' | 'files' | 'dtypeMeasures'>;

export interface DraftOptions {
  /** A JSON file with any of the card's fields; `templates` may be ids. */
  readonly file?: string;
  readonly role?: CheckpointRole;
  readonly name?: string;
  readonly output: string;
}

/** @throws RankscopeError 'bad-input' or 'bad-checkpoint' naming the file and the field. */
export async function draftCard(source: string, options: DraftOptions): Promise<CardDraft> {
  const file =
    options.file ?? ['card.json', 'ranker.json'].map((name) => join(source, name)).find(existsSync);
  const given = file === undefined ? {} : await readDraft(file);
  // What follows from the files of the folder it came from is not the new one's.
  const own = ['format', 'version', 'scorers', 'externalData', 'files', 'dtypeMeasures', 'probe'];
  const fields = Object.fromEntries(Object.entries(given).filter(([name]) => !own.includes(name)));
  const role = options.role ?? (fields.role as CheckpointRole | undefined) ?? 'base';
  const templates = named(fields.templates, file) ?? standardTemplates(role);
  const draft = {
    description: `T5 exported from ${basename(resolve(source))}.`,
    license: 'unknown',
    limits: { maxTokens: 512 },
    evaluation: [],
    ...fields,
    name: options.name ?? fields.name ?? basename(resolve(options.output)),
    role,
    templates,
    provenance: {
      data: [],
      steps: 0,
      seed: 0,
      command: `npm run trainer -- export --checkpoint ${source} --output ${options.output}`,
      date: new Date().toISOString().slice(0, 10),
      ...(fields.provenance as object | undefined),
    },
  };
  // The reader's own checks, over stand-ins for what follows from the files.
  const standIn = { scorers: { fp32: 'x' }, files: { x: { bytes: 0, sha256: '0'.repeat(64) } } };
  const whole = { format: 'rankscope-checkpoint', version: 1, ...draft, ...standIn };
  const card = parseRankerCard(JSON.stringify(whole), file ?? 'the card');
  const { format, version, scorers, files, ...checked } = card;
  return checked;
}

async function readDraft(file: string): Promise<Record<string, unknown>> {
  const text = await readText(file);
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new RankscopeError('bad-input', `${file}: ${faultOf(error)}.`, { file });
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new RankscopeError('bad-input', `${file}: a JSON object with fields of ranker.json is expected.`);
}

/** Templates may be named by id: ours, the presets. */
function named(templates: unknown, file: string | undefined): unknown {
  if (!Array.isArray(templates)) return templates;
  const known: readonly CardTemplate[] = [...embeddedTemplates, ...PRESETS];
  return templates.map((template: unknown) => {
    if (typeof template !== 'string') return template;
    const found = known.find(({ id }) => id === template);
    if (found) return found;
    const ids = known.map(({ id }) => id).join(', ');
    throw new RankscopeError('bad-input', `${file}: there is no template “${template}”; there are ${ids}.`);
  });
}

function standardTemplates(role: CheckpointRole): readonly CardTemplate[] {
  return role === 'student' ? [STUDENT] : [PRP, RELEVANCE];
}
