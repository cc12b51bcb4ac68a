/**
 * TREC's topics: the classic `<top><num> Number: 301 <title> …` with or without closing tags, CLEF's
 * `<EN-title>`, and XML such as `<topic number="1"><query>…`, `<topic>` with bare text, and Indri's `<query>`.
 */
import { badInput, excerpt } from './excerpt.ts';
import { type MarkupPiece, readMarkup } from './markup.ts';

export interface Topic {
  readonly id: string;
  /** '' where nothing in the topic can be a query. */
  readonly text: string;
  /** Where the topic begins, from 1. */
  readonly line: number;
}

const TOPIC: ReadonlySet<string> = new Set(['top', 'topic', 'inex_topic']);
/** Of fields and of attributes. */
const IDS = ['num', 'number', 'qid', 'id', 'identifier', 'topic_number', 'topic_id', 'topicid'];
/** What is the query, best first; '' is the topic's own text. */
const QUERY_FIELDS = ['title', 'query', 'text', 'content', '', 'question', 'desc', 'description', 'summary'];
/** Fields of the classic form, which begin at their tags wherever these stand and need no closing. */
const FIELDS: ReadonlySet<string> = new Set([
  ...IDS,
  ...QUERY_FIELDS,
  'narr',
  'narrative',
  'querytime',
  'con',
  'fac',
  'def',
]);
/** Fields that are not words to search for. */
const NO_WORDS: ReadonlySet<string> = new Set([
  'docid',
  'docno',
  'type',
  'url',
  'querytime',
  'querytweettime',
]);
/** What the classic form says again inside a field. */
const LABELS: Readonly<Record<string, RegExp>> = {
  num: /^(?:number\s*)?:\s*/i,
  title: /^topic\s*:\s*/i,
  desc: /^description\s*:\s*/i,
};
/** Mark-up that parts no words. */
const INLINE: ReadonlySet<string> = new Set(['b', 'em', 'i', 'span', 'strong', 'sub', 'sup', 'u']);

/** Whether a text is topics rather than lines or JSON: it begins with a tag, or has `<top>` at a line's beginning. */
export function looksLikeTopics(start: string): boolean {
  return /^<[?!a-z]/i.test(start) || /^[ \t]*<top[\s>]/im.test(start);
}

/**
 * Reads topics. The query is the title (also `EN-title`), else `query`, else the topic's own text, else question,
 * description or summary, else all its fields together.
 * @throws RankscopeError 'bad-input' naming the line of a topic without a number or an end, of broken markup, or of
 *   the first tag where there is no topic at all
 */
export function readTopics(text: string, file: string): Topic[] {
  const reader = new TopicReader(file);
  readMarkup(text, file, (piece) => reader.take(piece));
  return reader.finish();
}

class TopicReader {
  readonly #file: string;
  readonly #topics: Topic[] = [];
  #open: OpenTopic | undefined;
  /** Names of topics that were closed by a tag. */
  readonly #closed = new Set<string>();
  #firstTag: { readonly name: string; readonly line: number } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  take(piece: MarkupPiece): void {
    if (piece.type === 'text') {
      this.#open?.add(piece.text);
      return;
    }
    const { name } = piece;
    if (piece.type === 'close') {
      if (this.#open && name === this.#open.name) {
        this.#closed.add(name);
        this.#end();
      } else this.#open?.close(name);
      return;
    }
    this.#firstTag ??= piece;
    const isTopic = TOPIC.has(name) || (name === 'query' && !this.#open);
    if (!isTopic) {
      this.#open?.begin(piece);
      return;
    }
    // A classic topic that has no closing tag ends where the next one begins; in XML that is a mistake.
    if (this.#open && this.#open.name !== 'top') throw this.#endless(this.#open);
    this.#end();
    this.#open = new OpenTopic(piece);
    if (piece.empty) this.#end();
  }

  finish(): Topic[] {
    const last = this.#open;
    if (last && (last.name !== 'top' || this.#closed.has(last.name))) {
      throw this.#endless(last);
    }
    this.#end();
    if (this.#topics.length === 0 && this.#firstTag) {
      const { name, line } = this.#firstTag;
      throw badInput(
        this.#file,
        line,
        `it has tags (the first is <${name}>) but no topics, which are <topic> or <top> elements.`,
      );
    }
    return this.#topics;
  }

  #endless({ name, line }: OpenTopic): Error {
    return badInput(
      this.#file,
      line,
      `the <${name}> that starts here never ends: “</${name}>” is missing, or the file is cut off.`,
    );
  }

  #end(): void {
    const topic = this.#open;
    this.#open = undefined;
    if (!topic) return;
    const id = topic.id();
    if (id === '') {
      throw badInput(
        this.#file,
        topic.line,
        `the topic that begins here has no number${topic.sample()}. Add <num> to it, or the attribute number.`,
      );
    }
    this.#topics.push({ id, text: topic.query(), line: topic.line });
  }
}

