/** What requests to a service come to: counted from its own figures, priced by what the user says. */

export interface RemoteCounts {
  /** Answers that came. */
  readonly answers: number;
  /** Requests sent: answers, and those that were refused or lost. */
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Answers whose tokens the service did not count. */
  readonly uncounted: number;
  /** Answers without a label that could be read: they count as ties. */
  readonly unreadable: number;
  /** Answers whose labels were read from words, because no log-probabilities came. */
  readonly byWords: number;
}

/** Of a service that is being asked. */
export interface RemoteNow extends RemoteCounts {
  /** What is waited for, in words: a limit of the service, or another try. */
  readonly waiting: string | null;
}

export const NO_COUNTS: RemoteCounts = {
  answers: 0,
  requests: 0,
  inputTokens: 0,
  outputTokens: 0,
  uncounted: 0,
  unreadable: 0,
  byWords: 0,
};

const NAMES = Object.keys(NO_COUNTS) as readonly (keyof RemoteCounts)[];

const each = (of: (name: keyof RemoteCounts) => number): RemoteCounts =>
  Object.fromEntries(NAMES.map((name) => [name, of(name)])) as unknown as RemoteCounts;

export const plusCounts = (one: RemoteCounts, other: RemoteCounts): RemoteCounts =>
  each((name) => one[name] + other[name]);

/** What has come to be since; all of it where the counting began anew. */
export const countedSince = (now: RemoteCounts, before: RemoteCounts = NO_COUNTS): RemoteCounts =>
  NAMES.some((name) => now[name] < before[name]) ? now : each((name) => now[name] - before[name]);

/** In the user's currency for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** In the price's currency. */
export const costOfTokens = (
  { inputTokens, outputTokens }: Pick<RemoteCounts, 'inputTokens' | 'outputTokens'>,
  { input, output }: Price,
): number => (inputTokens * input + outputTokens * output) / 1_000_000;

/**
 * Tokens of a text, about: four bytes each, as English in today's vocabularies has it. Other languages have more or
 * fewer; what a service really counted is known afterwards.
 */
export const aboutTokens = (text: string): number => Math.ceil(new TextEncoder().encode(text).length / 4);
