import { EXIT_HELP } from '../cli/exit-codes.ts';
import { ENCODING_HELP } from '../input/encoding.ts';
import { methodLines } from './method-help.ts';

export const rankHelp = `Usage: npm run trainer -- rank --checkpoint DIR --method METHOD --input FILE --output FILE

Ranks the candidates of every query in FILE with the same core as the page.

Examples
  A student over BM25's candidates, as a TREC run:
    npm run trainer -- rank --checkpoint public/models/demo-student --method pointwise-yes \\
      --input hits.json --output student.trec
  A teacher that compares all pairs of the first 10, with every decision it made:
    npm run trainer -- rank --checkpoint public/models/demo-teacher --method prp-allpair \\
      --k 10 --input hits.jsonl --output decisions.jsonl
  How long would that take?
    npm run trainer -- rank --checkpoint public/models/demo-teacher --method prp-allpair \\
      --input hits.jsonl --dry-run

Required
  --checkpoint DIR   folder with ranker.json (see the command export)
  --method METHOD    ${methodLines(21)}
  --input FILE       RankGPT hits or rank_llm requests, JSON or JSON lines:
                     [{"query": "…", "hits": [{"docid": "p1", "content": "…"}, …]}, …]
  --output FILE      .trec .run .txt, .json .jsonl, or .hits.json .hits.jsonl; see --format

Options
  --format FORMAT    trec       run file "qid Q0 docid rank score tag", finished queries only
                     decisions  the page's "Decisions (JSON)": one document, or one per line where
                                there are several queries; partial rankings have state "cancelled"
                     hits       RankGPT hits in the new order, finished queries only
                     json       rankings without decisions, one document
  --k N              read the first N candidates of each query; the others are left out
  --cut-queries      cut queries that leave no room for passages, to half of what the model reads, and count them
                     (default: an error before the work)
  --leave-out-identical-ids  as BEIR does: without passages whose id is the query's own
  --passes N         prp-sliding: passes over the list (default 10)
  --true-probabilities  rg: rank by the paper's Eq. 2 over the whole vocabulary
  --template T       id of a preset or of the checkpoint's own, or a JSON file with kind, text,
                     labels, decoderPrefix (default: what the checkpoint was trained on)
  --untrained        ask a checkpoint that was not trained on this method's kind of prompt all the same
  --dtype D          fp32, int8, q8 or q4 (default: int8 where the checkpoint has it)
  --threads N        threads of the model (default: the machine's cores, at most 8)
  --dry-run          check everything, measure a few prompts, print calls, seconds, memory, disk; write nothing
  --json             print a summary as one line of JSON at the end

Progress goes to stderr: one line on a terminal, a line every half minute in a log. Ctrl-C ends the run and writes
what is finished, which is also kept next to the output (OUTPUT.<hash>.part), as after kill -9: the same command
resumes from there.
${ENCODING_HELP}
${EXIT_HELP}`;
