/** Options and help of `rank`. */
import { BASELINE_IDS } from '../../src/evaluation/baselines/baselines.ts';
import { METHOD_IDS, readMethodId } from '../../src/ranking/methods/registry.ts';
import { helpOf } from '../cli/help.ts';
import { flag, needed, neededToWrite, type OptionValues, ruled, text } from '../cli/options.ts';
import { among } from '../cli/rule.ts';
import { ENCODING_HELP } from '../input/encoding.ts';
import { RANK_FORMATS } from '../rank/write-results.ts';
import { baselineLines, methodLines } from './method-help.ts';
import { REMOTE_GROUP } from './remote-options.ts';
import * as shared from './shared-options.ts';

export const RANK_OPTIONS = {
  Required: {
    checkpoint: shared.checkpoint,
    method: needed(
      ruled(
        { ...among([...METHOD_IDS, ...BASELINE_IDS]), formerly: readMethodId },
        'METHOD',
        `${methodLines()}\n${baselineLines()}`,
      ),
    ),
    input: needed(
      text(
        'FILE',
        'RankGPT hits or rank_llm requests, JSON or JSON lines:\n' +
          '[{"query": "…", "hits": [{"docid": "p1", "content": "…"}, …]}, …]',
      ),
    ),
    output: neededToWrite(
      text(
        'FILE',
        '.trec .run .txt, .json .jsonl, .rankscope.json, or .hits.json .hits.jsonl;\nsee --format',
      ),
    ),
  },
  Options: {
    format: ruled(
      among(RANK_FORMATS),
      'FORMAT',
      'trec       run file "qid Q0 docid rank score tag", finished queries only\n' +
        'decisions  the page\'s "Decisions (JSON)": one document, or one per line where\n' +
        '           there are several queries; partial rankings have state "cancelled"\n' +
        'recording  the same with the times of all events: the page opens and replays it\n' +
        'hits       RankGPT hits in the new order, finished queries only\n' +
        'json       rankings without decisions, one document',
    ),
    k: shared.firstOfEach,
    cutQueries: shared.cutQueries,
    leaveOutIdenticalIds: shared.leaveOutIdenticalIds,
    passes: shared.passes,
    top: shared.top,
    budget: shared.budget,
    setSize: shared.setSize,
    window: shared.window,
    step: shared.step,
    repeats: shared.repeats,
    trueProbabilities: shared.trueProbabilities,
    template: shared.template,
    untrained: flag("ask a checkpoint that was not trained on this method's kind of prompt all the same"),
    dtype: shared.rankingDtype,
    threads: shared.threads,
    dryRun: flag(
      'check everything, measure a few prompts, print calls, seconds, memory, disk; write nothing',
    ),
    seed: shared.seed,
    popularity: shared.popularity,
    json: shared.json,
  },
  Remote: REMOTE_GROUP,
};

export type RankValues = OptionValues<typeof RANK_OPTIONS>;

export const rankHelp = helpOf(
  {
    usage: `rank --checkpoint DIR --method METHOD --input FILE --output FILE
rank --endpoint URL --model NAME --method METHOD --input FILE --output FILE`,
    about: 'Ranks the candidates of every query in FILE with the same core as the page.',
    examples: `  A student over BM25's candidates, as a TREC run:
    npm run trainer -- rank --checkpoint public/models/demo-student --method pointwise-yes \\
      --input hits.json --output student.trec
  A teacher that compares all pairs of the first 10, with every decision it made:
    npm run trainer -- rank --checkpoint public/models/demo-teacher --method prp-allpair \\
      --k 10 --input hits.jsonl --output decisions.jsonl
  Its first 10 of 100, in the same order, with fewer calls:
    npm run trainer -- rank --checkpoint public/models/demo-teacher --method prp-topk --top 10 \\
      --input hits.jsonl --output top.trec
  What any method has to beat, without a model:
    npm run trainer -- rank --method random --seed 7 --input hits.jsonl --output random.trec
  A chat model of Ollama on this machine, listwise; the key of a service comes from RANKSCOPE_API_KEY:
    npm run trainer -- rank --endpoint http://localhost:11434/v1 --model qwen3:8b --method listwise \\
      --input hits.jsonl --output remote.trec
  How long would that take?
    npm run trainer -- rank --checkpoint public/models/demo-teacher --method prp-allpair \\
      --input hits.jsonl --dry-run`,
    options: RANK_OPTIONS,
    more: `Progress goes to stderr: one line on a terminal, a line every half minute in a log. Ctrl-C ends the run and writes
what is finished, which is also kept next to the output (OUTPUT.<hash>.part), as after kill -9: the same command
resumes from there.`,
  },
  ENCODING_HELP,
);
