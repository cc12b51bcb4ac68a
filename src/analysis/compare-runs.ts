/**
 * What differs between two runs over the same query: another checkpoint, dtype, template or schedule. Passages are told
 * apart by their ids; what only one of the runs has is counted, and left out of the rest.
 */
import { kendallTau } from '../evaluation/correlation.ts';
import type { Preference } from '../ranking/pair-table.ts';

export interface ComparedDecision {
  /** Positions in `ids`, in the order asked. */
  readonly a: number;
  readonly b: number;
  readonly logitA: number;
  readonly logitB: number;
  readonly preference: Preference;
  /** It was looked up, not asked for in this run. */
  readonly cached: boolean;
}

export interface ComparedRun {
  /** Passage ids by candidate position. */
  readonly ids: readonly string[];
  /** Positions, best first. */
  readonly order: readonly number[];
  readonly decisions: readonly ComparedDecision[];
  /** Of a pointwise run. */
  readonly scored: readonly {
    readonly index: number;
    readonly score: number;
    /** It was looked up, not asked for in this run. */
    readonly cached: boolean;
  }[];
}

/** An ordered pair whose answer changed; `before` and `after` are logit A − logit B. */
export interface Flip {
  readonly a: string;
  readonly b: string;
  readonly before: number;
  readonly after: number;
}

/** Ranks from 1, among the passages that both runs have. */
export interface Moved {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** Of |difference|, over what both runs have. */
export interface Differences {
  readonly both: number;
  /** Of these, those that are one answer in both runs: looked up in one of them, and equal to the last bit. */
  readonly shared: number;
  readonly mean: number;
  readonly largest: number;
}

export interface RunComparison {
  /** Passages that both have, and those that only one has. */
  readonly common: number;
  readonly onlyBefore: number;
  readonly onlyAfter: number;
  /** Kendall's τ of the two orders of the common passages; undefined for fewer than two. */
  readonly tau: number | undefined;
  /** The passages at the top of both, of the first `size`. */
  readonly top: { readonly size: number; readonly shared: number };
  /** Furthest first. */
  readonly moved: readonly Moved[];
  /** Ordered decisions that both have made: differences of logit A − logit B, and the flipped ones, surest first. */
  readonly decisions: (Differences & { readonly flips: readonly Flip[] }) | null;
  /** Scores of a pointwise run. Only comparable where template and method are the same. */
  readonly scores: Differences | null;
}

const TOP = 3;

/** @param before the run that was pinned @param after the one that is compared with it */
export function compareRuns(before: ComparedRun, after: ComparedRun): RunComparison {
  const known = new Set(after.ids);
  const common = new Set(before.ids.filter((id) => known.has(id)));
  const [first, second] = [orderOf(before, common), orderOf(after, common)];
  const rank = new Map(second.map((id, i) => [id, i + 1]));
  const moved = first
    .map((id, i): Moved => ({ id, from: i + 1, to: rank.get(id)! }))
    .filter(({ from, to }) => from !== to)
    .sort((x, y) => Math.abs(y.to - y.from) - Math.abs(x.to - x.from) || x.from - y.from);
  const size = Math.min(TOP, first.length);
  const top = new Set(first.slice(0, size));
  return {
    common: common.size,
    onlyBefore: before.ids.length - common.size,
    onlyAfter: after.ids.length - common.size,
    tau: first.length < 2 ? undefined : kendallTau(first, second),
    top: { size, shared: second.slice(0, size).filter((id) => top.has(id)).length },
    moved,
    decisions: decisionsOf(before, after),
    scores: scoresOf(before, after),
  };
}

const orderOf = ({ ids, order }: ComparedRun, common: ReadonlySet<string>): string[] =>
  order.map((position) => ids[position]!).filter((id) => common.has(id));

function decisionsOf(before: ComparedRun, after: ComparedRun): RunComparison['decisions'] {
  const place = new Map(before.ids.map((id, i) => [id, i]));
  const n = before.ids.length;
  const asked = new Map(before.decisions.map((one) => [one.a * n + one.b, one]));
  const flips: Flip[] = [];
  const differences: number[] = [];
  let shared = 0;
  for (const now of after.decisions) {
    const [a, b] = [after.ids[now.a]!, after.ids[now.b]!];
    const was = asked.get((place.get(a) ?? Number.NaN) * n + (place.get(b) ?? Number.NaN));
    if (!was) continue;
    const [old, fresh] = [was.logitA - was.logitB, now.logitA - now.logitB];
    differences.push(Math.abs(fresh - old));
    const equal = was.logitA === now.logitA && was.logitB === now.logitB;
    if (equal && (was.cached || now.cached)) shared++;
    if (was.preference !== now.preference) flips.push({ a, b, before: old, after: fresh });
  }
  if (differences.length === 0) return null;
  const sure = ({ before: old, after: fresh }: Flip): number => Math.min(Math.abs(old), Math.abs(fresh));
  return { ...summaryOf(differences, shared), flips: flips.sort((x, y) => sure(y) - sure(x)) };
}

function scoresOf(before: ComparedRun, after: ComparedRun): Differences | null {
  const known = new Map(before.scored.map((one) => [before.ids[one.index]!, one]));
  const differences: number[] = [];
  let shared = 0;
  for (const now of after.scored) {
    const was = known.get(after.ids[now.index]!);
    if (!was) continue;
    differences.push(Math.abs(now.score - was.score));
    if (now.score === was.score && (was.cached || now.cached)) shared++;
  }
  return differences.length === 0 ? null : summaryOf(differences, shared);
}

const summaryOf = (differences: readonly number[], shared: number): Differences => ({
  both: differences.length,
  shared,
  mean: differences.reduce((sum, one) => sum + one, 0) / differences.length,
  largest: differences.reduce((most, one) => Math.max(most, one), 0),
});
