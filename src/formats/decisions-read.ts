/** Reads a "Decisions (JSON)" file back and checks that it is whole and agrees with itself. */

import type { Device, Dtype, Truncation } from '../inference/scorer.ts';
import { FUSIONS, type Fusion } from '../ranking/fusion.ts';
import { pointwiseYes } from '../ranking/methods/pointwise-yes/method.ts';
import { prpAllPairs } from '../ranking/methods/prp-allpair/method.ts';
import { METHOD_IDS, type MethodId, readMethodId } from '../ranking/methods/registry.ts';
import { CHOICE_NAMES } from '../ranking/schedules/choices.ts';
import { type PromptTemplate, TEMPLATE_KINDS } from '../ranking/template.ts';
import { STEMMINGS } from '../retrieval/params.ts';
import {
  DECISIONS_VERSION,
  type DecisionsExport,
  type ExportedCandidate,
  type ExportedComparison,
  type ExportedDecision,
  type ExportedListing,
  type ExportedMethod,
  type ExportedScore,
  type MethodState,
  RECORDING_FORMAT,
} from './decisions.ts';
import { badInput, excerpt } from './excerpt.ts';
import { Checked, type JsonValue, parseJsonValues } from './json-check.ts';
import { readTemplateFields } from './template-fields.ts';

const STATES: readonly MethodState[] = ['idle', 'running', 'done', 'cancelled', 'error'];
const DTYPES: readonly Dtype[] = ['fp32', 'int8', 'q8', 'q4'];
const DEVICES: readonly Device[] = ['cpu', 'wasm', 'webgpu'];

/** Reads a file with one export. Throws 'bad-input' naming file, line and field. */
export function readDecisions(text: string, file = 'the decisions file'): DecisionsExport {
  const [first, second] = readAllDecisions(text, file);
  if (!first) throw badInput(file, undefined, 'it is empty. Choose a file exported as “Decisions (JSON)”.');
  if (second)
    throw badInput(file, undefined, 'it contains several queries; a file with one is expected here.');
  return first;
}

/** Reads a file with any number of exports (a JSON list, or JSON lines), as the command line writes them. */
export function readAllDecisions(text: string, file = 'the decisions file'): DecisionsExport[] {
  return parseJsonValues(text, file).map((value) => readDecisionsValue(value, file));
}

/** One of them, as it stands in its file. @throws RankscopeError 'bad-input' naming file, line and field */
export const readDecisionsValue = ({ value, line }: JsonValue, file: string): DecisionsExport =>
  readExport(new Checked(value, file, line, ''));

function readExport(object: Checked): DecisionsExport {
  const version = object.number('version');
  if (version !== 1 && version !== DECISIONS_VERSION) {
    throw object.error('version', `is ${version}; this program reads versions 1 and ${DECISIONS_VERSION}`);
  }
  const candidates = object.objects('candidates').map(readCandidate);
  const ids = new Set(candidates.map(({ id }) => id));
  if (ids.size < candidates.length) throw object.error('candidates', 'two have the same id');
  const methods = object.object('methods');
  const student = methods.object('student');
  const teacher = methods.object('teacher');
  const queryId = object.has('queryId') ? object.id('queryId') : undefined;
  const cut = object.has('queryCut') ? object.object('queryCut') : undefined;
  return {
    version,
    format: version === DECISIONS_VERSION ? RECORDING_FORMAT : undefined,
    query: object.string('query'),
    queryId,
    queryCut: cut === undefined ? undefined : { kept: cut.number('kept'), total: cut.number('total') },
    firstStage: object.has('firstStage') ? readFirstStage(object.object('firstStage')) : undefined,
    candidates,
    gradesElsewhere: object.has('gradesElsewhere') ? object.numbers('gradesElsewhere') : undefined,
    made: object.has('made') ? readMade(object.object('made')) : undefined,
    methods: {
      bm25: readMethod(methods.object('bm25'), 'bm25', ids),
      student: {
        ...readMethod(student, pointwiseYes.id, ids),
        scored: student.objects('scored').map((item) => readScore(item, ids)),
      },
      teacher: {
        ...readMethod(teacher, prpAllPairs.id, ids),
        decisions: teacher.objects('decisions').map((item) => readDecision(item, ids)),
        compared: teacher.has('compared')
          ? teacher.objects('compared').map((item) => readComparison(item, ids))
          : undefined,
        listed: teacher.has('listed')
          ? teacher.objects('listed').map((item) => readListing(item, ids))
          : undefined,
      },
    },
  };
}

