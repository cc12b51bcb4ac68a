/** What the user has set and keeps: theme, candidates, schedule, templates, parameters. */

import { create } from 'zustand';
import type { Gain } from '../evaluation/metrics.ts';
import type { DtypeWishes, PageDevice } from '../inference/device-policy.ts';
import type { Device, Dtype } from '../inference/scorer.ts';
import type { Fusion } from '../ranking/fusion.ts';
import { pointwiseYes } from '../ranking/methods/pointwise-yes/method.ts';
import type { ComparisonName, MethodId } from '../ranking/methods/registry.ts';
import { DEFAULT_CHOICES, givenChoices, type ScheduleChoices } from '../ranking/schedules/choices.ts';
import type { PromptTemplate } from '../ranking/template.ts';
import { type Bm25Params, DEFAULT_BM25 } from '../retrieval/types.ts';
import type { ScorerSlot } from '../workers/types.ts';

export type { Gain } from '../evaluation/metrics.ts';

export type Theme = 'system' | 'light' | 'dark';
/** Student column: the distilled student, or relevance generation with the base ("Base (not distilled)"). */
export type StudentMode = 'student' | 'base';
export type DevicePreference = 'auto' | Device;
/** Which prompt a template is for. 'base' is the student column in mode 'base'. */
export type TemplateUse = 'teacher' | 'student' | 'base';

export const CANDIDATES = { min: 2, max: 100, initial: 10 } as const;

/** Bounds of the schedules' choices: more places than candidates settle them all. */
export const CHOICES: Readonly<
  Record<keyof ScheduleChoices, { readonly min: number; readonly max: number }>
> = {
  passes: { min: 1, max: 99 },
  top: { min: 1, max: CANDIDATES.max },
  budget: { min: 1, max: CANDIDATES.max * (CANDIDATES.max - 1) },
  setSize: { min: 2, max: 20 },
  window: { min: 2, max: 20 },
  step: { min: 1, max: 19 },
  repeats: { min: 1, max: 20 },
};

export interface Settings extends ScheduleChoices {
  readonly theme: Theme;
  readonly k: number;
  readonly schedule: ComparisonName;
  readonly studentMode: StudentMode;
  /** How the Student column scores passages in mode 'student'. */
  readonly studentMethod: MethodId;
  /** Id of the checkpoint chosen for a column; null = the first of its role in the list. */
  readonly models: Readonly<Record<ScorerSlot, string | null>>;
  /** Id of the chosen template; null = what the loaded checkpoint was trained on. */
  readonly templates: Readonly<Record<TemplateUse, string | null>>;
  /** Templates the user has edited, newest first. */
  readonly customTemplates: readonly PromptTemplate[];
  /** Rank relevance generation by Eq. 2 with true probabilities instead of logit Yes − logit No. */
  readonly trueProbabilities: boolean;
  /** How the Student column's ranking is fused with BM25's; null: not at all. */
  readonly fusion: Fusion | null;
  readonly bm25: Bm25Params;
  /** Passages that share no word with the query fill the candidates up to k. */
  readonly fill: boolean;
  readonly gain: Gain;
  readonly device: DevicePreference;
  /** dtype wished for on each device; absent: the best. */
  readonly dtypes: DtypeWishes;
}

export interface SettingsActions {
  setTheme(theme: Theme): void;
  /** Whole numbers only, clamped to 2–100. */
  setK(k: number): void;
  setSchedule(schedule: ComparisonName): void;
  /** Whole numbers only, clamped to `CHOICES`. */
  setChoice(name: keyof ScheduleChoices, value: number): void;
  setStudentMode(mode: StudentMode): void;
  setStudentMethod(method: MethodId): void;
  chooseModel(slot: ScorerSlot, id: string | null): void;
  chooseTemplate(use: TemplateUse, id: string | null): void;
  /** Adds or replaces (by id) an edited template and chooses it. */
  saveTemplate(use: TemplateUse, template: PromptTemplate): void;
  /** Keeps an edited wording among those that are offered, and chooses it nowhere. */
  keepTemplate(template: PromptTemplate): void;
  setTrueProbabilities(on: boolean): void;
  setFusion(fusion: Fusion | null): void;
  setBm25(params: Partial<Bm25Params>): void;
  setFill(on: boolean): void;
  setGain(gain: Gain): void;
  setDevice(device: DevicePreference): void;
  /** @param dtype null: the best */
  chooseDtype(device: PageDevice, dtype: Dtype | null): void;
}

