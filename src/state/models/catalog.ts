/** Reading the two lists the page starts from: embedded models and samples. Fetched text is checked. */
import { RankscopeError } from '../../errors.ts';
import { isObject } from '../checks.ts';
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

export async function readModels(get: FetchJson): Promise<ModelEntry[]> {
  const path = 'models/index.json';
  const data = await get(path);
  if (!isObject(data) || data.version !== 1 || !Array.isArray(data.models)) throw malformed(path);
  return data.models.map((entry: unknown) => {
    if (!isObject(entry)) throw malformed(path);
    const { id, role, name, path: folder, bytes } = entry;
    const roleOk = role === 'teacher' || role === 'student' || role === 'base';
    if (!isText(id) || !roleOk || !isText(name) || !isText(folder) || typeof bytes !== 'number') {
      throw malformed(path);
    }
    return { id, role, name, path: folder, bytes };
  });
}

export async function readSampleIndex(get: FetchJson): Promise<SampleEntry[]> {
  const path = 'samples/index.json';
  const data = await get(path);
  if (!isObject(data) || !Array.isArray(data.samples)) throw malformed(path);
  return data.samples.map((entry: unknown) => {
    if (!isObject(entry)) throw malformed(path);
    const { id, title, description, file, passages, queries, bytes } = entry;
    if (!isText(id) || !isText(title) || !isText(file)) throw malformed(path);
    return {
      id,
      title,
      description: isText(description) ? description : '',
      file,
      passages: Number(passages) || 0,
      queries: Number(queries) || 0,
      bytes: Number(bytes) || 0,
    };
  });
}

export async function readSample(get: FetchJson, entry: SampleEntry): Promise<Sample> {
  const path = `samples/${entry.file}`;
  const data = await get(path);
  if (!isObject(data) || !Array.isArray(data.passages) || !Array.isArray(data.queries)) throw malformed(path);
  const passages = data.passages.map((passage: unknown) => {
    if (!isObject(passage) || !isText(passage.id) || !isText(passage.text)) throw malformed(path);
    const { id, title, text } = passage;
    return isText(title) ? { id, title, text } : { id, text };
  });
  const queries = data.queries.map((query: unknown) => {
    if (!isObject(query) || !isText(query.id) || !isText(query.text)) throw malformed(path);
    const grades: Record<string, number> = {};
    for (const [id, grade] of Object.entries(isObject(query.grades) ? query.grades : {})) {
      if (typeof grade === 'number') grades[id] = grade;
    }
    return { id: query.id, text: query.text, grades };
  });
  return { id: entry.id, title: entry.title, passages, queries };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function malformed(path: string): RankscopeError {
  return new RankscopeError('bad-input', `${path} does not have the expected shape. Build the page again.`, {
    path,
  });
}
