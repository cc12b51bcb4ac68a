/** Checks of what a card says of its making. */

import {
  COUNT,
  checkList,
  checkObject,
  type Fail,
  isCount,
  isDigest,
  isNumber,
  isObject,
  isText,
  type Json,
  NUMBER,
  optional,
  TEXT,
} from '../json-checks.ts';
import { shown } from '../json-text.ts';
import type { CardTemplate, TaughtLabels, ValidationPoint } from './ranker-card.ts';

const DIGEST = 'a SHA-256 of 64 hex digits';
const isSetting = (value: unknown) => isText(value) || isNumber(value) || typeof value === 'boolean';
const isPoint = (point: unknown) => Array.isArray(point) && point.length === 2 && point.every(isNumber);
const isCurve = (value: unknown) => Array.isArray(value) && value.every(isPoint);
const isMapOf = (is: (value: unknown) => boolean) => (value: unknown) =>
  isObject(value) && Object.values(value).every(is);
const TEXT_OR_NONE = [optional(isText), 'a string, or left out'] as const;

/** @throws by `fail`, for the first field that is not as ranker-card.ts says. */
export function checkProvenance(provenance: unknown, fail: Fail): void {
  checkObject(
    provenance,
    'provenance',
    {
      base: TEXT_OR_NONE,
      baseSha256: [optional(isDigest), `${DIGEST}, or left out`],
      teacher: TEXT_OR_NONE,
      teacherSha256: [optional(isDigest), `${DIGEST}, or left out`],
      steps: COUNT,
      seed: NUMBER,
      lossCurve: [optional(isCurve), 'a list of [step, loss], or left out'],
      recipe: TEXT_OR_NONE,
      settings: [optional(isMapOf(isSetting)), 'an object of strings, numbers and booleans, or left out'],
      trainer: TEXT_OR_NONE,
      command: TEXT,
      date: TEXT,
    },
    fail,
  );
  const { data, labels, stages, taught, validation } = provenance as Json;
  checkList(data, 'provenance.data', { name: TEXT, license: TEXT, use: TEXT }, fail);
  if (labels !== undefined) {
    checkObject(labels, 'provenance.labels', { sha256: [isDigest, DIGEST], source: TEXT }, fail);
  }
  if (taught !== undefined) {
    const isLabels = (value: unknown) => Array.isArray(value) && value.every(isText);
    checkList(taught, 'provenance.taught', { template: TEXT, labels: [isLabels, 'a list of words'] }, fail);
  }
  if (stages !== undefined) checkList(stages, 'provenance.stages', { name: TEXT, steps: COUNT }, fail);
  if (validation !== undefined) {
    const values = [isMapOf(isNumber), 'an object of numbers'] as const;
    const fields = { stage: TEXT_OR_NONE, step: [isCount, 'a whole number'], values } as const;
    checkList(validation, 'provenance.validation', fields, fail);
    checkRising(validation as readonly ValidationPoint[], fail);
  }
}

/**
 * Labels of the wordings that checkpoints are made with, by template id: for cards written before
 * `provenance.taught`. The wordings themselves are of higher floors; a test holds this to them.
 */
export const KNOWN_LABELS: Readonly<Record<string, readonly string[]>> = {
  'paper-prp': ['A', 'B'],
  'paper-relevance': ['Yes', 'No'],
  'paper-student': ['Yes'],
  'paper-conversation': ['Y', 'N'],
  'paper-conversation-pairs': ['A', 'B'],
  monot5: ['true', 'false'],
  'embedded-prp': ['A', 'B'],
  'embedded-relevance': ['Yes', 'No'],
};

/**
 * Other labels than it was taught would be read all the same, and mean nothing.
 * @throws by `fail`, naming both
 */
export function checkTaught(
  templates: readonly CardTemplate[],
  taught: readonly TaughtLabels[] | undefined,
  fail: Fail,
): void {
  for (const { id, labels, trained } of templates) {
    const known = taught
      ? taught.find(({ template }) => template === id)?.labels
      : Object.hasOwn(KNOWN_LABELS, id) && KNOWN_LABELS[id];
    if (!known || trained === false || JSON.stringify(known) === JSON.stringify(labels)) continue;
    fail(
      `"templates" gives template "${id}" the labels ${shown(labels)}, but the model was taught ${shown(known)}${taught ? ' ("provenance.taught")' : ''}. ` +
        'Put the labels back, or give the changed template its own id and "trained": false.',
    );
  }
}

/** A stage that counts from 0 again would be drawn over the one before it. */
function checkRising(points: readonly ValidationPoint[], fail: Fail): void {
  const at = points.findIndex(({ step }, i) => i > 0 && step < points[i - 1]!.step);
  if (at < 0) return;
  const [before, step] = [points[at - 1]!.step, points[at]!.step];
  fail(
    `"provenance.validation[${at}].step" is ${step}, after ${before}; steps must not fall: count them over all stages together.`,
  );
}
