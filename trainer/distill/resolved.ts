/** recipe.json: the recipe with every default and path filled in, and the digests of what it reads. */
import { readFile } from 'node:fs/promises';
import { badInput } from '../../src/formats/excerpt.ts';
import { writeAtomic } from '../node/atomic.ts';
import type { DistillRequest } from './distill-request.ts';
import type { Layout } from './layout.ts';
import { rankscopeVersion } from './prepare.ts';
import type { StageContext } from './stage.ts';

interface Resolved {
  readonly format: 'rankscope-distillation';
  readonly version: 1;
  /** Of the models; a recipe that names none keeps those of its first start. */
  readonly threads: number;
}

/** @throws RankscopeError 'bad-input' for a file that is none */
export async function readResolved({ recipe }: Layout): Promise<Resolved | undefined> {
  const text = await readFile(recipe, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Resolved;
    if (value.format === 'rankscope-distillation' && value.version === 1) return value;
  } catch {
    // told below
  }
  throw badInput(recipe, undefined, 'it was not written by a distillation. Choose another --output.');
}

export async function writeResolved({ recipe, prepared, layout, command }: StageContext): Promise<void> {
  const { teacher, base, threads, inputs, queries, studentTemplate } = prepared;
  const { path, ...settings } = recipe;
  const document = {
    format: 'rankscope-distillation',
    version: 1,
    rankscope: rankscopeVersion(),
    command,
    file: path,
    threads,
    recipe: settings,
    teacher: teacher && {
      name: teacher.card.name,
      folder: teacher.folder,
      dtype: teacher.dtype,
      sha256: teacher.digest,
    },
    base: { name: base.card.name, folder: base.folder },
    templates: { teacher: teacher?.template, student: studentTemplate },
    queries: { training: queries.training.length, heldOut: queries.heldOut?.queries.length ?? 0 },
    files: queries.files,
    inputs,
  };
  await writeAtomic(layout.recipe, `${JSON.stringify(document, null, 1)}\n`);
}

/** How to make it again. */
export function commandLine({ recipe, input, teacher, output }: DistillRequest): string {
  const options = [
    ['--recipe', recipe],
    ['--input', input],
    ['--checkpoint', teacher],
    ['--output', output],
  ].filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `npm run trainer -- distill ${options.map(([name, value]) => `${name} ${quoted(value)}`).join(' ')}`;
}

const quoted = (text: string) => (/^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
