/** Presets of an evaluation on the command line: a paper's table as a request, and its numbers beside what came out. */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { isBaselineId } from '../../src/evaluation/baselines/baselines.ts';
import { PLAIN_POOL, type PoolOptions } from '../../src/evaluation/baselines/popular-pool.ts';
import {
  besideRows,
  type KnownModel,
  missingMethods,
  type OwnRow,
  type PresetSpec,
  presetRows,
} from '../../src/formats/evaluation/beside-paper.ts';
import {
  type BesideReport,
  besideJson,
  writeBesideCsv,
  writeBesideMarkdown,
} from '../../src/formats/evaluation/beside-writers.ts';
import {
  type EvaluationPreset,
  type PresetFile,
  readPresets,
  SECONDS,
  setLike,
  setNamedLike,
} from '../../src/formats/evaluation/presets.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { nearest } from '../cli/did-you-mean.ts';
import { writeAtomic } from '../node/atomic.ts';
import { planCheckpoints } from '../scoring/plan-checkpoints.ts';
import type { MethodSpec, ResultRow } from './evaluate-request.ts';
import { readResults } from './read-results.ts';

/** The page reads the same file. */
const FILE = join(import.meta.dirname, '../../public/presets/instruction-distillation.json');
const PAPER = basename(FILE, '.json');

export const paperPresets = (): PresetFile => readPresets(JSON.parse(readFileSync(FILE, 'utf8')), FILE);

/** Each preset in two lines: its name, and what to bring. */
export const presetList = (): string =>
  paperPresets()
    .presets.map(({ id, name, data, sets }) => {
      const choice = sets.length > 1 ? ` Its sets: ${sets.map((set) => set.id).join(', ')}.` : '';
      return `${id.padEnd(10)}${name}\n          ${data}${choice}`;
    })
    .join('\n');

export interface ChosenPreset {
  readonly source: PresetFile['source'];
  readonly preset: EvaluationPreset;
  /** The paper's set, where one is named; else the data's names tell. */
  readonly set?: string;
}

/**
 * @param given `table-2`, or with the paper's name `instruction-distillation:table-2`
 * @throws RankscopeError 'bad-input' that names what there is
 */
export function choosePreset(given: string, set?: string): ChosenPreset {
  const { source, presets } = paperPresets();
  const id = given.startsWith(`${PAPER}:`) ? given.slice(PAPER.length + 1) : given;
  const preset = presets.find((one) => one.id === id);
  if (!preset) throw unknown('--preset', given, presets);
  if (set !== undefined && !preset.sets.some((one) => one.id === set))
    throw unknown('--preset-set', set, preset.sets);
  return { source, preset, set };
}

function unknown(option: string, given: string, known: readonly { readonly id: string }[]): RankscopeError {
  const ids = known.map(({ id }) => id);
  const near = nearest(given, ids);
  return new RankscopeError(
    'bad-input',
    `${option} is “${given}”${near ? `; did you mean ${near}?` : '.'} There are ${ids.join(', ')}.`,
  );
}

export interface PlannedPreset extends ChosenPreset {
  readonly models: readonly KnownModel[];
  readonly specs: readonly PresetSpec[];
  readonly methods: readonly MethodSpec[];
  readonly measures: readonly string[];
  /** Absent: the candidates are the first stage's alone. */
  readonly pool?: PoolOptions;
  /** What people should know before the work. */
  readonly notices: readonly string[];
}

/**
 * The rows that these checkpoints can show: each in the rows of its role, as the paper's own model where its name says so.
 * @throws RankscopeError 'missing' or 'bad-checkpoint'
 */
