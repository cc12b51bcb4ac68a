/** The embedded corpora: a list of what there is, and one sample's passages, queries and grades. */

export interface SampleEntry {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Path below public/samples/. */
  readonly file: string;
  readonly passages: number;
  readonly queries: number;
  readonly bytes: number;
}

export interface SampleIndex {
  readonly version: number;
  readonly samples: readonly SampleEntry[];
}

export interface SampleQuery {
  readonly id: string;
  readonly text: string;
  /** Passage id → grade 0–3. */
  readonly grades: Readonly<Record<string, number>>;
}

export interface Sample {
  readonly id: string;
  readonly title: string;
  readonly passages: readonly { readonly id: string; readonly title?: string; readonly text: string }[];
  readonly queries: readonly SampleQuery[];
}
