/** Reads and checks `ranker.json` and `models/index.json`: nothing of them is trusted unread. */
import { RankscopeError } from '../errors.ts';
import type { FileDigest, RankerCard } from './ranker-card.ts';
import type { Dtype } from './scorer.ts';

export const DTYPES: readonly Dtype[] = ['fp32', 'int8', 'q8', 'q4'];

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;

/**
 * Parses and validates a card.
 * @throws RankscopeError 'bad-checkpoint' that names the file, the field and what was found.
 */
export function parseRankerCard(text: string, fileName: string): RankerCard {
  const fail = (what: string): never => {
    throw new RankscopeError('bad-checkpoint', `${fileName}: ${what}`, { file: fileName });
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(`is not JSON (${error instanceof Error ? error.message : String(error)}).`);
  }
  if (!isObject(json)) return fail('is not a JSON object.');
  if (json.format !== 'rankscope-checkpoint')
    return fail('is not a Rankscope checkpoint card ("format" is missing).');
  if (json.version !== 1) return fail(`has version ${String(json.version)}; this Rankscope reads version 1.`);
  for (const field of ['name', 'description', 'license']) {
    if (!isText(json[field])) fail(`"${field}" must be a text.`);
  }
  if (!['teacher', 'student', 'base'].includes(String(json.role))) {
    fail(`"role" must be teacher, student or base, found ${JSON.stringify(json.role)}.`);
  }
  checkTemplates(json.templates, fail);
  const limits = json.limits;
  if (!isObject(limits) || !isCount(limits.maxTokens) || limits.maxTokens < 8) {
    fail('"limits.maxTokens" must be a whole number of at least 8.');
  }
  checkFiles(json.files, fail);
  checkScorers(json.scorers, json.files as Json, fail);
  if (!isObject(json.provenance)) fail('"provenance" must be an object.');
  if (!Array.isArray(json.evaluation)) fail('"evaluation" must be a list.');
  return json as unknown as RankerCard;
}

type Fail = (what: string) => never;

function checkTemplates(templates: unknown, fail: Fail): void {
  if (!Array.isArray(templates) || templates.length === 0)
    fail('"templates" must list at least one template.');
  templates.forEach((template: unknown, i) => {
    const ok =
      isObject(template) &&
      isText(template.id) &&
      isCount(template.version) &&
      isText(template.text) &&
      isText(template.decoderPrefix) &&
      (template.kind === 'pointwise' || template.kind === 'pairwise') &&
      Array.isArray(template.labels) &&
      template.labels.length > 0 &&
      template.labels.every(isText);
    if (!ok) fail(`"templates[${i}]" lacks id, version, kind, text, decoderPrefix or labels.`);
  });
}

function checkFiles(files: unknown, fail: Fail): void {
  if (!isObject(files)) fail('"files" must map paths to {bytes, sha256}.');
  for (const [path, entry] of Object.entries(files)) {
    const ok =
      isObject(entry) && isCount(entry.bytes) && isText(entry.sha256) && /^[0-9a-f]{64}$/.test(entry.sha256);
    if (!ok) fail(`"files["${path}"]" must have bytes and a sha256 of 64 hex digits.`);
    if (path.startsWith('/') || path.split('/').includes('..'))
      fail(`"files" names a path outside the folder: ${path}.`);
  }
}

function checkScorers(scorers: unknown, files: Json, fail: Fail): void {
  if (!isObject(scorers) || Object.keys(scorers).length === 0)
    fail('"scorers" must name at least one scorer file.');
  for (const [dtype, path] of Object.entries(scorers)) {
    if (!DTYPES.includes(dtype as Dtype)) fail(`"scorers" has the unknown dtype ${dtype}.`);
    if (!isText(path) || !(path in files)) fail(`"scorers.${dtype}" is not among "files".`);
  }
}

/** SHA-256 of bytes as hex. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Holds the bytes of a file to its entry in the card.
 * @throws RankscopeError 'bad-checkpoint' for a truncated or altered file.
 */
export async function verifyFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  expected: FileDigest,
): Promise<void> {
  const advice = 'Download or export the checkpoint again.';
  if (bytes.length !== expected.bytes) {
    const what = bytes.length < expected.bytes ? 'is truncated' : 'is too long';
    throw new RankscopeError(
      'bad-checkpoint',
      `${path} ${what}: ${bytes.length} bytes, ranker.json says ${expected.bytes}. ${advice}`,
      { file: path },
    );
  }
  if ((await sha256(bytes)) !== expected.sha256) {
    throw new RankscopeError(
      'bad-checkpoint',
      `${path} was altered: its SHA-256 is not the one in ranker.json. ${advice}`,
      { file: path },
    );
  }
}
