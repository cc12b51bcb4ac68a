/** Options and help of `candidates`. */
import { helpOf } from '../cli/help.ts';
import { flag, needed, neededToWrite, type OptionValues, ruled, text } from '../cli/options.ts';
import { ENCODING_HELP } from '../input/encoding.ts';
import { BM25_GROUP } from './bm25-options.ts';
import { counting, json } from './shared-options.ts';

export const DEFAULT_K = 10;

export const CANDIDATES_OPTIONS = {
  Required: {
    input: needed(
      text(
        'PATH',
        'a BEIR folder (corpus.jsonl, queries.jsonl, qrels/<split>.tsv), or a corpus file: JSON lines, MS MARCO TSV ' +
          '(id<TAB>text), CSV, plain text',
      ),
    ),
    output: neededToWrite(
      text(
        'FILE',
        "JSON lines, one query per line, as RankGPT's hits (the commands label and rank read it):\n" +
          '{"query": "…", "hits": [{"content": "…", "title": "…", "qid": "q1",\n' +
          ' "docid": "p1", "rank": 1, "score": 12.3}, …],\n' +
          ' "firstStage": "BM25 (k1 1.2, …)"}\n' +
          'a query without hits keeps its id: {"query": "…", "qid": "q1", "hits": []}',
      ),
    ),
  },
  Options: {
    k: ruled(counting(), 'N', `passages per query (default ${DEFAULT_K})`),
    queries: text(
      'FILE',
      "BEIR JSON lines, TREC topics (classic or XML), or id<TAB>text (default: the folder's queries.jsonl)",
    ),
    split: text('NAME', 'only the queries that qrels/NAME.tsv judges (default: all queries)'),
    qrels: text('FILE', 'only the queries that this file judges (TREC, BEIR or JSON)'),
    run: text('FILE', "take the candidates from a TREC run: its order, the corpus's texts"),
    tag: text('NAME', 'which run of that file, where it holds several'),
    limit: ruled(counting(), 'N', 'only the first N queries'),
    ...BM25_GROUP,
    keepIdenticalIds: flag(
      "keep a passage whose id is the query's own. By default it is left out, as in BEIR (ArguAna's queries are " +
        'passages of its corpus), unless --split or --qrels judges it relevant',
    ),
    fill: flag(
      'fill each list up to k with passages that share no word with the query: last, in corpus order, with ' +
        '"filled": true and score 0; no part of BM25\'s row in evaluate',
    ),
    noFill: flag(
      'the default, since labels are for what BM25 retrieves, and what fills up would be the same first passages ' +
        'of the corpus in every list',
    ),
    skipFaulty: flag('leave out corpus lines that cannot be read, instead of stopping at the first'),
    dryRun: flag(
      'check queries and judgments, measure some searches (over the first 16 MB of a large corpus), print time, ' +
        'memory and disk; write nothing',
    ),
    json,
  },
};

export type CandidatesValues = OptionValues<typeof CANDIDATES_OPTIONS>;

export const candidatesHelp = helpOf(
  {
    usage: 'candidates --input BEIR_DIR --k 10 --output FILE',
    about:
      'Finds the best passages for every query by BM25: what a teacher labels, and what methods re-rank.',
    examples: `  The queries that a BEIR folder judges for testing, 100 passages each:
    npm run trainer -- candidates --input data/scifact --split test --k 100 --output scifact.jsonl
  Your own corpus and unlabelled queries (any format the page reads; queries as id<TAB>text):
    npm run trainer -- candidates --input corpus.tsv --queries queries.tsv --output candidates.jsonl
  A TREC run instead of BM25, with TREC topics:
    npm run trainer -- candidates --input collection.tsv --queries topics.txt --run bm25.trec \\
      --k 100 --output candidates.jsonl`,
    options: CANDIDATES_OPTIONS,
    more: `Everything is read and checked first: an error names file and line. The output appears when it is
complete. A stopped run (Ctrl-C, kill -9) leaves FILE.<hash>.part; the same command resumes from there.`,
  },
  ENCODING_HELP,
);
