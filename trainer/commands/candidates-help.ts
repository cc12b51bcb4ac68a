import { EXIT_HELP } from '../cli/exit-codes.ts';
import { ENCODING_HELP } from '../input/encoding.ts';

export const candidatesHelp = `Usage: npm run trainer -- candidates --input BEIR_DIR --k 10 --output FILE

Finds the best passages for every query by BM25: what a teacher labels, and what methods re-rank.

Examples
  The queries that a BEIR folder judges for testing, 100 passages each:
    npm run trainer -- candidates --input data/scifact --split test --k 100 --output scifact.jsonl
  Your own corpus and unlabelled queries (any format the page reads; queries as id<TAB>text):
    npm run trainer -- candidates --input corpus.tsv --queries queries.tsv --output candidates.jsonl
  A TREC run instead of BM25, with TREC topics:
    npm run trainer -- candidates --input collection.tsv --queries topics.txt --run bm25.trec \\
      --k 100 --output candidates.jsonl

Required
  --input PATH       a BEIR folder (corpus.jsonl, queries.jsonl, qrels/<split>.tsv), or a corpus file:
                     JSON lines, MS MARCO TSV (id<TAB>text), CSV, plain text
  --output FILE      JSON lines, one query per line, as RankGPT's hits (the commands label and rank read it):
                     {"query": "…", "hits": [{"content": "…", "title": "…", "qid": "q1",
                      "docid": "p1", "rank": 1, "score": 12.3}, …],
                      "firstStage": "BM25 (k1 1.2, …)"}
                     a query without hits keeps its id: {"query": "…", "qid": "q1", "hits": []}

Options
  --k N              passages per query (default 10)
  --queries FILE     BEIR JSON lines, TREC topics (classic or XML), or id<TAB>text (default: the folder's
                     queries.jsonl)
  --split NAME       only the queries that qrels/NAME.tsv judges (default: all queries)
  --qrels FILE       only the queries that this file judges (TREC, BEIR or JSON)
  --run FILE         take the candidates from a TREC run: its order, the corpus's texts
  --tag NAME         which run of that file, where it holds several
  --limit N          only the first N queries
  --k1 X --b X       BM25 (default 1.2 and 0.75; Anserini has 0.9 and 0.4)
  --delta X          BM25+ lower bound (default 0: plain BM25)
  --stemming NAME    english (default): “deduct” finds “deductible”, by Porter's algorithm, as in Lucene and
                     Anserini; or none
  --keep-stop-words  index English function words too (default: left out, as in the paper)
  --keep-identical-ids  keep a passage whose id is the query's own. By default it is left out, as in BEIR (ArguAna's
                     queries are passages of its corpus), unless --split or --qrels judges it relevant
  --fill             fill each list up to k with passages that share no word with the query: last, in corpus
                     order, with "filled": true and score 0; no part of BM25's row in evaluate. Default:
                     --no-fill, since labels are for what BM25 retrieves, and what fills up would be the same
                     first passages of the corpus in every list
  --skip-faulty      leave out corpus lines that cannot be read, instead of stopping at the first
  --dry-run          check queries and judgments, measure some searches (over the first 16 MB of a large corpus),
                     print time, memory and disk; write nothing
  --json             print a summary as one line of JSON at the end

Everything is read and checked first: an error names file and line. The output appears when it is
complete. A stopped run (Ctrl-C, kill -9) leaves FILE.<hash>.part; the same command resumes from there.
${ENCODING_HELP}
${EXIT_HELP}`;
