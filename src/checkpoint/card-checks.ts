/** Checks of what a card says of the checkpoint; each says which field is wrong and what it must be. */
import {
  COUNT,
  checkList,
  checkObject,
  type Fail,
  type Fields,
  isCount,
  isPositive,
  isText,
  optional,
  TEXT,
} from '../json-checks.ts';
import { TITLE_STYLES, type TitleStyle } from '../passage-text.ts';

export function checkTemplates(templates: unknown, fail: Fail): void {
  if (!Array.isArray(templates) || templates.length === 0) {
    fail('"templates" must list at least one template.');
  }
  const isLabels = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isText);
  const isKind = (value: unknown) => value === 'pointwise' || value === 'pairwise';
  const fields: Fields = {
    id: TEXT,
    version: COUNT,
    name: TEXT,
    kind: [isKind, '"pointwise" or "pairwise"'],
    text: TEXT,
    decoderPrefix: TEXT,
    labels: [isLabels, 'a list of words'],
    maxPassageWords: [optional(isPositive), 'a whole number from 1, or left out'],
    titles: [
      optional((value) => TITLE_STYLES.includes(value as TitleStyle)),
      `one of ${TITLE_STYLES.join(', ')}, or left out`,
    ],
    source: TEXT,
    trained: [optional((value) => typeof value === 'boolean'), 'true or false, or left out'],
  };
  checkList(templates, 'templates', fields, fail);
}

export function checkLimits(limits: unknown, fail: Fail): void {
  const isWide = (value: unknown) => isCount(value) && value >= 8;
  const some = [optional(isPositive), 'a whole number from 1, or left out'] as const;
  const fields: Fields = {
    maxTokens: [isWide, 'a whole number of at least 8'],
    maxPassageWords: some,
    maxPassageTokens: some,
  };
  checkObject(limits, 'limits', fields, fail);
}
