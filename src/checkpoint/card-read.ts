/** Reads and checks `ranker.json` and `models/index.json`: nothing of them is trusted unread. */
import type { ByteSource, FileDigest } from '../bytes/byte-source.ts';
import { sha256, sourceDigest } from '../bytes/sha256.ts';
import { messageOf, RankscopeError } from '../errors.ts';
import type { Dtype } from '../inference/scorer.ts';
import { type Fail, isCount, isDigest, isObject, isText } from '../json-checks.ts';
import { parseShallowJson, shown } from '../json-text.ts';
import { cardProblem } from './card-schema.ts';
import { checkRising, checkTaught } from './card-taught.ts';
import type { RankerCard } from './ranker-card.ts';

export const DTYPES: readonly Dtype[] = ['fp32', 'int8', 'q8', 'q4'];

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
    json = parseShallowJson(text);
  } catch (error) {
    return fail(notJson(text, error));
  }
  if (!isObject(json)) return fail('is not a JSON object.');
  if (json.format !== 'rankscope-checkpoint')
    return fail('is not a Rankscope checkpoint card ("format" is missing).');
  if (json.version !== 1) return fail(`has version ${shown(json.version)}; this Rankscope reads version 1.`);
  const problem = cardProblem(json);
  if (problem !== undefined) fail(problem);
  const { templates, provenance } = json as unknown as RankerCard;
  if (templates.length === 0) fail('"templates" must list at least one template.');
  if (!templates.some((template) => 'labels' in template)) {
    fail(
      '"templates" must list at least one template with "labels": the model is tested by them when it is loaded.',
    );
  }
  checkFiles(json.files, fail);
  checkScorers(json.scorers, json.files as object, fail);
  checkExternalData(json.externalData, json as unknown as RankerCard, fail);
  checkTaught(templates, provenance.taught, fail);
  checkRising(provenance.validation ?? [], fail);
  checkProbe(json as unknown as RankerCard, fail);
  return json as unknown as RankerCard;
}

/** Why a text is not JSON; servers answer a missing file with a page. */
export function notJson(text: string, error: unknown): string {
  if (/^\s*<(!doctype|html|head|body)/i.test(text)) {
    return 'is an HTML page, not JSON: the server does not have this file. Check the address.';
  }
  return `is not JSON (${messageOf(error)}).`;
}

function checkFiles(files: unknown, fail: Fail): void {
  if (!isObject(files)) fail('"files" must map paths to {bytes, sha256}.');
  for (const [path, entry] of Object.entries(files)) {
    const ok = isObject(entry) && isCount(entry.bytes) && isDigest(entry.sha256);
    if (!ok) fail(`"files["${path}"]" must have bytes and a sha256 of 64 hex digits.`);
    if (path.startsWith('/') || path.split('/').includes('..'))
      fail(`"files" names a path outside the folder: ${path}.`);
  }
}

function checkScorers(scorers: unknown, files: object, fail: Fail): void {
  if (!isObject(scorers) || Object.keys(scorers).length === 0)
    fail('"scorers" must name at least one scorer file.');
  for (const [dtype, path] of Object.entries(scorers)) {
    if (!DTYPES.includes(dtype as Dtype)) fail(`"scorers" has the unknown dtype ${dtype}.`);
    if (!isText(path) || !Object.hasOwn(files, path)) fail(`"scorers.${dtype}" is not among "files".`);
  }
}

/** A scorer names its weights by the file's name alone: they must lie in its folder. */
function checkExternalData(external: unknown, { scorers, files }: RankerCard, fail: Fail): void {
  if (external === undefined) return;
  if (!isObject(external)) fail('"externalData" must map dtypes to files, or be left out.');
  for (const [dtype, path] of Object.entries(external as object)) {
    if (!isText(path) || !Object.hasOwn(files, path)) fail(`"externalData.${dtype}" is not among "files".`);
    const scorer = Object.hasOwn(scorers, dtype) ? scorers[dtype as Dtype] : undefined;
    if (scorer === undefined) fail(`"externalData.${dtype}" belongs to no scorer.`);
    else if (folderOf(scorer) !== folderOf(path))
      fail(`"externalData.${dtype}" must lie in the folder of ${scorer}, found ${shown(path)}.`);
  }
}

function checkProbe({ probe }: RankerCard, fail: Fail): void {
  if (!probe) return;
  const wanted = probe.prompts.length * probe.labels.length;
  for (const [dtype, logits] of Object.entries(probe.logits)) {
    if (logits.length !== wanted)
      fail(
        `"probe.logits.${dtype}" must have ${wanted} numbers, one a prompt and label; it has ${logits.length}.`,
      );
  }
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/**
 * Holds the bytes of a file to its entry in the card.
 * @throws RankscopeError 'bad-checkpoint' for a truncated or altered file.
 */
export async function verifyFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  expected: FileDigest,
): Promise<void> {
  checkSize(path, bytes.length, expected);
  checkDigest(path, await sha256(bytes), expected);
}

/** The same for a file that is not in memory. @param sizeOnly its digest is known to be right */
export async function verifySource(
  source: ByteSource,
  expected: FileDigest,
  sizeOnly = false,
): Promise<void> {
  checkSize(source.name, source.size, expected);
  if (!sizeOnly) checkDigest(source.name, await sourceDigest(source), expected);
}

const ADVICE = 'Download or export the checkpoint again.';

function checkSize(path: string, size: number, { bytes }: FileDigest): void {
  if (size === bytes) return;
  throw new RankscopeError(
    'bad-checkpoint',
    `${path} ${size < bytes ? 'is truncated' : 'is too long'}: ${size} bytes, ranker.json says ${bytes}. ${ADVICE}`,
    { file: path },
  );
}

function checkDigest(path: string, found: string, { sha256: expected }: FileDigest): void {
  if (found === expected) return;
  throw new RankscopeError(
    'bad-checkpoint',
    `${path} was altered: its SHA-256 is not the one in ranker.json. ${ADVICE}`,
    { file: path },
  );
}
