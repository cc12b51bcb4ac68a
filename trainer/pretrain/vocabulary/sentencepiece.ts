/**
 * Debian's SentencePiece (`apt install sentencepiece`) as a tool: nothing on npm trains a tokenizer.
 */
import { spawnSync } from 'node:child_process';
import { RankscopeError } from '../../../src/errors.ts';

/** Trains a unigram model on `input` (one text a line, already normalised): `prefix.model`, `prefix.vocab`. */
export function trainUnigram(input: string, prefix: string, vocabularySize: number): string[] {
  const options = [
    `--input=${input}`,
    `--model_prefix=${prefix}`,
    '--model_type=unigram',
    `--vocab_size=${vocabularySize}`,
    // The text is normalised before (normalise.ts), the same way in every tokenizer that reads it.
    '--normalization_rule_name=identity',
    '--character_coverage=0.9998',
    '--pad_id=0',
    '--eos_id=1',
    '--unk_id=2',
    '--bos_id=-1',
    '--max_sentence_length=100000',
    '--num_threads=2',
  ];
  run('spm_train', options);
  return options;
}

/** Ids that SentencePiece itself gives for normalised lines, without the end token. */
export function encodeIds(model: string, lines: readonly string[]): number[][] {
  const output = run('spm_encode', [`--model=${model}`, '--output_format=id'], `${lines.join('\n')}\n`);
  const rows = output.split('\n');
  return lines.map((_, i) => (rows[i] ?? '').split(' ').filter(Boolean).map(Number));
}

function run(command: string, options: readonly string[], input = ''): string {
  const result = spawnSync(command, options, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (result.error) {
    throw new RankscopeError(
      'missing',
      `${command} could not be started. Install it: apt install sentencepiece.`,
    );
  }
  if (result.status !== 0) {
    throw new RankscopeError('internal', `${command} failed: ${result.stderr.trim().slice(-300)}`);
  }
  return result.stdout;
}
