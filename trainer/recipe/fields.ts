/**
 * Reads the fields of a recipe's section one by one: each call says what is expected and gets the value;
 * what is wrong is collected with its line, so that all of it is said at once.
 */
import { dirname, resolve } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { RankscopeError } from '../../src/errors.ts';
import { excerpt, type Problem } from '../../src/formats/excerpt.ts';
import { nearest } from '../cli/did-you-mean.ts';
import { fits, must, type NumberRule, type Rule, type ValueOf } from '../cli/rule.ts';
import type { RecipeFile } from './recipe-file.ts';

/** At most this many problems are reported at once. */
const TOLD = 8;

export type Bounds = Omit<NumberRule, 'kind'>;

/** What a whole recipe's sections share. */
class Reading {
  readonly problems: Problem[] = [];
  readonly file: RecipeFile;

  constructor(file: RecipeFile) {
    this.file = file;
  }
}

export class Fields {
  /** Where it stands: `train`, or nothing for the file itself. */
  readonly at: string;
  private readonly map: YAMLMap | undefined;
  private readonly reading: Reading;
  private readonly line: number;
  private readonly known: string[] = [];
  private readonly inner: Fields[] = [];

  private constructor(map: YAMLMap | undefined, at: string, line: number, reading: Reading) {
    this.map = map;
    this.at = at;
    this.line = line;
    this.reading = reading;
  }

  static of(file: RecipeFile): Fields {
    return new Fields(file.fields, '', 1, new Reading(file));
  }

  /** A section; where it is absent all its fields are. */
  section(name: string): Fields {
    const expected = 'a section (fields below it, indented)';
    const map = this.accept(name, expected, (_, node) => (isMap(node) ? node : undefined));
    const section = new Fields(map as YAMLMap | undefined, this.path(name), this.lineOf(name), this.reading);
    this.inner.push(section);
    return section;
  }

  /** The entries of a list: texts as they are, sections to read fields from. */
  entries(name: string): readonly (string | Fields)[] | undefined {
    const expected = 'a list of strings or sections';
    const node = this.accept(name, expected, (_, found) => (isSeq(found) ? found : undefined));
    if (!isSeq(node)) return undefined;
    return node.items.flatMap((listed, i) => {
      const item = isAlias(listed) ? listed.resolve(this.reading.file.document) : listed;
      const line = this.reading.file.lineAt((item as { range?: number[] }).range?.[0]);
      if (isScalar(item) && typeof item.value === 'string') return item.value;
      if (!isMap(item)) {
        this.problem(`${this.path(name)}[${i}] must be a string or a section, found ${shown(item)}.`, line);
        return [];
      }
      const entry = new Fields(item, `${this.path(name)}[${i}]`, line, this.reading);
      this.inner.push(entry);
      return entry;
    });
  }

  text(name: string): string | undefined {
    return this.accept(name, 'a string', (value) =>
      typeof value === 'string' && value.trim() !== '' ? value : undefined,
    );
  }

  /** A path, relative to the recipe's file. */
  file(name: string): string | undefined {
    const path = this.text(name);
    return path === undefined ? undefined : this.resolve(path);
  }

  resolve(path: string): string {
    return resolve(dirname(this.reading.file.path), path);
  }