const readMade = (item: Checked): DecisionsExport['made'] => ({
  at: item.string('at'),
  on: item.optionalString('on'),
});

function readCandidate(item: Checked, index: number): ExportedCandidate {
  const title = item.optionalString('title');
  return {
    id: item.id('id'),
    title,
    text: item.string('text'),
    rank: item.has('rank') ? item.number('rank') : index + 1,
    score: item.has('score') ? item.number('score') : 0,
    filled: (item.has('filled') && item.boolean('filled')) || undefined,
    grade: item.has('grade') ? item.number('grade') : undefined,
  };
}

function known(item: Checked, key: string, ids: ReadonlySet<string>): string {
  const id = item.id(key);
  if (!ids.has(id)) throw item.error(key, `${excerpt(id)} is not one of the candidates`);
  return id;
}

function readMethod(item: Checked, fallback: MethodId | 'bm25', ids: ReadonlySet<string>): ExportedMethod {
  const order = item.ids('order');
  const scores = item.numbers('scores');
  if (scores.length !== order.length) {
    throw item.error('scores', `has ${scores.length} entries for ${order.length} passages in the order`);
  }
  if (new Set(order).size < order.length) throw item.error('order', 'names a passage twice');
  for (const id of order) {
    if (!ids.has(id)) throw item.error('order', `${excerpt(id)} is not one of the candidates`);
  }
  const checkpoint = item.has('checkpoint') ? item.object('checkpoint') : undefined;
  return {
    method: item.has('method') ? readName(item) : fallback,
    template: item.has('template') ? readTemplate(item.object('template')) : null,
    checkpoint: checkpoint
      ? {
          name: checkpoint.string('name'),
          digest: checkpoint.string('digest'),
          dtype: checkpoint.has('service') ? undefined : checkpoint.oneOf('dtype', DTYPES),
          device: checkpoint.has('service') ? undefined : checkpoint.oneOf('device', DEVICES),
          service: checkpoint.has('service') ? checkpoint.string('service') : undefined,
          threads: checkpoint.has('threads') ? checkpoint.number('threads') : undefined,
          alone: checkpoint.has('alone') ? checkpoint.boolean('alone') : undefined,
          runtime: checkpoint.has('runtime') ? checkpoint.string('runtime') : undefined,
        }
      : null,
    ...Object.fromEntries(
      CHOICE_NAMES.filter((name) => item.has(name)).map((name) => [name, item.number(name)]),
    ),
    trueProbabilities: item.has('trueProbabilities') ? item.boolean('trueProbabilities') : undefined,
    fusion: item.has('fusion') ? readFusionOf(item) : undefined,
    raced: item.has('raced') ? item.boolean('raced') : undefined,
    state: item.oneOf('state', STATES),
    order,
    scores,
    // Its rows are checked where they are read (recording/log-rows.ts).
    log: item.has('log') ? (item.array('log') as ExportedMethod['log']) : undefined,
  };
}

function readFusionOf(item: Checked): Fusion {
  const given = item.object('fusion');
  const by = given.oneOf('by', FUSIONS);
  if (by === 'rrf') return { by };
  const weight = given.number('weight');
  if (weight < 0 || weight > 1) throw item.error('fusion', `its weight is ${weight}; it must be from 0 to 1`);
  return { by, weight };
}

