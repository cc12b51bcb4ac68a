/**
 * `label`: candidates + a source → a ranking (and every decision) for each query. The output grows
 * query by query under its own name, and any prefix of it is a place to go on from: lines do not depend
 * on when they are made.
 */
import { rm, stat } from 'node:fs/promises';
import type { RankscopeError } from '../../src/errors.ts';
import { isIdentical } from '../../src/evaluation/identical-ids.ts';
import { badInput, excerpt } from '../../src/formats/excerpt.ts';
import {
  hitsPart,
  type Label,
  lineHead,
  readLabelValue,
  writeLabelLine,
} from '../../src/formats/label-line.ts';
import { countIdentical, keptNote } from '../input/identical-ids.ts';
import { type QueryList, readLists } from '../input/lists.ts';
import { ResumableLines } from '../input/resumable-lines.ts';
import { takeShard } from '../input/shard.ts';
import { freeFor, refuseWhatCannotFit } from '../node/machine.ts';
import { refusePlace } from '../node/writing.ts';
import { Auditor } from './audit.ts';
import { auditPath, removeAudit, writeAudit, writeUnfinished } from './audit-file.ts';
import type { LabelEstimate, LabelListener, LabelRequest, LabelSummary } from './label-request.ts';
import type { LabelSource } from './source.ts';
import { writeInstructDistill } from './write-instruct-distill.ts';

/** Less work than this starts at once, without a measurement. */
const MEASURE_FROM = 200;
/** A decision in the output, on average: `[3,12,-10.2345678,-11.3456789,0],`. */
const DECISION_BYTES = 36;

/** @throws RankscopeError before any work for what is wrong with input, source or output */
export async function runLabel(request: LabelRequest, listener: LabelListener = {}): Promise<LabelSummary> {
  const began = performance.now();
  const all = await readLists(
    request.input,
    request.k,
    request.leaveOutIdenticalIds ? isIdentical : undefined,
  );
  const source = await request.source(all);
  const lists = takeShard(all, request.shard);
  await source.check(lists);
  const labels = new Labels(lists, source, request.output ?? '');
  const dry = request.dryRun === true || request.output === undefined;
  if (!dry) {
    await refusePlace(request.permutationsOutput, '--write-permutations');
    await refusePlace(request.listsOutput, '--write-lists');
  }
  for (const text of source.notices ?? []) listener.notice?.(text);
  const identical = countIdentical(all);
  if (identical > 0) listener.notice?.(keptNote(request.input, identical));
  const isNew = !dry && !(await stat(request.output!).catch(() => undefined));
  const output = dry ? undefined : await ResumableLines.open(request.output!, labels);
  const resumed = output?.count ?? (await linesOf(request.output, labels));
  const base = {
    command: 'label',
    source: source.info,
    shard: request.shard,
    output: request.output,
  } as const;
  try {
    const left = lists.slice(resumed);
    let estimate: LabelEstimate | undefined;
    if (left.length > 0) {
      await source.open();
      if (dry || source.plan(left).calls >= MEASURE_FROM) {
        estimate = await measured(source, left, request);
        if (estimate) {
          listener.estimated?.(estimate);
          refuse(estimate, request);
        }
      }
    }
    const queries = () => ({ total: lists.length, done: output?.count ?? resumed, resumed });
    const seconds = () => (performance.now() - began) / 1000;
    if (!output) {
      return {
        ...base,
        state: 'dry-run',
        queries: queries(),
        seconds: seconds(),
        estimate,
      };
    }
    if (left.length > 0) {
      await source.ahead?.(left, request.signal);
      await writeUnfinished(request.output!, lists.length);
    }
    const finished = await labelAll(request, left, source, labels, output, listener);
    if (!finished) return { ...base, state: 'cancelled', queries: queries(), seconds: seconds(), estimate };
    const audit = { ...labels.audit(), ...source.audit?.(lists) };
    const auditOutput = auditPath(request.output!);
    await writeAudit(request.output!, { source: source.info, ...source.details, audit });
    await writeInstructDistill(request, lists, labels.orders);
    return { ...base, state: 'done', queries: queries(), seconds: seconds(), estimate, audit, auditOutput };
  } finally {
    await output?.close();
    // Nothing in it, nothing to go on from; and a script would take it for labels.
    if (isNew && output?.count === 0 && lists.length > 0) {
      await rm(output.path, { force: true });
      await removeAudit(output.path);
    }
    await source.dispose();
  }
}