  flag(name: string): boolean | undefined {
    return this.accept(name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  whole(name: string, bounds: Bounds = {}): number | undefined {
    return this.ruled(name, { kind: 'whole', ...bounds });
  }

  number(name: string, bounds: Bounds = {}): number | undefined {
    return this.ruled(name, { kind: 'number', ...bounds });
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    return this.ruled(name, { kind: 'choice', choices });
  }

  /** A value that keeps a rule. */
  ruled<R extends Rule>(name: string, rule: R): ValueOf<R> | undefined {
    const advice = (value: unknown) =>
      rule.kind === 'choice' && typeof value === 'string' ? nearest(value, rule.choices) : undefined;
    const read = (value: unknown) => (fits(rule, value) ? (value as ValueOf<R>) : undefined);
    return this.accept(name, must(rule), read, advice);
  }

  /** A list of choices; a single one may stand without brackets. */
  choices<T extends string>(name: string, choices: readonly T[]): readonly T[] | undefined {
    const expected = `a list of ${choices.join(', ')}`;
    const read = (value: unknown) => {
      const list = Array.isArray(value) ? value : [value];
      const found = list.map((item) => choices.find((one) => one === item));
      return found.length > 0 && found.every((one) => one !== undefined) ? [...new Set(found)] : undefined;
    };
    return this.accept(name, expected, read) as readonly T[] | undefined;
  }

  /** Says that a field is needed; `why` ends the sentence. */
  missing(name: string, why: string): void {
    this.problem(`${this.path(name)} is missing: ${why}`, this.line);
  }

  /** Says what is wrong with a field's value although its kind is right. A whole sentence. */
  wrong(name: string, sentence: string): void {
    this.problem(`${this.path(name)} ${sentence}`, this.lineOf(name));
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  /** Line of a field, or of its section where it is absent. */
  lineOf(name: string): number {
    const range = (this.pair(name)?.key as { range?: number[] } | undefined)?.range;
    return range ? this.reading.file.lineAt(range[0]) : this.line;
  }

  /** Called at the end, on the file's fields: what nothing asked for is a mistake too. */
  finish(): void {
    this.strangers();
    const { problems, file } = this.reading;
    if (problems.length === 0) return;
    problems.sort((a, b) => a.line - b.line);
    const lines = problems.slice(0, TOLD).map(({ line, reason }) => `${file.path}, line ${line}: ${reason}`);
    if (problems.length > TOLD) lines.push(`… and ${problems.length - TOLD} more.`);
    const { line, reason } = problems[0]!;
    throw new RankscopeError('bad-input', lines.join('\n'), { file: file.path, line, reason });
  }

  private strangers(): void {
    for (const { key } of this.map?.items ?? []) {
      const name = String(isScalar(key) ? key.value : key);
      if (this.known.includes(name)) continue;
      const near = nearest(name, this.known);
      const advice = near ? `did you mean ${near}?` : `there are ${this.known.join(', ')}.`;
      this.problem(
        `${this.path(name)} is not a field of ${this.at === '' ? 'a recipe' : this.at}; ${advice}`,
        this.lineOf(name),
      );
    }
    for (const inner of this.inner) inner.strangers();
  }

  /** A field's value as `read` takes it; an empty field counts as absent. */
  private accept<T>(
    name: string,
    expected: string,
    read: (value: unknown, node: Node) => T | undefined,
    advice: (value: unknown) => string | undefined = () => undefined,
  ): T | undefined {
    const node = this.find(name);
    if (node === undefined) return undefined;
    const value: unknown = node.toJS(this.reading.file.document);
    const result = read(value, node);
    if (result !== undefined) return result;
    const near = advice(value);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    this.problem(`${this.path(name)} must be ${expected}, found ${shown(value)}.${hint}`, this.lineOf(name));
    return undefined;
  }

  private find(name: string): Node | undefined {
    if (!this.known.includes(name)) this.known.push(name);
    const value = this.pair(name)?.value as Node | null | undefined;
    const node = isAlias(value) ? value.resolve(this.reading.file.document) : value;
    return node === null || (isScalar(node) && node.value === null) ? undefined : (node as Node | undefined);
  }

  private pair(name: string): Pair | undefined {
    return this.map?.items.find(({ key }) => isScalar(key) && key.value === name);
  }

  private path(name: string): string {
    return this.at === '' ? name : `${this.at}.${name}`;
  }

  private problem(reason: string, line: number): void {
    this.reading.problems.push({ line, reason });
  }
}

const shown = (value: unknown): string => excerpt(JSON.stringify(value) ?? String(value), 60);
