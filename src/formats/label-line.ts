/**
 * The label file: JSON lines, one query a line in the order of the input. A line is RankGPT's hits line
 * (so that everything that reads candidates reads labels too) with the teacher's answer behind it:
 *
 *   {"query": "…", "hits": [{"content": "…", "qid": "q1", "docid": "p1", "rank": 1, "score": 9.5}, …],
 *    "source": {"kind": "prp-allpair", …}, "order": [2, 0, 1], "scores": [4, 2, 0],
 *    "decisions": [[0, 1, -3.25, -3.5, 0], …]}
 *
 * `order` has positions in `hits` from 0, best first; scores[i] belongs to order[i]. A decision is
 * [a, b, logitA, logitB, cut]: hits[a] shown as passage A, hits[b] as B, how many of the two were cut to
 * fit. Logits are 32-bit floats, written so that reading them gives the same ones. Sources that make no
 * decisions (an encoder, a run) have none. `queryCut` says how much of a query the teacher read, where that was
 * not all of it (--cut-queries).
 */

import { PAIRWISE_IDS, type PairwiseId } from '../ranking/methods/registry.ts';
import { preference } from '../ranking/pair-table.ts';
import { badInput } from './excerpt.ts';
import { type CandidateList, readHitsValue, writeRankGptHits } from './hits.ts';
import { Checked, type JsonValue } from './json-check.ts';

/** Who labelled, in full enough a form to tell labels of one source from those of another. */
export interface SourceInfo {
  readonly kind: PairwiseId | 'encoder' | 'run' | 'permutations' | 'judgments';
  /** Name for people: of the checkpoint, the encoder or the file. */
  readonly name: string;
  /** SHA-256 of the model or the file. */
  readonly digest: string;
  readonly [detail: string]: unknown;
}

/** hits[a] as passage A, hits[b] as passage B. */
export interface LabelDecision {
  readonly a: number;
  readonly b: number;
  readonly logitA: number;
  readonly logitB: number;
  /** c_ab of Eq. 4. */
  readonly preference: 0 | 0.5 | 1;
  /** Passages of the two that were cut to fit. */
  readonly cut: number;
}

export interface Label {
  /** Positions in the candidates, best first: a permutation. */
  readonly order: readonly number[];
  /** scores[i] belongs to order[i]. */
  readonly scores: readonly number[];
  readonly decisions: readonly LabelDecision[];
  /** Where the teacher read only the query's beginning: UTF-16 units kept, of how many. */
  readonly queryCut?: { readonly kept: number; readonly total: number };
}

export interface LabelledList extends CandidateList, Label {
  readonly source: SourceInfo;
}

/** Shortest decimal that gives the same 32-bit float again. */
export const float = (value: number): number => Number(Math.fround(value).toPrecision(9));

/** The part of a line that is known before the work: query, hits and source. */
export function lineHead({ query, candidates }: CandidateList, source: SourceInfo): string {
  return `${hitsPart({ query, candidates })},"source":${JSON.stringify(source)},`;
}

/** The hits line without its last brace. */
export function hitsPart(list: CandidateList): string {
  return writeRankGptHits([list], { lines: true }).trimEnd().slice(0, -1);
}

/** A whole line, without its end. */
export function writeLabelLine(head: string, { order, scores, decisions, queryCut }: Label): string {
  const rest = {
    order,
    scores,
    queryCut,
    decisions:
      decisions.length === 0
        ? undefined
        : decisions.map(({ a, b, logitA, logitB, cut }) => [a, b, float(logitA), float(logitB), cut]),
  };
  return head + JSON.stringify(rest).slice(1);
}

/** Reads one line's value. @throws RankscopeError 'bad-input' with file, line and field */
export function readLabelValue(json: JsonValue, index: number, file: string): LabelledList {
  const list = readHitsValue(json, index, file);
  const object = new Checked(json.value, file, json.line, '');
  if (!object.has('order')) {
    throw badInput(
      file,
      json.line,
      'there is no “order” in it: these are candidates, not labels (see label).',
    );
  }
  return {
    ...list,
    ...readLabel(object, list.candidates.length),
    source: readSource(object.object('source')),
  };
}

function readSource(object: Checked): SourceInfo {
  const kinds = [...PAIRWISE_IDS, 'encoder', 'run', 'permutations', 'judgments'] as const;
  const details = Object.fromEntries(object.keys().map((key) => [key, object.raw(key)]));
  return {
    ...details,
    kind: object.oneOf('kind', kinds),
    name: object.string('name'),
    digest: object.string('digest'),
  };
}

function readLabel(object: Checked, size: number): Label {
  const order = object.numbers('order');
  const scores = object.numbers('scores');
  const isPosition = (at: number) => Number.isInteger(at) && at >= 0 && at < size;
  if (order.length !== size || new Set(order).size !== size || !order.every(isPosition)) {
    throw object.error('order', `must have every position from 0 to ${size - 1} once`);
  }
  if (scores.length !== size)
    throw object.error('scores', `has ${scores.length} entries for ${size} passages`);
  const raw = object.has('decisions') ? object.array('decisions') : [];
  const decisions = raw.map((value, i): LabelDecision => {
    const numbers = Array.isArray(value) && value.every((item) => typeof item === 'number') ? value : [];
    const [a = -1, b = -1, logitA = Number.NaN, logitB = Number.NaN, cut = 0] = numbers as number[];
    if (numbers.length < 4 || !isPosition(a) || !isPosition(b) || a === b) {
      throw object.error(
        `decisions[${i}]`,
        'expected [a, b, logitA, logitB, cut] with two different positions',
      );
    }
    return { a, b, logitA, logitB, preference: preference(logitA, logitB), cut };
  });
  const cut = object.has('queryCut') ? object.object('queryCut') : undefined;
  const queryCut = cut && { kept: cut.number('kept'), total: cut.number('total') };
  return { order, scores, decisions, queryCut };
}
