/** Options and help of `serve`. */
import { METHOD_IDS, methodNamed, readMethodId } from '../../src/ranking/methods/registry.ts';
import { helpOf } from '../cli/help.ts';
import { flag, type OptionValues, positional, ruled, text, texts, typedAs } from '../cli/options.ts';
import { among, whole } from '../cli/rule.ts';
import { servesRequests } from '../serve/rerank/open-reranker.ts';
import * as shared from './shared-options.ts';

export const DEFAULT_PORT = 4300;
export const MAX_DOCUMENTS = 1000;
export const MAX_REQUESTS = 64;

/** What one question a passage with labels answers: requests share the model by its labels. */
const POINTWISE = METHOD_IDS.filter((id) => servesRequests(methodNamed(id)));

export const SERVE_OPTIONS = {
  'One of': {
    folder: positional(
      'DIR',
      'files for the playground: a checkpoint (a folder with ranker.json, e.g. the student of distill, or one in ' +
        "transformers.js' layout), or a folder of such folders",
    ),
    rerank: text('CHECKPOINT', 'answers for programs: POST /v1/rerank ranks with this checkpoint'),
  },
  Options: {
    port: ruled(
      whole(0, 65535),
      'N',
      `port to listen on (default ${DEFAULT_PORT}, or the next that is free; 0: any)`,
    ),
    host: text(
      'NAME',
      'address to listen on (default localhost: this machine alone; 0.0.0.0: your network too)',
    ),
    origins: typedAs(
      'origin',
      texts(
        'URL…',
        'further pages that may read, by the start of their address, e.g. https://me.github.io (default: the ' +
          "playground's on this machine)",
      ),
    ),
    dryRun: flag('check the folder and print what would be served; do not listen'),
    json: flag('print address and checkpoints as one line of JSON when it listens'),
  },
  'With --rerank': {
    method: ruled(
      { ...among(POINTWISE), formerly: readMethodId },
      'METHOD',
      `one of ${POINTWISE.join(', ')} (default: the one that the checkpoint was made for)`,
    ),
    rawScores: flag('scores as the method gives them (default: mapped to 0 … 1 in the same order)'),
    maxDocuments: ruled(
      shared.counting(100_000),
      'N',
      `documents of one request at most (default ${MAX_DOCUMENTS})`,
    ),
    maxRequests: ruled(
      shared.counting(10_000),
      'N',
      `requests in progress at most; more are answered 503 (default ${MAX_REQUESTS})`,
    ),
    template: shared.template,
    untrained: flag('serve a checkpoint that was not trained on pointwise prompts all the same'),
    dtype: shared.rankingDtype,
    threads: shared.threads,
  },
};

export type ServeValues = OptionValues<typeof SERVE_OPTIONS>;

export const serveHelp = helpOf({
  usage: 'serve DIR, or serve --rerank CHECKPOINT',
  about: `Makes finished checkpoints reachable from the playground in a browser on this machine: paste the address that
it prints into “Model” on the page's Models screen. Or lets other programs rank with a pointwise checkpoint, by the
request that Jina, Cohere, vLLM and llama.cpp answer too.`,
  examples: `  A student that was just distilled or exported:
    npm run trainer -- serve models/student
  All checkpoints in a folder, each under an address of its own:
    npm run trainer -- serve models
  For a playground that is hosted elsewhere:
    npm run trainer -- serve models --origin https://me.github.io
  A student as a reranker for the tools you have:
    npm run trainer -- serve --rerank public/models/demo-student
  and, from another terminal:
    curl http://localhost:4300/v1/rerank -H 'Content-Type: application/json' -d \\
      '{"query": "how hot should water for tea be?", "top_n": 2,
        "documents": ["Green tea wants water of 80 °C.", "Coffee grows on hills.", "Boil water for black tea."]}'`,
  options: SERVE_OPTIONS,
  more: `POST /v1/rerank takes query, documents (texts, or objects with text and title), top_n and return_documents, and answers
results with index and relevance_score, best first. Requests share the model's runs. GET /metrics counts for
Prometheus, GET /health says that it is there. Pages in a browser are refused. A relevance_score tells an order: it
is no probability.

Only files that a checkpoint's ranker.json names are sent, only to pages of the named origins, and nothing is taken in.
Symbolic links that lead out of DIR are not followed. Ctrl-C stops it when requests in progress have been answered.`,
});