function readFirstStage(item: Checked): DecisionsExport['firstStage'] {
  const bm25 = item.object('bm25');
  return {
    bm25: {
      k1: bm25.number('k1'),
      b: bm25.number('b'),
      delta: bm25.number('delta'),
      stopWords: bm25.boolean('stopWords'),
      fold: bm25.boolean('fold'),
      stemming: bm25.oneOf('stemming', STEMMINGS),
    },
    k: item.number('k'),
    fill: item.boolean('fill'),
  };
}

/** Files of before a renaming have the id of then. */
const readName = (item: Checked): MethodId | 'bm25' =>
  readMethodId(item.raw('method')) ?? item.oneOf('method', [...METHOD_IDS, 'bm25' as const]);

const readTemplate = (item: Checked): PromptTemplate =>
  readTemplateFields(item, item.oneOf('kind', TEMPLATE_KINDS));

function readCost(item: Checked) {
  const cuts: Truncation[] | undefined = item.has('cuts')
    ? item.objects('cuts').map((cut) => ({
        slot: cut.string('slot'),
        kept: cut.number('kept'),
        total: cut.number('total'),
      }))
    : undefined;
  return {
    tokens: item.number('tokens'),
    outputs: item.has('outputs') ? item.number('outputs') : undefined,
    ms: item.number('ms'),
    cached: item.boolean('cached'),
    cuts,
  };
}

function readScore(item: Checked, ids: ReadonlySet<string>): ExportedScore {
  return {
    id: known(item, 'id', ids),
    score: item.number('score'),
    logits: item.numbers('logits'),
    logSumExp: item.has('logSumExp') ? item.number('logSumExp') : undefined,
    ...readCost(item),
  };
}

function readDecision(item: Checked, ids: ReadonlySet<string>): ExportedDecision {
  const a = known(item, 'a', ids);
  const b = known(item, 'b', ids);
  if (a === b) throw item.error('', `passage ${excerpt(a)} is compared with itself`);
  const logitA = item.number('logitA');
  const logitB = item.number('logitB');
  const preference = item.oneOf('preference', [0, 0.5, 1] as const);
  const expected = logitA > logitB ? 1 : logitA < logitB ? 0 : 0.5;
  if (preference !== expected) {
    throw item.error(
      'preference',
      `is ${preference}, but the logits ${logitA} and ${logitB} give ${expected}`,
    );
  }
  return { a, b, logitA, logitB, preference, ...readCost(item) };
}

/** Different candidates, as they were shown together. */
function readShown(item: Checked, ids: ReadonlySet<string>, least: number): readonly string[] {
  const shown = item.ids('shown');
  const stranger = shown.find((id) => !ids.has(id));
  if (stranger !== undefined) throw item.error('shown', `${excerpt(stranger)} is not one of the candidates`);
  if (new Set(shown).size < shown.length) throw item.error('shown', 'names a passage twice');
  if (shown.length < least) throw item.error('shown', `must name ${least} or more passages`);
  return shown;
}

function readComparison(item: Checked, ids: ReadonlySet<string>): ExportedComparison {
  const shown = readShown(item, ids, 2);
  const winner = item.id('winner');
  if (!shown.includes(winner)) throw item.error('winner', `${excerpt(winner)} is not one of those shown`);
  const logits = item.has('logits') ? item.numbers('logits') : undefined;
  return { shown, winner, logits, ...readCost(item) };
}

function readListing(item: Checked, ids: ReadonlySet<string>): ExportedListing {
  const shown = readShown(item, ids, 1);
  const order = item.ids('order');
  const isWhole = order.length === shown.length && new Set(order).size === order.length;
  if (!isWhole || !order.every((id) => shown.includes(id))) {
    throw item.error('order', 'must have each passage shown once');
  }
  const text = item.optionalString('text');
  const malformed = item.boolean('malformed');
  return { shown, order, text, malformed, ...readCost(item) };
}
