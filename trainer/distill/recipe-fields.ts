/** Fields that several sections of a recipe have. */
import { TITLE_STYLES } from '../../src/passage-text.ts';
import type { Fields } from '../recipe/fields.ts';
import type { PassageEdit } from '../scoring/choose-template.ts';

/** A template's id as it is; what looks like a file is one, relative to the recipe. */
export function template(fields: Fields): string | undefined {
  const given = fields.text('template');
  return given !== undefined && /\.json$/i.test(given) ? fields.resolve(given) : given;
}

/** How passages are written into the template. */
export function passages(fields: Fields): PassageEdit | undefined {
  const edit = {
    ...optional('maxPassageWords', fields.whole('passageWords', { least: 1, most: 100_000 })),
    ...optional('titles', fields.choice('titles', TITLE_STYLES)),
  };
  return Object.keys(edit).length === 0 ? undefined : edit;
}

/** `{[key]: value}`, or nothing where there is no value. */
export function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });
}
