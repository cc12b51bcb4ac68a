/** Which slots a template has, by its kind. */
import type { TemplateKind } from './template.ts';

/** A field of a template that is wording with slots. */
export type WordingField = 'text' | 'item' | 'target';

export interface SlotRule {
  readonly slot: string;
  /** What goes there, after “the”. */
  readonly meaning: string;
  /** How often: once, at least once, or as often as one likes. */
  readonly times: 'once' | 'some' | 'any';
}

const QUERY: SlotRule = { slot: 'query', meaning: 'query', times: 'once' };
const PASSAGE: SlotRule = { slot: 'passage', meaning: "passage's text", times: 'once' };
/** Prompts with many passages often repeat the query after them. */
const MANY: readonly SlotRule[] = [
  { ...QUERY, times: 'some' },
  { slot: 'passages', meaning: 'list of passages', times: 'once' },
  { slot: 'count', meaning: 'number of passages', times: 'any' },
];

const RULES: Readonly<Record<TemplateKind, Readonly<Partial<Record<WordingField, readonly SlotRule[]>>>>> = {
  pointwise: { text: [QUERY, PASSAGE] },
  pairwise: {
    text: [
      QUERY,
      { slot: 'passage_a', meaning: 'text of passage A', times: 'once' },
      { slot: 'passage_b', meaning: 'text of passage B', times: 'once' },
    ],
  },
  setwise: { text: MANY, item: [{ slot: 'label', meaning: "passage's label", times: 'some' }, PASSAGE] },
  listwise: { text: MANY, item: [{ slot: 'number', meaning: "passage's number", times: 'some' }, PASSAGE] },
  relevance: { text: [QUERY, PASSAGE] },
  likelihood: { text: [PASSAGE], target: [{ ...QUERY, times: 'some' }] },
};

/** The slots of a field; undefined where templates of this kind have no such field. */
export const slotsOf = (kind: TemplateKind, field: WordingField): readonly SlotRule[] | undefined =>
  RULES[kind][field];
