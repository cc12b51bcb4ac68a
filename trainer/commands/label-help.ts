import { EXIT_HELP } from '../cli/exit-codes.ts';
import { ENCODING_HELP } from '../input/encoding.ts';

export const labelHelp = `Usage: npm run trainer -- label --checkpoint DIR --input CANDIDATES --output FILE

Lets a teacher rank the candidates of every query, and keeps the ranking and every decision.

Examples
  All pairs, as in the paper, over candidates from the command candidates:
    npm run trainer -- label --checkpoint public/models/demo-teacher \\
      --input candidates.jsonl --output labels.jsonl
  How long would that take, and how large would it be?           … the same with --dry-run
  On four machines; the four outputs, concatenated, are the whole:
    … --shard 1/4 --output labels-1.jsonl
  Labels without a teacher: a sentence encoder, a run, the authors' permutations:
    npm run trainer -- label --encoder all-MiniLM-L6-v2 --input candidates.jsonl --output labels.jsonl
    npm run trainer -- label --run monot5.trec --input candidates.jsonl --output labels.jsonl
    npm run trainer -- label --permutations perms.json --input marco-train.jsonl --output labels.jsonl

Required
  --input FILE        RankGPT hits (see the command candidates), rank_llm requests or InstructDistill
                      training lists, JSON or JSON lines
  --output FILE       JSON lines, one query per line: the hits line, followed by source, order, scores and
                      decisions [a, b, logitA, logitB, cut]; positions count from 0. An audit is written
                      beside it (FILE without .jsonl, .audit.json)
  one source of labels:
  --checkpoint DIR    a teacher: folder with ranker.json (see the command export)
  --encoder DIR       a sentence encoder in the transformers.js layout: cosine, mean pooling
  --run FILE          a TREC run; candidates it lacks follow in first-stage order (--tag NAME: which run of
                      that file, where it holds several)
  --permutations FILE InstructDistill's: a JSON list of "3 > 1 > 2", in the order of the input; repaired as the
                      authors' code does (numbers in order, repeats and numbers of no passage dropped, the other
                      passages appended), and the audit counts the repairs

Options
  --schedule S        all-pairs: both orders of every pair, n(n-1) calls (default)
                      heapsort:  fewer pairs by sorting
                      sliding:   a window of two slides up the list, --passes times (default 10)
  --k N               read the first N candidates of each query
  --cut-queries       cut queries that leave a teacher no room for passages, to half of what it reads; lines and
                      audit say so (default: an error before the work)
  --leave-out-identical-ids  as BEIR does: without passages whose id is the query's own
  --shard I/N         label part I of N of the queries
  --template T        id of a preset or of the checkpoint's own, or a JSON file (default: what the
                      checkpoint was trained on)
  --untrained         ask a teacher that was not trained on pairwise prompts all the same
  --dtype D           fp32, int8, q8 or q4 (default: fp32, made from the weights where the folder has no such
                      scorer: exact, and labels are kept; int8 may be a little faster); an encoder's: fp32
  --threads N         threads of the model (default: the machine's cores, at most 8)
  --strict-permutations  refuse a permutation that would have to be repaired
  --query-prefix T --passage-prefix T   written before each text for an encoder, e.g. "query: "
  --write-permutations FILE   the labels as InstructDistill's permutation file
  --write-lists FILE          the input as InstructDistill's training lists
  --dry-run           check everything, measure a few prompts, print calls, hours, memory, disk; write nothing
  --json              print a summary with the audit as one line of JSON at the end

The output grows query by query. Stopped by Ctrl-C, kill -9 or a full disk, the same command resumes:
any prefix of the file will do; an incomplete last line is cut off and made again. Labels of another
source are never overwritten or mixed.
${ENCODING_HELP}
${EXIT_HELP}`;
