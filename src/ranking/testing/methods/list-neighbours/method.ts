/** A method that is no product: the model writes which of two neighbours is better. For methods that read text. */
import { costOf } from '../../../ask.ts';
import { askText, textKeyParts } from '../../../ask-text.ts';
import { createKeys } from '../../../cache-key.ts';
import type { MethodDescriptor, RunMethod } from '../../../methods/descriptor.ts';
import { scoreByPlace } from '../../../orders.ts';
import { PRP } from '../../../presets.ts';
import { renderPrompt } from '../../../render.ts';
import { labelsOf } from '../../../template.ts';
import type { Listing } from '../../../types.ts';

const LIMITS = { maxNewTokens: 3, stop: ['\n'] };

const run: RunMethod = async function* (template, query, candidates, context) {
  const { model, limits = {} } = context;
  const key = createKeys(model.info, template, limits, query, candidates, textKeyParts(LIMITS));
  const windows = candidates.slice(1).map((_, i) => [i, i + 1] as const);
  const questions = windows.map(([a, b]) => ({
    key: key(a, b),
    render: () => renderPrompt(template, query, [candidates[a]!.passage, candidates[b]!.passage], limits),
  }));
  const places = candidates.map((_, i) => i);
  const better = new Set<number>();
  yield { type: 'ranking', ...scoreByPlace(places) };
  for await (const answers of askText(questions, LIMITS, context)) {
    const items = answers.map((given): Listing => {
      const [a, b] = windows[given.index]!;
      const { text } = given.answer;
      const named = labelsOf(template).indexOf(text.trim());
      if (named === 1) better.add(b);
      const order = named === 1 ? [b, a] : [a, b];
      return { shown: [a, b], order, text, malformed: named < 0, ...costOf(given) };
    });
    yield { type: 'listed', items };
    const order = [...places.filter((i) => better.has(i)), ...places.filter((i) => !better.has(i))];
    yield { type: 'ranking', ...scoreByPlace(order) };
  }
};

export const listNeighbours = {
  id: 'list-neighbours',
  title: 'Listed neighbours',
  term: 'prp',
  summary: 'two passages at a time, put in order by what the model writes',
  needs: 'generation',
  kind: 'pairwise',
  labels: 2,
  template: PRP,
  takes: [],
  style: { label: 'points', term: 'points', decimals: 0 },
  byPlace: true,
  plannedCalls: (n) => ({ calls: Math.max(0, n - 1), upperBound: false }),
  run: () => run,
} as const satisfies MethodDescriptor;
