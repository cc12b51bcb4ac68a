/** Gathers passages whatever the format: cleans texts, keeps ids unique, counts, and takes notes. */
import type { Passage } from '../types.ts';
import { type CleanCounts, cleanText } from './clean.ts';
import { counted, excerpt, type Problem } from './excerpt.ts';
import { FieldNames } from './field-names.ts';

/** Something people should know about an input that was read all the same. */
export interface Notice {
  readonly code:
    | 'empty'
    | 'single'
    | 'identical'
    | 'control-characters'
    | 'broken-characters'
    | 'columns'
    | 'extra-columns'
    | 'left-out'
    | 'encoding'
    | 'late-blank-line'
    | 'read-as';
  readonly message: string;
}

export interface CollectorOptions {
  /** Which passages that have an id are kept; absent: all. */
  readonly keep?: (id: string) => boolean;
  /** A passage without an id is a problem. */
  readonly needIds?: boolean;
}

/** Problems beyond this many are counted, not kept. */
export const MAX_PROBLEMS = 1000;

/** Ids and titles stand on one line and in tables. */
function onOneLine(text: string): string {
  if (!/[\n\t]/.test(text)) return text;
  // Not by replacing \s*[\n\t]\s*, whose time grows with the square of a run of spaces.
  return text
    .split(/[\n\t]/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .join(' ');
}

export class Collector {
  readonly passages: Passage[] = [];
  readonly problems: Problem[] = [];
  readonly notices: Notice[] = [];
  problemCount = 0;
  characters = 0;
  readonly #counts: CleanCounts = { controls: 0, broken: 0 };
  readonly #lineOfId = new Map<string, number>();
  readonly #withoutId: number[] = [];
  readonly #options: CollectorOptions;
  /** Passages that were read and not kept. */
  left = 0;
  /** Rows left out because they have neither text nor title. */
  empty = 0;
  /** Which columns or keys became what. */
  readonly fields = new FieldNames();

  constructor(options: CollectorOptions = {}) {
    this.#options = options;
  }

  /** Passages that came without an id. */
  get generatedIds(): number {
    return this.#withoutId.length;
  }

  problem(line: number, reason: string): void {
    this.problemCount++;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ line, reason });
  }

  notice(code: Notice['code'], message: string): void {
    if (!this.notices.some((n) => n.code === code)) this.notices.push({ code, message });
  }

  /**
   * Adds a passage; without an id it gets a generated one in `finish`. What has a title and no text is kept
   * with its title as text; what has neither is left out and counted: collections such as BEIR's have both.
   */
  add(line: number, rawId: string | undefined, rawTitle: string | undefined, rawText: string): void {
    const body = cleanText(rawText, this.#counts);
    const heading = onOneLine(cleanText(rawTitle ?? '', this.#counts));
    // A title says something, too; where it is all there is, it is the text.
    const text = body === '' ? heading : body;
    const title = body === '' ? '' : heading;
    const id = rawId === undefined ? '' : onOneLine(cleanText(rawId, this.#counts));
    if (id !== '') {
      const earlier = this.#lineOfId.get(id);
      if (earlier !== undefined) {
        this.problem(
          line,
          `The id ${excerpt(id)} is on line ${earlier} and again on line ${line}. ` +
            'Give one of the two another id, or skip the second.',
        );
        return;
      }
      this.#lineOfId.set(id, line);
      if (text !== '' && this.#options.keep && !this.#options.keep(id)) {
        this.left++;
        return;
      }
    }
    if (text === '') {
      this.empty++;
      return;
    }
    if (id === '') {
      if (this.#options.needIds) {
        this.problem(line, `There is no “_id” for ${excerpt(text)}. Judgments and runs name passages by it.`);
        return;
      }
      this.#withoutId.push(this.passages.length);
    }
    this.characters += text.length + title.length;
    this.passages.push(title === '' ? { id, text } : { id, title, text });
  }

  finish(): void {
    this.#generateIds();
    const { controls, broken } = this.#counts;
    if (controls > 0) {
      this.notice('control-characters', `${counted(controls, 'control character')} removed from the text.`);
    }
    if (broken > 0) {
      this.notice('broken-characters', `${counted(broken, 'half character')} replaced by “\ufffd”.`);
    }
    if (this.empty > 0) {
      const have = this.empty === 1 ? 'has' : 'have';
      this.notice(
        'left-out',
        `${counted(this.empty, 'passage')} left out that ${have} neither text nor title.`,
      );
    }
    const { length } = this.passages;
    if (length === 0) {
      this.notice('empty', 'This corpus has no passages. Paste text, drop a file or choose a sample.');
    } else if (length === 1) {
      this.notice('single', 'There is only one passage, so there is nothing to rank. Add more passages.');
    } else {
      this.#noteIdentical();
    }
  }

  /** p01, p02 …: a passage's place in the corpus, as wide as the number of passages needs. */
  #generateIds(): void {
    const width = Math.max(2, String(this.passages.length).length);
    for (const index of this.#withoutId) {
      const base = `p${String(index + 1).padStart(width, '0')}`;
      let id = base;
      // Only when the input itself uses an id of this form.
      for (let n = 2; this.#lineOfId.has(id); n++) id = `${base}-${n}`;
      this.passages[index] = { ...this.passages[index]!, id };
    }
  }

  #noteIdentical(): void {
    const seen = new Map<string, number>();
    let repeats = 0;
    let example = '';
    this.passages.forEach(({ id, text }, index) => {
      const earlier = seen.get(text);
      if (earlier === undefined) {
        seen.set(text, index);
      } else {
        repeats++;
        example ||= `${id} = ${this.passages[earlier]!.id}`;
      }
    });
    if (repeats === 0) return;
    const repeat = repeats === 1 ? 'repeats' : 'repeat';
    this.notice(
      'identical',
      `${counted(repeats, 'passage')} ${repeat} the text of another (${example}). ` +
        'Identical passages tie; they keep the first stage’s order.',
    );
  }
}
