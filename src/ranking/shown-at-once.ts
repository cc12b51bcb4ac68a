/** How many passages a method shows in one prompt: for estimates, and for prompts that are measured before a run. */
import { type MethodId, methodNamed } from './methods/registry.ts';
import { type GivenChoices, scheduleChoices } from './schedules/choices.ts';
import { type PromptTemplate, passagesShown } from './template.ts';

/** @param n candidates: no prompt shows more */
export function shownAtOnce(
  method: MethodId,
  template: PromptTemplate,
  choices: GivenChoices,
  n = Number.POSITIVE_INFINITY,
): number {
  const { least } = passagesShown(template);
  const wanted = methodNamed(method).shows?.(scheduleChoices(choices)) ?? least;
  return Math.max(least, Math.min(wanted, n));
}
