/**
 * rank_llm's history of calls (`invocations_history`) as a recording: prompts in which passages were numbered, and
 * answers that put them in order. It holds neither ids nor the candidates, so both come from the prompts: a passage is
 * its text, and the first stage's order is the one in which windows that slide up a list must have found it.
 */
import type { MethodId } from '../../ranking/methods/registry.ts';
import type { LogEvent } from '../../ranking/progress/progress.ts';
import type { Listing } from '../../ranking/types.ts';
import type { Candidate } from '../../types.ts';
import { repairPermutation } from '../distill.ts';
import { Checked, type JsonValue } from '../json-check.ts';
import { MOST_CANDIDATES } from './bounds.ts';
import type { Recording } from './recording.ts';

/** Calls of one query: sixteen passes over the longest list that is read. */
const MOST_CALLS = 3_200;

/**
 * @param method as which the run is shown
 * @throws RankscopeError 'bad-input' naming file, line and call
 */
export function invocationsRecording(
  { value, line }: JsonValue,
  index: number,
  file: string,
  method: MethodId,
): Recording {
  const entry = new Checked(value, file, line, '');
  const query = new Checked(entry.raw('query'), file, line, 'query');
  const calls = entry.array('invocations_history');
  if (calls.length === 0) {
    throw entry.error(
      'invocations_history',
      'no call was kept (rank_llm keeps none of its pairwise rankers)',
    );
  }
  if (calls.length > MOST_CALLS) {
    throw entry.error('invocations_history', `${calls.length} calls; up to ${MOST_CALLS} can be shown`);
  }
  const known = new KnownPassages();
  const windows = calls.map((call, i) => {
    const one = new Checked(call, file, line, `invocations_history[${i}]`);
    const texts = numberedPassages(promptText(one));
    if (texts.length === 0) {
      throw one.error('prompt', 'no numbered passages ([1] …, [2] …) were found in it');
    }
    const shown = known.see(texts);
    if (known.size > MOST_CANDIDATES) {
      throw one.error(
        'prompt',
        `more than ${MOST_CANDIDATES} passages for one query; that many cannot be shown`,
      );
    }
    return { shown, answer: one.string('response'), tokens: tokensOf(one) };
  });
  const order = known.firstStage();
  const position = new Map(order.map((passage, at) => [passage, at]));
  let ranked = order.map((_, at) => at);
  const events = windows.flatMap(({ shown, answer, tokens }): LogEvent[] => {
    const places = shown.map((passage) => position.get(passage)!);
    const item = listing(places, answer, tokens);
    ranked = reordered(ranked, item.order);
    const scores = ranked.map((_, place) => 1 / (place + 1));
    return [
      { type: 'listed', items: [item], at: 0 },
      { type: 'ranking', order: ranked, scores, at: 0 },
    ];
  });
  const width = Math.max(2, String(order.length).length);
  const candidates = order.map(
    (passage, at): Candidate => ({
      passage: { id: `p${String(at + 1).padStart(width, '0')}`, text: known.text(passage) },
      rank: at + 1,
      // Not kept; 0 is what a missing score is in lists of hits, too.
      score: 0,
    }),
  );
  return {
    query: { id: query.has('qid') ? query.id('qid') : `q${index + 1}`, text: query.string('text') },
    state: 'done',
    candidates,
    grades: new Map(),
    runs: [
      {
        column: 'teacher',
        kind: 'comparing',
        method,
        template: null,
        checkpoint: null,
        state: 'done',
        timed: false,
        events,
      },
    ],
  };
}

/** A prompt as one text: a text, messages of a chat, or (LiT5) a text a passage. What an assistant says in it is left out. */
function promptText(call: Checked): string {
  const prompt = call.raw('prompt');
  if (typeof prompt === 'string') return prompt;
  return call
    .array('prompt')
    .flatMap((part, i) => {
      const one = new Checked(part, call.file, call.line, `${call.where}.prompt[${i}]`);
      if (one.has('role') && one.raw('role') === 'assistant') return [];
      const text = one.string(one.has('text') ? 'text' : 'content');
      // LiT5 has everything of a passage in one line.
      return [text.replace(/^.*?\bPassage: (?=\[\d+\] )/s, '').replace(/\s*Relevance Ranking:\s*$/, '')];
    })
    .join('\n');
}

