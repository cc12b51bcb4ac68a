import { EXIT_HELP } from '../cli/exit-codes.ts';
import { ENCODING_HELP } from '../input/encoding.ts';

export const trainHelp = `Usage: npm run trainer -- train --checkpoint DIR --input LABELS --output DIR

Teaches a student to rank passages one by one as the labels rank them (instruction distillation,
Sun et al. 2023): one call per passage instead of one for each ordered pair.

Examples
  A student of the embedded teacher, from labels of the command label:
    npm run trainer -- train --checkpoint public/models/demo-teacher \\
      --input labels.jsonl --output my-student
  How long, how much memory and disk?                              … the same with --dry-run
  Parts of one label file; queries with judgments to validate on:
    … --input labels-1.jsonl labels-2.jsonl --validation held-out.jsonl --qrels qrels.tsv
  Then make it a checkpoint for the page and the other commands:
    npm run trainer -- export --checkpoint my-student --output models/my-student --dtypes int8

Required
  --checkpoint DIR    what training starts from: a folder of ours (with ranker.json, or an earlier training's),
                      or a T5 of Hugging Face with its tokenizer (fp32, fp16 or bf16 weights)
  --input FILE…       labels (see the command label): JSON lines; several files are parts of one
  --output DIR        model.safetensors (fp32), config, tokenizer and card.json for export; train.jsonl has
                      every step; train.json has what was read, and the result

How to train (defaults: the paper, section 4.3)
  --loss L            ranknet: log(1 + exp(worse − better)), mean over the pairs that the teacher orders (default)
                      ranknet-soft: the same against the probabilities of the teacher's decisions, so that
                               what it is unsure of weighs less; for labels that have decisions
                      listnet: cross-entropy to the softmax of the teacher's scores (--temperature 1)
                      softmax: cross-entropy to the teacher's scores as shares
                      margin:  hinge on the pairs (--margin 1)
  --epochs E          passes over the lists (default 3); --steps N instead, or as a limit
  --batch N           lists in one part of a step (default 32); --accumulate M parts make a step (default 1)
  --learning-rate R   AdamW's (default 3e-5)
  --schedule S        constant (default), or linear: falling to 0; --warmup N steps rise to the rate (default 0)
  --weight-decay D    default 0.01, decoupled; --beta2 B (default 0.999); --clip N largest norm of the
                      gradient (default 1; 0: none)
  --dropout P         share of values dropped in a step, where T5 drops them (default 0; T5's own is 0.1); never
                      while validating
  --k N               the teacher's best N passages of each list (default: all)
  --template T        the student's question: a preset's id, one of the checkpoint's, or a JSON file
                      (default: paper-student). Of two labels the first is trained: its logit is the score
  --passage-tokens N  cut passages to N tokens (default: as the checkpoint reads); the card keeps it
  --seed N            order of the lists, and what is dropped (default 1)
  --threads N         default: the machine's cores, at most 8
  --chunk-tokens N    tokens of one run of the model (default 4096): bounds memory, whatever the lists' length

What is held out, and which weights are kept
  --validation FILE…  labels of other queries; queries that the input shares with them are not trained on.
                      Default: --hold-out N lists of the input, drawn by hash (a twentieth, at most 200)
  --qrels FILE        judgments (TREC, BEIR, JSON) of the queries that are held out: adds nDCG@10
  --validate-every N  steps; default: a tenth of them. Also before the first step and after the last
  --select S          the step whose weights are kept: ndcg (default with judgments), agreement with the teacher
                      (default without), or last

Stopping and resuming
  --save-seconds S    how often the state is saved (default 300); --save-steps N: every N steps
  --resume            fail if there is nothing to resume; without it the same command resumes as well
  --fresh             delete what a training left in the output folder, and start over
  --name T --license T   for the card (default: the folder's name, the checkpoint's licence)
  --dry-run           check everything, train on a few lists and discard that, print steps, hours, memory, disk
  --json              print a summary as one line of JSON at the end

Ctrl-C saves the state; after kill -9 or a full disk the last saved one is there. The same command resumes and
reaches the same weights, bit for bit, as a run that was never stopped (same machine, same --threads). If labels,
settings or the checkpoint changed, it says what changed and stops.

The published code differs: bf16, rate 2e-5, decay 0, dropout 0.1, the teacher's best 8 of 20 passages. Both
take 32 lists per step. The command distill has all its settings as --recipe published-code.
${ENCODING_HELP}
${EXIT_HELP}`;
