/**
 * Makes the embedded models' tokenizer: `npx tsx trainer/pretrain/vocabulary/make-vocabulary.ts`.
 * Trains on the texts of the *training* selection only (no held-out and no distillation text) and
 * writes tokenizer.json, tokenizer_config.json and PROVENANCE.md to `.cache/embedded/tokenizer`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { RankscopeError } from '../../../src/errors.ts';
import { embeddedTemplates, markerPieces, promptWords } from '../../../src/ranking/embedded-templates.ts';
import { normaliseForVocabulary } from '../../../src/tokenizer/normaliser-json.ts';
import { parseVocab, tokenizerFiles } from '../../../src/tokenizer/tokenizer-json.ts';
import { trainingCollections } from '../data/collections.ts';
import { type Selection, select } from '../data/selection.ts';
import { workFolder } from '../data/work-folder.ts';
import { checkAgreement } from './agreement.ts';
import { trainUnigram } from './sentencepiece.ts';

export const vocabularySize = 8192;

/** The rankers see about this much of a passage; more would only slow the training of the vocabulary. */
const lineLength = 600;

/** The wording of the prompts, repeated so that each of its words becomes a piece of its own. */
const promptRepeats = 3000;

/** Lines that the vocabulary is trained on. The test of the splits checks exactly these. */
export function vocabularyLines(selection: Selection): string[] {
  const texts = [
    ...selection.passages.map((passage) => passage.text),
    ...selection.queries.filter((query) => query.part === 'train').map((query) => query.text),
  ];
  return texts.map(vocabularyLine).filter((line) => line !== '');
}

/** What a text gives to the vocabulary. */
export const vocabularyLine = (text: string): string => normaliseForVocabulary(text.slice(0, lineLength));

/** Trains, converts, checks and writes; returns the tokenizer's folder. */
export function makeVocabulary(log: (line: string) => void, selection: Selection = select()): string {
  const folder = join(workFolder, 'tokenizer');
  mkdirSync(folder, { recursive: true });
  const lines = vocabularyLines(selection);
  const wording = [...promptWords, embeddedTemplates.map(({ text }) => text).join(' ')].join(' ');
  const prompts = Array<string>(promptRepeats).fill(
    normaliseForVocabulary(wording.replace(/\{\w+\}|:/g, '')),
  );
  const input = join(folder, 'training.txt');
  writeFileSync(input, [...lines, ...prompts].join('\n'));
  log(`vocabulary: training on ${lines.length} lines`);
  const prefix = join(folder, 'unigram');
  const options = trainUnigram(input, prefix, vocabularySize - markerPieces.length);

  const pieces = parseVocab(readFileSync(`${prefix}.vocab`, 'utf8'));
  const { tokenizer, config } = tokenizerFiles(pieces, markerPieces);
  const loaded = new Tokenizer(tokenizer, config);
  for (const word of promptWords) {
    const ids = loaded.encode(word).ids;
    if (ids.length !== 2)
      throw new RankscopeError('internal', `"${word}" is not a single piece. Raise promptRepeats.`);
  }
  const sample = selection.passages
    .filter((_, i) => i % 20 === 0)
    .map((one) => one.text.slice(0, lineLength));
  const agreement = checkAgreement(loaded, `${prefix}.model`, sample, markerPieces);
  log(`vocabulary: ${agreement.equal} of ${agreement.lines} lines as spm_encode`);
  for (const difference of agreement.differences) log(difference);

  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config, null, 2));
  writeFileSync(join(folder, 'PROVENANCE.md'), provenance(lines.length, options, agreement));
  return folder;
}

function provenance(
  lines: number,
  options: readonly string[],
  agreement: { lines: number; equal: number },
): string {
  const shown = options.map((option) => option.replace(/=\/.*\//, '='));
  return [
    '# Where this tokenizer comes from',
    '',
    `Made ${new Date().toISOString().slice(0, 10)} by \`npx tsx trainer/pretrain/vocabulary/make-vocabulary.ts\` with Debian's \`sentencepiece\`:`,
    '',
    `    spm_train ${shown.join(' ')}`,
    '',
    `Trained on ${lines} lines of the training selection (trainer/pretrain/data/selection.ts), normalised by`,
    'src/tokenizer/normaliser-json.ts; no held-out and no distillation text. Collections:',
    '',
    ...trainingCollections.map(({ name, license }) => `- ${name} (${license})`),
    '',
    `Converted to tokenizer.json with ${markerPieces.length} marker pieces added (${markerPieces.join(' ')}).`,
    `${agreement.equal} of ${agreement.lines} sampled passages have the ids that spm_encode gives.`,
    '',
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  makeVocabulary((line) => console.log(line));
}
