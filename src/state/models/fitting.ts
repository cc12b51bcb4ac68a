/** The columns' models and methods held to each other: nothing is offered that a model cannot do (runs-on.ts). */
import { COMPARISONS, methodNamed } from '../../ranking/methods/registry.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { useSettings } from '../settings.ts';
import { entryFor } from './model-slots.ts';
import { type ModelEntry, useModels } from './models.ts';
import { runsOn } from './runs-on.ts';
import { STUDENT_METHODS } from './student-methods.ts';

/** Whether a column has a method for a model at all: a cross-encoder cannot compare. */
export const fitsColumn = (slot: ScorerSlot, entry: Pick<ModelEntry, 'stored' | 'remote'>): boolean =>
  (slot === 'student' ? STUDENT_METHODS : COMPARISONS.map(({ method }) => method)).some((method) =>
    runsOn(methodNamed(method), entry),
  );

/** The model that the Student column asks, the Base switch aside. */
export const studentEntry = (catalog: readonly ModelEntry[]): ModelEntry | undefined =>
  entryFor('student', { ...useSettings.getState(), studentMode: 'student' }, catalog);

/** Where the student's method is none of its model's it gives way to one that is: the model is what people choose. */
export function keepMethodFitting(): void {
  const { catalog } = useModels.getState();
  const { studentMethod, setStudentMethod } = useSettings.getState();
  const entry = catalog && studentEntry(catalog);
  if (!entry || runsOn(methodNamed(studentMethod), entry)) return;
  const fitting = STUDENT_METHODS.find((method) => runsOn(methodNamed(method), entry));
  if (fitting) setStudentMethod(fitting);
}

/** @returns the way to stop */
export function watchFitting(): () => void {
  const stops = [
    useSettings.subscribe((now, before) => {
      if (now.models !== before.models || now.studentMethod !== before.studentMethod) keepMethodFitting();
    }),
    useModels.subscribe((now, before) => {
      if (now.catalog !== before.catalog) keepMethodFitting();
    }),
  ];
  keepMethodFitting();
  return () => {
    for (const stop of stops) stop();
  };
}