export async function planPreset(
  chosen: ChosenPreset,
  { checkpoints, seed }: { readonly checkpoints: readonly string[]; readonly seed?: number },
): Promise<PlannedPreset> {
  const { preset } = chosen;
  const plans = await planCheckpoints(checkpoints);
  const models = plans.map(({ folder, card, label }): KnownModel => {
    const { base, teacher, labels } = card.provenance;
    const isStudent = card.role === 'student';
    return {
      id: folder,
      names: [
        label,
        card.name,
        basename(resolve(folder)),
        ...(isStudent && base !== undefined ? [base] : []),
      ],
      role: card.role,
      standsIn: true,
      supervised: isStudent && labels ? /^judgments\b/.test(labels.source) : undefined,
      teacher,
    };
  });
  const specs = presetRows(preset, models, 'always');
  const methods = specs.map(({ method, checkpoint, template }): MethodSpec => {
    return isBaselineId(method) ? { id: method } : { id: method, only: checkpoint, template };
  });
  const missing = missingMethods(preset, specs);
  const { popular, answerable } = preset;
  const isPlain = popular === 0 && !answerable;
  return {
    ...chosen,
    models,
    specs,
    methods: [{ id: 'bm25' }, ...methods],
    measures: preset.columns.filter((column) => column !== SECONDS),
    pool: isPlain ? undefined : { ...PLAIN_POOL, popular, answerable, seed: seed ?? PLAIN_POOL.seed },
    notices:
      missing.length > 0 ? [`${preset.name}: not run, for want of a checkpoint: ${missing.join(', ')}.`] : [],
  };
}

/** What is said where the data's name does not tell which of the paper's sets it is. */
export function setNotices({ preset, set }: ChosenPreset, data: readonly string[]): string[] {
  if (set !== undefined || preset.sets.length === 1) return [];
  return data.flatMap((path) => {
    const name = basename(resolve(path));
    if (setNamedLike(preset, name) !== undefined) return [];
    const [first] = preset.sets;
    return [
      `${name} is named like none of the paper’s sets: ${first!.name} stands beside it. --preset-set chooses another (${preset.sets.map(({ id }) => id).join(', ')}).`,
    ];
  });
}

/**
 * Writes paper.md, paper.csv and paper.json beside the evaluation's own table.
 * @returns the Markdown
 */
export async function writeBeside(planned: PlannedPreset, output: string, k: number): Promise<string> {
  const { rows } = await readResults(output);
  const sets = [...new Set(rows.map(({ set }) => set))];
  const reports = sets.map((name): BesideReport => {
    const own = rows.filter((row) => row.set === name);
    const set = planned.set ?? setLike(planned.preset, name);
    const { source, preset, models, specs } = planned;
    return {
      source,
      preset,
      set,
      specs,
      data: `${name} (${counted(own[0]!.queries, 'query', 'queries')}, top ${k})`,
      rows: besideRows(preset, set, ownRows(planned, own), models),
    };
  });
  const text = reports.map(writeBesideMarkdown).join('\n');
  await writeAtomic(join(output, 'paper.md'), text);
  await writeAtomic(join(output, 'paper.csv'), writeBesideCsv(reports));
  await writeAtomic(join(output, 'paper.json'), `${JSON.stringify(besideJson(reports), null, 1)}\n`);
  return text;
}

/** Results by what was asked for. */
function ownRows({ preset, specs }: PlannedPreset, rows: readonly ResultRow[]): OwnRow[] {
  const valuesOf = ({ measures, secondsPerQuery }: ResultRow) =>
    preset.columns.map((column) => (column === SECONDS ? secondsPerQuery : measures[column]) ?? null);
  const first = rows.find(({ method }) => method === 'bm25');
  const own = specs.flatMap((spec): OwnRow[] => {
    const row = rows.find(
      ({ method, checkpoint, template }) =>
        method === spec.method &&
        (checkpoint?.folder ?? '') === spec.checkpoint &&
        (spec.template === undefined || template?.id === spec.template),
    );
    return row ? [{ ...spec, values: valuesOf(row) }] : [];
  });
  return [...(first ? [{ method: 'bm25', checkpoint: '', values: valuesOf(first) } as const] : []), ...own];
}
