/**
 * A recipe as a file: YAML or JSON (which YAML contains), with the line of every field, so that what is
 * wrong can be pointed at. The names of the shipped recipes stand for their files.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { RankscopeError } from '../../src/errors.ts';
import { badInput } from '../../src/formats/excerpt.ts';
import { nearest } from '../cli/did-you-mean.ts';
import { readText } from '../input/read-jobs.ts';
import { aliasProblem, excess } from './recipe-bounds.ts';

const SHIPPED = join(import.meta.dirname, '../recipes');
/** Recipes of `pretrain` lie there too. */
const NAMES = ['paper', 'published-code', 'small', 'figure-3'] as const;

export interface RecipeFile {
  /** As it was given, or where the shipped one lies. */
  readonly path: string;
  readonly document: Document;
  readonly fields: YAMLMap;
  /** Line, from 1, of an offset in the file. */
  lineAt(offset: number | undefined): number;
}

/** A shipped recipe's file for its name; any other text is a path already. */
export function recipePath(given: string): string {
  const name = NAMES.find((one) => one === given);
  if (name !== undefined) return join(SHIPPED, `${name}.yaml`);
  if (/[./\\]/.test(given) || readdirSync('.').includes(given)) return given;
  const near = nearest(given, NAMES);
  throw new RankscopeError(
    'bad-input',
    `There is no recipe “${given}”${near ? `; did you mean ${near}?` : '.'} Give a file, or one of ${NAMES.join(', ')}.`,
  );
}

/** @throws RankscopeError 'missing', or 'bad-input' with file and line for what is neither YAML nor JSON */
export async function openRecipe(given: string): Promise<RecipeFile> {
  const path = recipePath(given);
  const text = await readText(path);
  const tooMuch = excess(text);
  if (tooMuch) throw badInput(path, tooMuch.line, tooMuch.reason);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset = 0) => lines.linePos(offset).line;
  const [error] = [...document.errors, ...document.warnings];
  if (error?.code === 'DUPLICATE_KEY') {
    throw badInput(path, lineAt(error.pos[0]), 'this field appears twice. Keep one of the two.');
  }
  if (error) {
    throw badInput(path, lineAt(error.pos[0]), `it cannot be read as YAML or JSON: ${error.message}.`);
  }
  const alias = aliasProblem(document);
  if (alias) throw badInput(path, lineAt(alias.offset), alias.reason);
  const { contents } = document;
  if (!isMap(contents)) {
    const found = text.trim() === '' ? 'it is empty' : 'it is not a list of fields';
    throw badInput(path, 1, `${found}. A recipe has sections such as “data:” and “train:”.`);
  }
  return { path, document, fields: contents, lineAt };
}
