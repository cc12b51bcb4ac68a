/**
 * A service that reranks (Cohere's, Jina's and the like; `trainer serve --rerank`): query and passages in one request,
 * its scores back. The wording is the service's own.
 */
import { RankscopeError } from '../../../errors.ts';
import { costOf } from '../../ask.ts';
import { askRanking, RANKING_KEY_PARTS } from '../../ask-ranking.ts';
import { createKeys } from '../../cache-key.ts';
import { preparePassage, renderPrepared, wordLimit } from '../../render.ts';
import type { TemplateOf } from '../../template.ts';
import type { MethodDescriptor, RunMethod } from '../descriptor.ts';

/** What a service is sent, as far as it can be shown: it puts its own words around it. */
const SERVICE: TemplateOf<'listwise'> = {
  id: 'service',
  version: 1,
  name: 'The service’s own',
  kind: 'listwise',
  text: '{query}\n\n{passages}',
  item: '{number} {passage}',
  decoderPrefix: '',
  source: 'Query and passages are sent as they are',
};

const run: RunMethod = async function* (template, query, candidates, context) {
  if (template.id !== SERVICE.id) {
    throw new RankscopeError(
      'bad-input',
      `The method rerank sends query and passages as they are: it takes no wording, and “${template.name}” is one.`,
    );
  }
  const { model, limits = {} } = context;
  const shown = candidates.map((_, i) => i);
  // One passage has its place.
  if (shown.length < 2) {
    yield { type: 'ranking', order: shown, scores: shown.map(() => 1) };
    return;
  }
  const key = createKeys(model.info, template, limits, query, candidates, RANKING_KEY_PARTS);
  const maxWords = wordLimit(template, limits);
  const render = () => {
    const passages = candidates.map(({ passage }) => preparePassage(passage, maxWords, template.titles));
    const sent = { query: query.text, passages: passages.map(({ text }) => text) };
    return { ...renderPrepared(template, query, passages), ...sent };
  };
  for await (const [given] of askRanking([{ key: key(...shown), render }], context)) {
    const { order, scores = order.map((_, place) => 1 / (place + 1)) } = given!.answer;
    yield { type: 'listed', items: [{ shown, order, malformed: false, ...costOf(given!) }] };
    yield { type: 'ranking', order, scores };
  }
};

export const rerank = {
  id: 'rerank',
  title: 'Rerank service',
  term: 'rerank',
  summary: 'query and passages in one request to a rerank service, ranked by its scores',
  needs: 'remote',
  kind: 'listwise',
  labels: 0,
  template: SERVICE,
  takes: [],
  style: { label: 'relevance', term: 'relevance', decimals: 3 },
  byPlace: false,
  shows: () => Number.POSITIVE_INFINITY,
  plannedCalls: (n) => ({ calls: n < 2 ? 0 : 1, upperBound: false }),
  run: () => run,
} as const satisfies MethodDescriptor;
