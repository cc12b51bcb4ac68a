/** Where labels come from: a model that compares, an encoder, or a ranking that exists already. */

import type { Label, SourceInfo } from '../../src/formats/label-line.ts';
import type { QueryList } from '../input/lists.ts';
import type { Estimate, Plan } from '../scoring/measure-calls.ts';
import type { Audit } from './audit.ts';

export interface LabelOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of answers since the last call. */
  readonly onCalls?: (answers: number) => void;
}

export interface LabelSource {
  readonly info: SourceInfo;
  /** What is counted while it works, a plural noun. */
  readonly unit: 'calls' | 'texts' | 'queries';
  /** What the audit keeps beside the info: the whole template, threads. */
  readonly details: Readonly<Record<string, unknown>>;
  /** What the user should know before the work. */
  readonly notices?: readonly string[];
  /** @throws RankscopeError for lists that it cannot label, before any work. */
  check(lists: readonly QueryList[]): void | Promise<void>;
  /** Work on these lists, in its unit. */
  plan(lists: readonly QueryList[]): Plan;
  /** Loads what is needed to label. */
  open(): Promise<void>;
  /** How long these lists take, from some of their own prompts; after `open`. */
  measure(lists: readonly QueryList[], signal?: AbortSignal): Promise<Estimate | undefined>;
  /** Told before the first label which lists will be asked for, in this order: work may begin on all of them. */
  ahead?(left: readonly QueryList[], signal?: AbortSignal): Promise<void>;
  /** The label of one list, whatever was labelled before; undefined when the signal ended it. */
  label(list: QueryList, options: LabelOptions): Promise<Label | undefined>;
  /** What the audit says of these lists beside what their labels show. */
  audit?(lists: readonly QueryList[]): Pick<Audit, 'permutations'>;
  dispose(): Promise<void>;
}
