/** How a decision is made again outside the page: a command line of the trainer, and the files that it reads. */
import { writeRankGptHits } from '../../formats/hits.ts';
import { prpAllPairs } from '../../ranking/methods/prp-allpair/method.ts';
import { PRESETS } from '../../ranking/presets.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import { wordingHash } from '../../ranking/wording-hash.ts';
import type { ModelEntry } from '../models/models.ts';
import type { ComparingRun } from '../run/run.ts';

export interface SavedFile {
  readonly name: string;
  readonly text: string;
}

export interface Reproduction {
  /** For a shell in the project's folder. */
  readonly command: string;
  /** To be saved where the command is run. */
  readonly files: readonly SavedFile[];
  /** What the command cannot say, in sentences. */
  readonly notes: readonly string[];
}

/**
 * All pairs of the two passages: both orders, with the checkpoint, dtype and template of the run.
 * @param models the catalogue, to find the checkpoint's folder
 * @param templates of the checkpoint's own card, where it is loaded
 */
export function reproductionOf(
  run: Pick<ComparingRun, 'set' | 'template' | 'info'>,
  [a, b]: readonly [number, number],
  models: readonly ModelEntry[],
  templates: readonly PromptTemplate[] = [],
): Reproduction | null {
  const { set, template, info } = run;
  if (!template || !info) return null;
  const pair = [set.candidates[a]!, set.candidates[b]!];
  const stem = `decision-${pair.map(({ passage }) => fileName(passage.id)).join('-')}`;
  const hits = `${stem}.hits.json`;
  const candidates = pair.map((candidate, i) => ({ ...candidate, rank: i + 1 }));
  const files = [{ name: hits, text: writeRankGptHits([{ query: set.query, candidates }]) }];
  const known = [...templates, ...PRESETS].find(({ id }) => id === template.id);
  let wording = template.id;
  if (!known || wordingHash(known) !== wordingHash(template)) {
    wording = `${stem}.template.json`;
    files.push({ name: wording, text: `${JSON.stringify(template, null, 2)}\n` });
  }
  // One in the browser's storage has no folder on the disk.
  const entry = models.find(({ name, stored }) => name === info.name && !stored);
  const ofModel =
    info.service === undefined
      ? [`--checkpoint ${folderOf(entry) ?? 'DIR'}`, `--dtype ${info.dtype}`]
      : ['--endpoint URL', `--model '${info.name.replaceAll("'", '')}'`];
  const command = [
    'npm run trainer -- rank',
    ...ofModel,
    `--method ${prpAllPairs.id}`,
    `--template ${wording}`,
    `--input ${hits}`,
    `--output ${stem}.json`,
    '--format decisions',
  ].join(' \\\n  ');
  return { command, files, notes: notesOf(info, folderOf(entry)) };
}

const folderOf = (entry: ModelEntry | undefined): string | undefined =>
  entry && `public/models/${entry.path}`.replace(/\/$/, '');

function notesOf(info: NonNullable<ComparingRun['info']>, folder: string | undefined): string[] {
  if (info.service !== undefined) {
    return [`URL is the address of ${info.service}; its key is taken from RANKSCOPE_API_KEY.`];
  }
  const notes: string[] = [];
  if (!folder) {
    notes.push(
      `DIR is the folder of ${info.name}, whose scorer has the SHA-256 ${info.digest.slice(0, 12)}….`,
    );
  }
  if (info.device === 'webgpu') {
    notes.push('The page asked on WebGPU; on the CPU logits differ in their last digits.');
  }
  return notes;
}

const fileName = (id: string): string => id.replaceAll(/[^\p{L}\p{N}_.]+/gu, '_').slice(0, 40);
