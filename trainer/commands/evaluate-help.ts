import { pointwiseYes } from '../../src/ranking/methods/pointwise-yes/method.ts';
import { prpAllPairs } from '../../src/ranking/methods/prp-allpair/method.ts';
import { relevanceGeneration } from '../../src/ranking/methods/rg/method.ts';
import { EXIT_HELP } from '../cli/exit-codes.ts';
import { ENCODING_HELP } from '../input/encoding.ts';
import { methodList } from './method-help.ts';

/** As many as tell the paper's story. */
export const DEFAULT_METHODS = ['bm25', relevanceGeneration.id, pointwiseYes.id, prpAllPairs.id].join();

export const evaluateHelp = `Usage: npm run trainer -- evaluate --run FILE… --qrels FILE [--json]
       npm run trainer -- evaluate --data BEIR_DIR… --checkpoint DIR… --methods LIST --output DIR

Measures rankings against judgments: runs that exist, or methods and checkpoints that are run for it.

Examples
  What trec_eval -c says of two runs, and whether they differ:
    npm run trainer -- evaluate --run bm25.trec student.trec --qrels qrels.txt
  A table like the paper's, all methods on the same BM25 candidates:
    npm run trainer -- evaluate --data data/scifact --checkpoint models/teacher models/student \\
      --methods bm25,rg,pointwise-yes,prp-allpair --k 20 --output results/scifact
  How long would that take?                                       … the same with --dry-run
  The base under the student's wording too, as a control (rows that would ask the same are asked once):
    npm run trainer -- evaluate --data data/scifact --checkpoint models/base models/student \\
      --methods pointwise-yes,pointwise-yes@paper-student --output results/control

Runs
  --run FILE…         TREC runs; a file with several tags gives a row for each
  --qrels FILE        judgments: TREC, BEIR or JSON. Tabs between fields allow ids with spaces; our own runs
                      have “_” for these and are matched
  --level N           lowest grade that counts as relevant in binary measures (default 1)
  --depth N           read only the first N passages of each query
  --only-retrieved    average over queries that are in the run (trec_eval without -c; default: all
                      judged queries, those missing count 0)
  --leave-out-identical-ids  as BEIR does, but not trec_eval: without passages whose id is the query's own, unless
                      judged relevant

Methods
  --data DIR…         BEIR folders; their judged queries are evaluated
  --candidates FILE…  one file per folder, from the command candidates, instead of BM25 over its corpus
  --checkpoint DIR…   folders with ranker.json (see the command export)
  --methods LIST      of bm25, ${methodList()}, with commas;
                      METHOD@TEMPLATE asks in another wording: a preset, any of the checkpoints'
                      templates by id, or a JSON file (default ${DEFAULT_METHODS}).
                      Each is run with every checkpoint that was trained on its kind of prompt
  --untrained         … and with those that were not
  --k N               candidates per query (default 20)
  --output DIR        table.md, results.json, runs/SET/ROW.trec; work/ keeps what is done
  --split NAME        judgments qrels/NAME.tsv (default: test, or the only one there is)
  --limit N           only the first N judged queries
  --k1 X --b X --delta X --stemming NAME --keep-stop-words --keep-identical-ids --skip-faulty   as
                      in the command candidates
  --cut-queries       cut queries that leave a model no room for passages, to half of what it reads, and count
                      them (default: an error before the work)
  --passes N          prp-sliding: passes over the list (default 10)
  --true-probabilities  rg: rank by the paper's Eq. 2 over the whole vocabulary
  --dtype D           fp32, int8, q8 or q4 (default: int8 where a checkpoint has it)
  --threads N         threads of the model (default: the machine's cores, at most 8)
  --dry-run           check everything, measure a few prompts, print calls, hours, memory, disk; write nothing

Both
  --metrics LIST      default ndcg@1,ndcg@5,ndcg@10,recip_rank@10,map,accuracy@1; also precision@k,
                      recall@k, success@k, r_precision, ndcg_burges@k, judged@k; map-l2 for a level
  --compare METRIC    what differences are tested on (default ndcg@10)
  --baseline NAME     the row that the others are compared with (default: the first, bm25)
  --json              one line of JSON instead of a table

A stopped evaluation (Ctrl-C, kill -9) resumes where it was: run the same command again.
${ENCODING_HELP}
${EXIT_HELP}`;
