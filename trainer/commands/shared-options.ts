/** Options that several commands have, worded once. */
import { DTYPES } from '../../src/checkpoint/card-read.ts';
import { DEFAULT_SEED } from '../../src/evaluation/baselines/baselines.ts';
import { DEFAULT_CHOICES } from '../../src/ranking/schedules/choices.ts';
import { flag, list, ruled, text } from '../cli/options.ts';
import { among, whole } from '../cli/rule.ts';
import { methodsWith } from './method-help.ts';

export const checkpoint = text(
  'DIR',
  'folder with ranker.json (see the command export), or in transformers.js’ layout',
);

export const threads = ruled(
  whole(1, 256),
  'N',
  "threads of the model (default: the machine's cores, at most 8)",
);

/** A number of passages, queries or passes. */
export const counting = (most = 1_000_000_000) => whole(1, most);

export const firstOfEach = ruled(
  counting(1_000_000),
  'N',
  'read the first N candidates of each query; the others are left out',
);

export const dryRun = flag(
  'check everything, measure a few prompts, print calls, hours, memory, disk; write nothing',
);

export const json = flag('print a summary as one line of JSON at the end');

export const cutQueries = flag(
  'cut queries that leave a model no room for passages, to half of what it reads, and count them ' +
    '(default: an error before the work)',
);

export const leaveOutIdenticalIds = flag("as BEIR does: without passages whose id is the query's own");

export const template = text(
  'T',
  'id of a preset or of the checkpoint’s own, or a JSON file with kind, text, labels, decoderPrefix ' +
    '(default: what the checkpoint was trained on)',
);

export const seed = ruled(whole(0), 'N', `random: another number is another order (default ${DEFAULT_SEED})`);

export const popularity = text(
  'FILE',
  'popularity: CSV or TSV with the columns id and count (evaluate finds popularity.csv, or a file *_mentions.csv, beside the corpus)',
);

export const trueProbabilities = flag(
  `${methodsWith('trueProbabilities')}: rank by the paper’s Eq. 2 over the whole vocabulary`,
);

export const passes = ruled(
  counting(1_000_000),
  'N',
  `${methodsWith('passes')}: passes over the list (default ${DEFAULT_CHOICES.passes})`,
);

export const top = ruled(
  counting(1_000_000),
  'N',
  `${methodsWith('top')}: places to settle (default ${DEFAULT_CHOICES.top}), of prp-topk exactly as all pairs would; ` +
    'the passages below stand by what is known',
);

export const setSize = ruled(
  whole(2, 100),
  'N',
  `${methodsWith('setSize')}: passages shown at once (default ${DEFAULT_CHOICES.setSize})`,
);

export const window = ruled(
  whole(2, 100),
  'N',
  `${methodsWith('window')}: passages shown at once (default ${DEFAULT_CHOICES.window}; RankGPT shows 20)`,
);

export const step = ruled(
  whole(1, 99),
  'N',
  `${methodsWith('step')}: places that the window moves up (default ${DEFAULT_CHOICES.step}; RankGPT: 10)`,
);

export const repeats = ruled(
  counting(1000),
  'N',
  `${methodsWith('repeats')}: times that the window goes over the list (default ${DEFAULT_CHOICES.repeats})`,
);

export const budget = ruled(
  counting(1_000_000),
  'N',
  `${methodsWith('budget')}: calls a query, at least one a candidate (default ${DEFAULT_CHOICES.budget})`,
);

export const rankingDtype = ruled(
  among(DTYPES),
  'D',
  'fp32, int8, q8 or q4 (default: int8 where a checkpoint has it)',
);

export const dtypes = list(
  among(DTYPES),
  'LIST',
  'of fp32, int8, q8, q4 (default int8,q8: what the page loads on WASM and WebGPU)',
);

export const role = (help: string) => ruled(among(['teacher', 'student', 'base']), 'ROLE', help);