/** `[1] …` or `[A] …` at the beginning of a line, and LRL's `PASSAGE1 = "…"`. */
const MARK = /^(?:\[(\d+|[A-Z])\] ?|PASSAGE(\d+) = ")/gm;
/** What follows the last passage. */
const AFTER = /\n\s*(?:Search Query|Query|QUESTION|Rank the|<\||<\/s>|\[\/INST\])|<\|im_end\|>|<\/s>/;

/**
 * The passages of a prompt in their order: the longest stretch that counts 1, 2, 3 or A, B, C from the beginning.
 * @example `numberedPassages('[1] one\n[2] two\nSearch Query: q') // ['one', 'two']`
 */
export function numberedPassages(prompt: string): string[] {
  const marks = [...prompt.matchAll(MARK)].map((match) => {
    const name = match[1] ?? match[2]!;
    const number = /\d/.test(name) ? Number(name) : name.charCodeAt(0) - 64;
    return { number, from: match.index, to: match.index + match[0].length, quoted: match[2] !== undefined };
  });
  // A few-shot example before it counts from 1, too: the last beginning is the question's.
  const begin = marks.findLastIndex(({ number }, i) => number === 1 && (marks[i + 1]?.number ?? 2) === 2);
  if (begin < 0) return [];
  let end = begin + 1;
  while (end < marks.length && marks[end]!.number === end - begin + 1) end++;
  return marks.slice(begin, end).map(({ to, quoted }, i) => {
    const next = marks[begin + i + 1]?.from ?? prompt.length;
    const text = prompt.slice(to, next);
    const stop = i === end - begin - 1 ? text.search(AFTER) : -1;
    const whole = (stop < 0 ? text : text.slice(0, stop)).trim();
    return quoted ? whole.replace(/"$/, '') : whole;
  });
}

/** What a model said behind its thoughts, as the permutation of its window. */
function listing(shown: readonly number[], text: string, tokens: number): Listing {
  const answer = text.replace(/^.*<\/think>/s, '');
  // Letters count as numbers do.
  const numbered = answer.replace(/\[([A-Z])\]/g, (_, letter: string) => `[${letter.charCodeAt(0) - 64}]`);
  const { order, repeated, outOfRange, appended } = repairPermutation(numbered, shown.length);
  return {
    shown,
    order: order.map((at) => shown[at]!),
    text,
    malformed: repeated + outOfRange + appended > 0,
    tokens,
    ms: 0,
    cached: false,
    cuts: [],
  };
}

const tokensOf = (call: Checked): number => {
  const count = call.has('input_token_count') ? call.number('input_token_count') : 0;
  if (!Number.isInteger(count) || count < 0) throw call.error('input_token_count', 'expected a whole number');
  return count;
};

/** A window's passages in their new order, in the places that they have in the list. */
function reordered(list: readonly number[], window: readonly number[]): number[] {
  const members = new Set(window);
  let next = 0;
  return list.map((one) => (members.has(one) ? window[next++]! : one));
}

/** Passages that prompts have shown, by their texts; a prompt that was too long has cut them shorter than others did. */
class KnownPassages {
  readonly #texts: string[] = [];
  readonly #byText = new Map<string, number[]>();
  /** Passages in the order of the first stage. */
  readonly #order: number[] = [];

  get size(): number {
    return this.#texts.length;
  }

  text(passage: number): string {
    return this.#texts[passage]!;
  }

  firstStage(): readonly number[] {
    return this.#order;
  }

  /** The passages of a window, in the order shown. Equal texts in one window are different passages. */
  see(texts: readonly string[]): number[] {
    const taken = new Set<number>();
    const found = texts.map((text) => {
      const passage = this.#find(text, taken);
      if (passage !== undefined) taken.add(passage);
      return passage;
    });
    const news: number[] = [];
    const shown = found.map((passage, i) => {
      if (passage !== undefined) return passage;
      const fresh = this.#add(texts[i]!);
      news.push(fresh);
      return fresh;
    });
    // Windows slide up the list: what is new stands above what was seen. Where it stands below, they slide down.
    const below = shown.length > 0 && taken.has(shown[0]!);
    if (below) this.#order.push(...news);
    else this.#order.unshift(...news);
    return shown;
  }

  #add(text: string): number {
    const passage = this.#texts.push(text) - 1;
    this.#byText.set(text, [...(this.#byText.get(text) ?? []), passage]);
    return passage;
  }

  #find(text: string, taken: ReadonlySet<number>): number | undefined {
    const equal = this.#byText.get(text)?.find((passage) => !taken.has(passage));
    if (equal !== undefined || text.length < LEAST_COMMON) return equal;
    const cut = this.#texts.findIndex(
      (other, passage) =>
        !taken.has(passage) &&
        other.length >= LEAST_COMMON &&
        (other.startsWith(text) || text.startsWith(other)),
    );
    if (cut < 0) return undefined;
    if (text.length > this.#texts[cut]!.length) {
      this.#texts[cut] = text;
      this.#byText.set(text, [cut]);
    }
    return cut;
  }
}

/** Characters that a passage and its cut form have in common at least. */
const LEAST_COMMON = 40;
