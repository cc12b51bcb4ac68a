/** What a value may be. One rule serves the command line, recipes and requests of programs, and words what is wrong. */

export interface NumberRule {
  readonly kind: 'whole' | 'number';
  readonly least?: number;
  readonly most?: number;
  /** The value must be larger than this. */
  readonly above?: number;
}

export interface ChoiceRule<T extends string = string> {
  readonly kind: 'choice';
  readonly choices: readonly T[];
  /** Today's word for one of before; old words are taken, and not offered. */
  readonly formerly?: (word: string) => T | undefined;
}

export type Rule = NumberRule | ChoiceRule;
/** What a value that keeps the rule is. */
export type ValueOf<R extends Rule> = R extends ChoiceRule<infer T> ? T : number;

/** Whole numbers; without `most` up to a billion, which nothing here reaches and arithmetic still holds. */
export const whole = (least: number, most = 1_000_000_000): NumberRule => ({ kind: 'whole', least, most });
export const above = (low: number, most?: number): NumberRule => ({ kind: 'number', above: low, most });
export const from = (least: number, most?: number): NumberRule => ({ kind: 'number', least, most });
export const anyNumber: NumberRule = { kind: 'number' };
export const among = <const T extends string>(choices: readonly T[]): ChoiceRule<T> => ({
  kind: 'choice',
  choices,
});

export function fits(rule: Rule, value: unknown): boolean {
  if (rule.kind === 'choice') return rule.choices.some((choice) => choice === value);
  if (!(rule.kind === 'whole' ? Number.isSafeInteger(value) : Number.isFinite(value))) return false;
  const number = value as number;
  const { least = -Infinity, most = Infinity, above: low = -Infinity } = rule;
  return number >= least && number <= most && number > low;
}

/** The end of a sentence: “it must be …”. */
export function must(rule: Rule): string {
  if (rule.kind === 'choice') return `one of ${rule.choices.join(', ')}`;
  const { kind, least, most, above: low } = rule;
  const words = kind === 'whole' ? 'a whole number' : 'a number';
  if (low !== undefined) return `${words} above ${low}${most === undefined ? '' : `, at most ${most}`}`;
  if (least !== undefined)
    return `${words} ${most === undefined ? `of at least ${least}` : `from ${least} to ${most}`}`;
  return most === undefined ? words : `${words} of at most ${most}`;
}

/** A text as the rule's value, or undefined where it breaks the rule. */
export function parse(rule: Rule, text: string): string | number | undefined {
  if (rule.kind === 'choice') return fits(rule, text) ? text : rule.formerly?.(text);
  const trimmed = text.trim();
  const isNumber = rule.kind === 'whole' ? /^\d+$/.test(trimmed) : trimmed !== '';
  return isNumber && fits(rule, Number(trimmed)) ? Number(trimmed) : undefined;
}
