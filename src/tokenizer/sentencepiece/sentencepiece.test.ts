/** Models that SentencePiece itself made: same ids, other kinds refused, damaged ones, too. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeFolder } from '../../../trainer/node/folder.ts';
import { refusal, temporaryFolder } from '../../../trainer/testing/temporary.ts';
import { readSpieceTokenizer } from '../../checkpoint/spiece-folder.ts';
import { attempt, folderOf } from './testing/spiece-folder.ts';

const root = temporaryFolder().path;
const spm = spawnSync('spm_train', ['--help']).error === undefined;
describe.skipIf(!spm)('models of SentencePiece itself (skipped where spm_train is not installed)', () => {
  const stems = [
    'rank',
    'passage',
    'query',
    'light',
    'water',
    'stone',
    'river',
    'café',
    'naïve',
    '日本',
    'ﬁsh',
  ];
  const ends = ['', 's', 'ing', 'ed', 'er', 'ly', 'ness', '-like', "'s", ' 12', '½'];
  const lines = stems.flatMap((a, i) => ends.map((end, j) => `The ${a}${end} of ${stems[(i + j) % 11]}.`));
  writeFileSync(join(root, 'lines.txt'), lines.join('\n'));
  /** Trained in T5's settings. */
  const train = (name: string, ...options: readonly string[]) => {
    const fixed = ['--pad_id=0', '--eos_id=1', '--unk_id=2', '--bos_id=-1', '--hard_vocab_limit=false'];
    const files = [`--input=${join(root, 'lines.txt')}`, `--model_prefix=${join(root, name)}`];
    const { status, stderr } = spawnSync('spm_train', [...files, ...fixed, '--vocab_size=90', ...options]);
    if (status !== 0) throw new Error(String(stderr));
    return new Uint8Array(readFileSync(join(root, `${name}.model`)));
  };
  const ids = (name: string, texts: readonly string[]) => {
    const input = `${texts.join('\n')}\n`;
    const { stdout } = spawnSync(
      'spm_encode',
      [`--model=${join(root, `${name}.model`)}`, '--output_format=id'],
      { input },
    );
    return String(stdout)
      .split('\n')
      .slice(0, texts.length)
      .map((line) => line.split(' ').filter(Boolean).map(Number));
  };

  it('give the ids that spm_encode gives', async () => {
    const { tokenizer } = await readSpieceTokenizer(nodeFolder(folderOf(root, train('nmt'))), 256);
    const texts = [
      ...lines,
      'ＲＡＮＫ ﬁsh ½ ① … “q” 　x',
      '  two  spaces\u00a0\u00a0here\t ',
      '👍👍 ok 👋🏽',
      'cafe\u0301 \u0007bell\u200bzero',
      '日本語 русский',
      '',
      '   ',
      '▁▁x',
      'a~b～c',
    ];
    expect(texts.map((text) => tokenizer.encode(text))).toEqual(ids('nmt', texts));
  });

  it('of other kinds are refused', async () => {
    const refused = (name: string, ...options: string[]) => {
      const bytes = train(name, ...options);
      return refusal(() => readSpieceTokenizer(nodeFolder(folderOf(root, bytes)), 4096));
    };
    expect(await refused('bpe', '--model_type=bpe')).toContain('kind bpe');
    expect(await refused('bytes', '--byte_fallback', '--vocab_size=400')).toContain('byte_fallback');
    expect(await refused('fold', '--normalization_rule_name=nmt_nfkc_cf')).toMatch(
      /\(“nmt_nfkc_cf”\) turns “A/,
    );
    expect(await refused('nfkc', '--normalization_rule_name=nfkc')).toMatch(/\(“nfkc”\) turns “\\u\{1\}”/);
  });

  it('cut off or with flipped bits: only errors for people', () => {
    const bytes = train('whole');
    const cut = fc.nat(bytes.length - 1).map((length) => bytes.slice(0, length));
    const flipped = fc
      .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)), { minLength: 1, maxLength: 4 })
      .map((flips) => {
        const copy = bytes.slice();
        for (const [at, bit] of flips) copy[at]! ^= 1 << bit;
        return copy;
      });
    fc.assert(fc.property(fc.oneof(cut, flipped), attempt), { numRuns: 15 });
    // The pieces stand at the beginning, and most flips above fall into the character map.
    const start = fc.nat(3_000).chain((at) => fc.nat(7).map((bit) => ({ at, bit })));
    fc.assert(
      fc.property(start, ({ at, bit }) => {
        const copy = bytes.slice(0, 3_000 + at);
        copy[at]! ^= 1 << bit;
        attempt(copy);
      }),
      { numRuns: 300 },
    );
  });
});
