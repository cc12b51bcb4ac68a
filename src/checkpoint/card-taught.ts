/** What a card says of its making that must agree with itself. */
import type { Fail } from '../json-checks.ts';
import { shown } from '../json-text.ts';
import { labelsOf } from '../ranking/template.ts';
import type { CardTemplate, TaughtLabels, ValidationPoint } from './ranker-card.ts';

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
  setwise: [...'ABCDEFGHIJKLMNOPQRSTUVW'],
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
  for (const template of templates) {
    const { id, trained } = template;
    const labels = labelsOf(template);
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
export function checkRising(points: readonly ValidationPoint[], fail: Fail): void {
  const at = points.findIndex(({ step }, i) => i > 0 && step < points[i - 1]!.step);
  if (at < 0) return;
  const [before, step] = [points[at - 1]!.step, points[at]!.step];
  fail(
    `"provenance.validation[${at}].step" is ${step}, after ${before}; steps must not fall: count them over all stages together.`,
  );
}