type OpenTag = Extract<MarkupPiece, { type: 'open' }>;

/** A topic under way: its fields, each in the pieces it came in. */
class OpenTopic {
  readonly name: string;
  readonly line: number;
  readonly #attributes: ReadonlyMap<string, string>;
  /** Pieces by field; '' is what stands in none. */
  readonly #fields = new Map<string, string[]>([['', []]]);
  #field = '';
  /** Tag that has opened the field. */
  #tag = '';

  constructor({ name, line, attributes }: OpenTag) {
    this.name = name;
    this.line = line;
    this.#attributes = attributes;
  }

  add(text: string): void {
    this.#fields.get(this.#field)!.push(text);
  }

  begin({ name, first, empty }: OpenTag): void {
    const field = withoutLanguage(name);
    // Inside a field a tag in the middle of a line is mark-up of its words, as in <title>the <i>Eurydice</i></title>.
    if (this.#tag !== '' && !first && !FIELDS.has(field)) this.#markup(name);
    else if (!empty) this.#start(name, field);
  }

  #start(name: string, field: string): void {
    this.#tag = name;
    // The same field again, in another language perhaps, is not a second query.
    this.#field = this.#fields.has(field) ? `${field} ` : field;
    const pieces = this.#fields.get(this.#field) ?? [];
    pieces.push(' ');
    this.#fields.set(this.#field, pieces);
  }

  close(name: string): void {
    if (name === this.#tag) {
      this.#field = '';
      this.#tag = '';
    } else this.#markup(name);
  }

  #markup(name: string): void {
    if (!INLINE.has(name)) this.add(' ');
  }

  id(): string {
    const field = IDS.map((name) => this.#text(name)).find((text) => text !== '');
    const attribute = IDS.map((name) => this.#attributes.get(name)?.trim() ?? '');
    return field ?? attribute.find((text) => text !== '') ?? '';
  }

  query(): string {
    const named = QUERY_FIELDS.map((name) => this.#text(name)).find((text) => text !== '');
    if (named !== undefined) return named;
    const others = [...this.#fields.keys()].filter((name) => !IDS.includes(name) && !NO_WORDS.has(name));
    return others
      .map((name) => this.#text(name))
      .filter((text) => text !== '')
      .join(' ');
  }

  /** Its first words, for messages. */
  sample(): string {
    const query = this.query();
    return query === '' ? '' : ` (${excerpt(query)})`;
  }

  #text(field: string): string {
    const text = (this.#fields.get(field) ?? []).join('').replace(/\s+/g, ' ').trim();
    const label = LABELS[field];
    return label ? text.replace(label, '') : text;
  }
}

/** `EN-title` → `title`: of a field's name known, two letters before it are a language. */
function withoutLanguage(name: string): string {
  const match = /^[a-z]{2,3}[-_:](.+)$/.exec(name);
  return match && FIELDS.has(match[1]!) ? match[1]! : name;
}
