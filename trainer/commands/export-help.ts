import { EXIT_HELP } from '../cli/exit-codes.ts';

export const exportHelp = `Usage: npm run trainer -- export --checkpoint DIR --output DIR

Makes a checkpoint folder from weights: scorers for the page, digests, a model card. Each scorer is
compared with fp32 on prompts of the samples; the figures are printed and kept in the card.

Examples
  The trained student, for the page:
    npm run trainer -- export --checkpoint .cache/embedded/student --role student \\
      --output public/models/demo-student --index public/models/index.json
  A T5 from Hugging Face, all dtypes, weights kept as they are:
    npm run trainer -- export --checkpoint flan-t5-small --role teacher \\
      --dtypes fp32,int8,q8,q4 --weights fp32 --output models/flan-t5-small

Required
  --checkpoint DIR   config.json, model.safetensors, tokenizer.json, tokenizer_config.json
                     (Hugging Face's T5ForConditionalGeneration), with card.json or ranker.json if any
  --output DIR       the folder to write; files of an earlier export are replaced

Options
  --dtypes LIST      of fp32, int8, q8, q4 (default int8,q8: what the page loads on WASM and WebGPU)
  --weights W        model.safetensors as bf16 (default) or fp32; scorers are always made from the
                     weights as they are in --checkpoint
  --card FILE        JSON with fields of ranker.json: name, role, description, license, templates
                     (whole, or ids), limits, provenance, evaluation; default DIR/card.json, else
                     DIR/ranker.json
  --role ROLE        teacher, student or base; decides the templates where the card has none
  --name NAME        name for people (default: the card's, else the folder's)
  --index FILE       add the folder to this list of models, or replace its entry
  --threads N        threads for measuring
  --dry-run          check, measure a small model of the same widths, print time, memory and disk; write nothing
  --json             print the figures as one line of JSON instead

Stopped at any moment (Ctrl-C, kill -9, a full disk) the folder has no ranker.json and is never treated as
complete: run the same command again.
${EXIT_HELP}`;