/** Labels what is left; false when the signal ended it. A query that was not finished leaves nothing. */
async function labelAll(
  { signal }: LabelRequest,
  left: readonly QueryList[],
  source: LabelSource,
  labels: Labels,
  output: ResumableLines,
  { progress }: LabelListener,
): Promise<boolean> {
  let planned = source.plan(left).calls;
  let done = 0;
  // Loading and measuring are not part of the rate.
  if (left[0]) progress?.(0, planned, source.unit, left[0].query.id);
  for (const list of left) {
    // Sources that do not wait for a model must let Ctrl-C in all the same.
    await new Promise((go) => setImmediate(go));
    if (signal?.aborted) return false;
    const before = done;
    const onCalls = (answers: number) => {
      done += answers;
      progress?.(done, planned, source.unit, list.query.id);
    };
    const label = await source.label(list, { signal, onCalls });
    if (!label) return false;
    // A schedule that needed fewer calls than its bound: what is left shrinks.
    planned -= source.plan([list]).calls - (done - before);
    await output.append(writeLabelLine(lineHead(list, source.info), label));
    labels.add(list, label);
  }
  return true;
}

async function measured(
  source: LabelSource,
  left: readonly QueryList[],
  { signal, output = '.' }: LabelRequest,
): Promise<LabelEstimate | undefined> {
  const estimate = await source.measure(left, signal);
  if (!estimate) return undefined;
  const heads = left.reduce((sum, list) => sum + Buffer.byteLength(lineHead(list, source.info)) + 60, 0);
  const decisions = source.unit === 'calls' ? estimate.calls * DECISION_BYTES : 0;
  return {
    ...estimate,
    unit: source.unit,
    queries: left.length,
    outputBytes: heads + decisions,
    free: await freeFor(output),
  };
}

/** @throws RankscopeError 'device' when memory or the output's disk has no room for what is left */
function refuse({ memoryBytes, outputBytes, free }: LabelEstimate, { output }: LabelRequest): void {
  const needs = { memoryBytes, diskBytes: output === undefined ? 0 : outputBytes };
  refuseWhatCannotFit(
    'This labelling',
    needs,
    free,
    output ?? '.',
    'Choose a smaller teacher or --dtype int8.',
  );
}

/** Lines of an earlier run that a dry run would go on from. */
const linesOf = async (output: string | undefined, labels: Labels) =>
  output === undefined ? 0 : ResumableLines.look(output, labels);

/** What is known of the labels so far: checks lines of an earlier run, and feeds audit and exports. */
class Labels {
  readonly orders: (readonly number[])[] = [];
  private readonly lists: readonly QueryList[];
  private readonly source: LabelSource;
  private readonly auditor = new Auditor();
  private readonly file: string;

  /** @param file the output's name, for messages */
  constructor(lists: readonly QueryList[], source: LabelSource, file: string) {
    this.file = file;
    this.lists = lists;
    this.source = source;
  }

  add({ query }: QueryList, label: Label): void {
    this.orders.push(label.order);
    this.auditor.add(query, label);
  }

  audit() {
    return this.auditor.result();
  }

  whole = (line: string, index: number): void => {
    const list = this.expected(index);
    if (!line.startsWith(lineHead(list, this.source.info))) throw this.foreign(line, index);
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw badInput(
        this.file,
        index + 1,
        'the line is damaged. Delete it and all lines after it, and run again.',
      );
    }
    this.add(list, readLabelValue({ value, line: index + 1 }, index, this.file));
  };

  /** Cut off only if it is the beginning of what would stand there. */
  half = (text: string, index: number): void => {
    const head = lineHead(this.expected(index), this.source.info);
    // A cut inside a character leaves a replacement at the end.
    const certain = text.replace(/\ufffd+$/, '');
    if (!certain.startsWith(head) && !head.startsWith(certain)) throw this.foreign(text, index);
  };

  private expected(index: number): QueryList {
    const list = this.lists[index];
    if (list) return list;
    throw badInput(
      this.file,
      index + 1,
      `it has more lines than the input has queries (${this.lists.length}). Choose another --output.`,
    );
  }

  private foreign(line: string, index: number): RankscopeError {
    const { query, candidates } = this.lists[index]!;
    const sameHits = line.startsWith(`${hitsPart({ query, candidates })},"source":`);
    const reason = sameHits
      ? `query ${excerpt(query.id)} was labelled by another source, or in another way: ${excerpt(line.slice(line.indexOf(',"source":') + 10), 200)}`
      : `it does not begin with query ${excerpt(query.id)} and its candidates, as the input would have it`;
    return badInput(
      this.file,
      index + 1,
      `${reason}. To start over, choose another --output or delete the file.`,
    );
  }
}