export const initialSettings: Settings = {
  theme: 'system',
  k: CANDIDATES.initial,
  schedule: 'all-pairs',
  ...DEFAULT_CHOICES,
  studentMode: 'student',
  studentMethod: pointwiseYes.id,
  models: { teacher: null, student: null },
  templates: { teacher: null, student: null, base: null },
  customTemplates: [],
  trueProbabilities: false,
  fusion: null,
  bm25: DEFAULT_BM25,
  fill: true,
  gain: 'linear',
  device: 'auto',
  dtypes: {},
};

export const clampWhole = (value: number, min: number, max: number, fallback: number): number =>
  Number.isFinite(value) ? Math.min(max, Math.max(min, Math.round(value))) : fallback;

export const clampChoice = (name: keyof ScheduleChoices, value: number, fallback: number): number =>
  clampWhole(value, CHOICES[name].min, CHOICES[name].max, fallback);

const choicesOf = (of: ScheduleChoices): ScheduleChoices => ({ ...DEFAULT_CHOICES, ...givenChoices(of) });

/** A window moves by less than its own size: the one that was not chosen gives way. */
function withinWindow(choices: ScheduleChoices, chosen: keyof ScheduleChoices): ScheduleChoices {
  const { window, step } = choices;
  if (step < window) return choices;
  return chosen === 'step'
    ? { ...choices, window: Math.min(CHOICES.window.max, step + 1) }
    : { ...choices, step: window - 1 };
}

/** The edited wordings with this one first. */
const withTemplate = ({ customTemplates }: Settings, template: PromptTemplate): readonly PromptTemplate[] => [
  template,
  ...customTemplates.filter(({ id }) => id !== template.id),
];

export const useSettings = create<Settings & SettingsActions>()((set) => ({
  ...initialSettings,
  setTheme: (theme) => set({ theme }),
  setK: (k) => set((s) => ({ k: clampWhole(k, CANDIDATES.min, CANDIDATES.max, s.k) })),
  setSchedule: (schedule) => set({ schedule }),
  setChoice: (name, value) =>
    set((s) => withinWindow({ ...choicesOf(s), [name]: clampChoice(name, value, s[name]) }, name)),
  setStudentMode: (studentMode) => set({ studentMode }),
  setStudentMethod: (studentMethod) => set({ studentMethod }),
  setFusion: (fusion) => set({ fusion }),
  chooseModel: (slot, id) => set((s) => ({ models: { ...s.models, [slot]: id } })),
  chooseTemplate: (use, id) => set((s) => ({ templates: { ...s.templates, [use]: id } })),
  keepTemplate: (template) => set((s) => ({ customTemplates: withTemplate(s, template) })),
  saveTemplate: (use, template) =>
    set((s) => ({
      customTemplates: withTemplate(s, template),
      templates: { ...s.templates, [use]: template.id },
    })),
  setTrueProbabilities: (trueProbabilities) => set({ trueProbabilities }),
  setFill: (fill) => set({ fill }),
  setBm25: (params) => set((s) => ({ bm25: { ...s.bm25, ...params } })),
  setGain: (gain) => set({ gain }),
  setDevice: (device) => set({ device }),
  chooseDtype: (device, dtype) => set((s) => ({ dtypes: { ...s.dtypes, [device]: dtype ?? undefined } })),
}));
