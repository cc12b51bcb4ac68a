/** Reading the two lists the page starts from: embedded models and samples. Fetched text is checked. */
import * as v from 'valibot';
import { RankscopeError } from '../../errors.ts';
import type { Sample, SampleEntry } from '../corpus/samples.ts';
import type { ModelEntry } from './models.ts';

/** Fetches JSON by a path relative to the page. Rejects with 'network', 'missing' or 'bad-input'. */
export type FetchJson = (path: string) => Promise<unknown>;

export const fetchJson: FetchJson = async (path) => {
  const url = new URL(path, document.baseURI).href;
  let response: Response;
  try {
    response = await fetch(url);
  } catch {
    throw new RankscopeError('network', `${path} could not be fetched. Check the connection and try again.`, {
      path,
    });
  }
  // A static host may answer a missing file with its start page.
  const html = response.headers.get('content-type')?.includes('html') ?? false;
  if (response.status === 404 || (response.ok && html)) {
    throw new RankscopeError('missing', `${path} is missing on this server. Build the page again.`, { path });
  }
  if (!response.ok) {
    throw new RankscopeError('network', `${path}: the server answered ${response.status}. Try again.`, {
      path,
    });
  }
  try {
    return await response.json();
  } catch {
    throw new RankscopeError('bad-input', `${path} is not valid JSON. Build the page again.`, { path });
  }
};

const name = v.pipe(v.string(), v.minLength(1));
/** What is only shown: where it is missing, the entry is of use all the same. */
const figure = v.fallback(v.number(), 0);

const modelIndex = v.object({
  version: v.literal(1),
  models: v.array(
    v.object({
      id: name,
      role: v.picklist(['teacher', 'student', 'base']),
      name,
      path: name,
      bytes: v.number(),
    }),
  ),
});

const sampleIndex = v.object({
  samples: v.array(
    v.object({
      id: name,
      title: name,
      description: v.fallback(v.string(), ''),
      file: name,
      passages: figure,
      queries: figure,
      bytes: figure,
    }),
  ),
});

const sample = v.object({
  passages: v.array(v.object({ id: name, title: v.fallback(v.optional(name), undefined), text: name })),
  queries: v.array(v.object({ id: name, text: name, grades: v.fallback(v.record(name, v.unknown()), {}) })),
});

export const readModels = async (get: FetchJson): Promise<ModelEntry[]> =>
  (await readAs(modelIndex, get, 'models/index.json')).models;

export const readSampleIndex = async (get: FetchJson): Promise<SampleEntry[]> =>
  (await readAs(sampleIndex, get, 'samples/index.json')).samples;

export async function readSample(get: FetchJson, { id, title, file }: SampleEntry): Promise<Sample> {
  const { passages, queries } = await readAs(sample, get, `samples/${file}`);
  const graded = queries.map((query) => ({
    ...query,
    grades: usableGrades(query.grades, `samples/${file}, query ${query.id}`),
  }));
  return { id, title, passages, queries: graded };
}

const isGrade = (grade: unknown): grade is number =>
  Number.isInteger(grade) && (grade as number) >= 0 && (grade as number) <= 3;

/** The grades without those that are none, which are for whoever made the sample: the console names them. */
function usableGrades(grades: Readonly<Record<string, unknown>>, where: string): Record<string, number> {
  const usable: Record<string, number> = {};
  for (const [passage, grade] of Object.entries(grades)) {
    if (isGrade(grade)) usable[passage] = grade;
    else
      console.warn(
        `${where}: the grade of ${passage} is ${JSON.stringify(grade)}, not 0, 1, 2 or 3; it is left out.`,
      );
  }
  return usable;
}

async function readAs<T extends v.GenericSchema>(
  schema: T,
  get: FetchJson,
  path: string,
): Promise<v.InferOutput<T>> {
  const read = v.safeParse(schema, await get(path), { abortEarly: true });
  if (read.success) return read.output;
  const message = `${path} does not have the expected shape. Build the page again.`;
  throw new RankscopeError('bad-input', message, { path });
}
