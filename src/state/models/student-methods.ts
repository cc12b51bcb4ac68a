/** How the Student column may score: each passage alone. The base's Yes against No is the Base switch's. */
import { METHODS, type MethodId } from '../../ranking/methods/registry.ts';
import { relevanceGeneration } from '../../ranking/methods/rg/method.ts';
import { scoresAlone } from '../../ranking/template.ts';

export const STUDENT_METHODS: readonly MethodId[] = METHODS.flatMap(({ id, kind }) =>
  scoresAlone(kind) && id !== relevanceGeneration.id ? [id] : [],
);
