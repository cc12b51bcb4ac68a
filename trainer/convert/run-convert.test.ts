import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { HEAD, SHARED } from '../../src/t5/names.ts';
import { readSafetensors, writeSafetensors } from '../../src/t5/safetensors.ts';
import { spieceBytes, T5_SPECIAL } from '../../src/tokenizer/sentencepiece/testing/spiece-writer.ts';
import { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { type HfOptions, writeHfFolder } from '../checkpoint/testing/hf-folder.ts';
import { nodeFolder } from '../node/folder.ts';
import { nodeRuntime } from '../node/runtime.ts';
import { runTrainer } from '../testing/command-line.ts';
import { refusal, temporaryFolder } from '../testing/temporary.ts';
import { tinyModel, tinyTokenizer } from '../testing/tiny-checkpoint.ts';
import type { ConvertRequest } from './convert-types.ts';
import { runConvert } from './run-convert.ts';

const root = temporaryFolder().path;
let made = 0;

/** A new input folder and the request to convert it. */
function prepared(options: HfOptions = {}, request: Partial<ConvertRequest> = {}) {
  const input = join(root, `in-${++made}`);
  const output = join(root, `out-${made}`);
  const model = writeHfFolder(input, options);
  return {
    input,
    output,
    model,
    request: {
      input,
      output,
      dtypes: ['int8'],
      measure: false,
      dryRun: false,
      threads: 1,
      ...request,
    } as ConvertRequest,
    run: () =>
      runConvert({ input, output, dtypes: ['int8'], measure: false, dryRun: false, threads: 1, ...request }),
  };
}

const weightsIn = (folder: string) =>
  readSafetensors(new Uint8Array(readFileSync(join(folder, 'model.safetensors'))), 'model.safetensors');
const cardIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'ranker.json'), 'utf8')) as RankerCard;

const tokenizerIn = (folder: string) => {
  const json = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return new T5Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'), folder);
};

describe('conversions', () => {
  it.each(['safetensors', 'sharded', 'bin', 'bin-sharded'] as const)(
    '%s keeps every weight exactly',
    async (form) => {
      const { model, output, run } = prepared({ form });
      await run();
      expect(weightsIn(output)).toEqual(model.weights);
    },
  );

  it('makes a folder that opens, with measured dtypes, digests and the tokenizer as it was', async () => {
    const { input, output, run } = prepared(
      { config: { _name_or_path: 'google/flan-t5-nano', n_positions: 128 } },
      { dtypes: ['int8', 'fp32'], measure: true, name: 'Nano', templates: 'paper-student' },
    );
    const summary = await run();
    expect(summary).toMatchObject({
      name: 'Nano',
      kind: 'flan-t5',
      role: 'teacher',
      weights: 'F32',
      stored: 'F32',
    });
    const { card, scorer } = await openCheckpoint(nodeFolder(output), nodeRuntime(1), { dtype: 'int8' });
    await scorer.dispose();
    expect(card).toMatchObject({
      name: 'Nano',
      limits: { maxTokens: 128 },
      provenance: { base: 'google/flan-t5-nano' },
    });
    expect(Object.keys(card.files).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'onnx/scorer_fp32.onnx',
      'onnx/scorer_int8.onnx',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(card.dtypeMeasures!.fp32!.agreement).toBe(1);
    expect(card.dtypeMeasures!.int8!.scoreError).toBeGreaterThan(0);
    expect(card.dtypeMeasures!.int8!.scoreError).toBeLessThan(0.2);
    for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
      expect(readFileSync(join(output, file), 'utf8')).toBe(readFileSync(join(input, file), 'utf8'));
    }
    expect(readFileSync(join(output, 'README.md'), 'utf8')).toContain('base_model: google/flan-t5-nano');
    expect(readdirSync(output).some((file) => file.endsWith('.tmp'))).toBe(false);
  });

  it('keeps bf16 as bf16', async () => {
    const { output, run, input } = prepared({ form: 'bf16' });
    expect(await run()).toMatchObject({ weights: 'BF16', stored: 'BF16' });
    expect(weightsIn(output)).toEqual(weightsIn(input));
  });

  it('a tied head that a .bin holds twice is kept once; a head of its own stays', async () => {
    const tied = prepared({ form: 'bin' });
    await tied.run();
    expect(weightsIn(tied.output).has(HEAD)).toBe(false);
    expect(JSON.parse(readFileSync(join(tied.output, 'config.json'), 'utf8')).tie_word_embeddings).toBe(true);
    const untied = prepared({ form: 'bin', model: tinyModel({ config: { tie_word_embeddings: false } }) });
    await untied.run();
    expect(weightsIn(untied.output).get(HEAD)).toEqual(untied.model.weights.get(HEAD));
  });

  it('finds the shared embedding under the name of a stack', async () => {
    const { input, output, model, run } = prepared();
    const renamed = new Map(
      [...model.weights].map(([name, data]) => [
        name === SHARED ? 'encoder.embed_tokens.weight' : name,
        data,
      ]),
    );
    writeFileSync(join(input, 'model.safetensors'), writeSafetensors(renamed));
    await run();
    expect(weightsIn(output)).toEqual(model.weights);
  });

  it('does without a tokenizer when asked, and then writes no card', async () => {
    const without = prepared({ tokenizer: false });
    expect(await refusal(without.run)).toContain('--weights-only needs no tokenizer');
    const summary = await runConvert({ ...without.request, weightsOnly: true, measure: true });
    // The mark stays: it is not a whole checkpoint folder, but may be made again.
    expect(readdirSync(without.output).sort()).toEqual([
      '.rankscope-unfinished',
      'config.json',
      'model.safetensors',
      'onnx',
    ]);
    expect(weightsIn(without.output)).toEqual(without.model.weights);
    expect(summary.unmeasured).toContain('no tokenizer');
  });

  it('makes the tokenizer from spiece.model where there is no tokenizer.json', async () => {
    const { vocab } = JSON.parse(tinyTokenizer().tokenizerJson).model as { vocab: [string, number][] };
    const pieces = [...vocab, ['▁Yes', -3] as const].map(
      ([piece, score]) => T5_SPECIAL.find((special) => special.piece === piece) ?? { piece, score },
    );
    // Rows beyond the tokenizer's, as T5's 32,128 for 32,100 tokens.
    const model = tinyModel({ config: { vocab_size: pieces.length + 100 + 28 } });
    const { input, output, run } = prepared(
      { tokenizer: false, model },
      { measure: true, templates: 'paper-student' },
    );
    writeFileSync(join(input, 'spiece.model'), spieceBytes(pieces));
    expect(await run()).toMatchObject({ unmeasured: undefined });
    const { card, scorer } = await openCheckpoint(nodeFolder(output), nodeRuntime(1), { dtype: 'int8' });
    const prompt = { parts: [{ text: 'passage: small light' }], decoderPrefix: '', labels: ['Yes'] };
    for await (const { logits, tokens } of scorer.score([prompt])) {
      expect(logits.every(Number.isFinite)).toBe(true);
      expect([...tokens]).toEqual([tokenizerIn(output).encode('passage: small light').length + 1]);
    }
    await scorer.dispose();
    expect(Object.keys(card.files)).toContain('tokenizer.json');
    const written = JSON.parse(readFileSync(join(output, 'tokenizer.json'), 'utf8'));
    expect(written.model.vocab).toHaveLength(pieces.length + 100);
    expect(JSON.parse(readFileSync(join(output, 'tokenizer_config.json'), 'utf8')).extra_ids).toBe(100);
    // tokenizer.json, where there is one, goes before.
    const both = prepared();
    writeFileSync(join(both.input, 'spiece.model'), 'not looked at');
    await both.run();
    expect(readFileSync(join(both.output, 'tokenizer.json'), 'utf8')).toBe(tinyTokenizer().tokenizerJson);
  });

  it('a dry run says what would be made and writes nothing', async () => {
    const { output, run } = prepared({}, { dryRun: true });
    const plan = await run();
    expect(plan.parameters).toBeGreaterThan(100_000);
    expect(plan.memory.needed).toBeGreaterThan(4 * plan.parameters);
    expect(existsSync(output)).toBe(false);
  });

  it('names the tensors that it does not use, and counts them', async () => {
    const model = tinyModel({ seed: 3 });
    const weights = new Map(model.weights);
    for (let i = 0; i < 11; i++) weights.set(`adapter.${i}.weight`, model.weights.get(SHARED)!);
    const { output, run } = prepared({ model: { ...model, weights } });
    expect((await run()).unused).toEqual({
      count: 11,
      names: Array.from({ length: 8 }, (_, i) => `adapter.${i}.weight`),
    });
    expect(weightsIn(output)).toEqual(model.weights);
    expect((await prepared().run()).unused).toEqual({ count: 0, names: [] });
    expect((await prepared({ form: 'bin' }).run()).unused.names).toEqual(['encoder.embed_tokens.weight']);
    const told = await runTrainer(['convert', '--dry-run', '--input', output]);
    expect(told.stdout).not.toContain('not used');
    writeFileSync(join(output, 'model.safetensors'), writeSafetensors(weights));
    const { stdout } = await runTrainer(['convert', '--dry-run', '--input', output]);
    expect(stdout).toMatch(/not used, .*: 11 tensors \(“adapter\.0\.weight”, .* and 3 more\)\./);
  });

  it('a cancelled conversion leaves nothing behind, and the same call makes it whole', async () => {
    const { request, output } = prepared();
    const stop = new AbortController();
    const stopIn =
      (control: AbortController) =>
      ({ what }: { readonly what: string }) => {
        if (what.startsWith('onnx')) control.abort();
      };
    await refusal(() =>
      runConvert({ ...request, dtypes: ['int8', 'q8'], signal: stop.signal }, { progress: stopIn(stop) }),
    );
    expect(existsSync(output)).toBe(false);
    await runConvert({ ...request, dtypes: ['int8', 'q8'] });
    // Nor has a finished folder, when a second conversion into it is stopped.
    const again = new AbortController();
    await refusal(() =>
      runConvert({ ...request, dtypes: ['q8', 'q4'], signal: again.signal }, { progress: stopIn(again) }),
    );
    expect(existsSync(join(output, 'ranker.json'))).toBe(false);
    await runConvert({ ...request, dtypes: ['int8', 'q8'] });
    expect(Object.keys(cardIn(output).scorers)).toEqual(['int8', 'q8']);
  });
});

describe('inputs that cannot be converted', () => {
  const failing = async (change: (input: string) => void, options: HfOptions = {}) => {
    const { input, output, run } = prepared(options);
    change(input);
    const message = await refusal(run);
    expect(existsSync(output) ? readdirSync(output) : []).toEqual([]);
    return { message, input };
  };

  it('names a file that is missing', async () => {
    for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
      const { message, input } = await failing((path) => rmSync(join(path, file)));
      expect(message).toContain(`${input}/${file} cannot be read: there is no such file`);
    }
    const { message } = await failing((path) => rmSync(join(path, 'model.safetensors')));
    expect(message).toContain('has no weights: model.safetensors or pytorch_model.bin');
  });

  it('a spiece.model that is none', async () => {
    const { message, input } = await failing((path) => writeFileSync(join(path, 'spiece.model'), 'x'), {
      tokenizer: false,
    });
    expect(message).toContain(`${input}/spiece.model: it ends in the middle of a field`);
    expect(message).toContain('at byte 0');
  });

  it.each([
    ['tf_model.h5', 'contains TensorFlow weights'],
    ['flax_model.msgpack', 'contains Flax weights'],
    ['adapter_model.safetensors', 'contains an adapter (LoRA): merge it into its base model first'],
    ['model-00001-of-00002.safetensors', 'is one shard'],
    ['model.gguf', 'cannot be read here'],
  ])('explains %s', async (file, words) => {
    const { message } = await failing((path) => {
      rmSync(join(path, 'model.safetensors'));
      writeFileSync(join(path, file), 'x');
    });
    expect(message).toContain(`${file} ${words}`);
  });

  it('names the tensor that is missing, misshapen, not a number, or of another type', async () => {
    const changed = (edit: (weights: Map<string, ReturnType<typeof tinyWeight>>) => void) =>
      failing((path) => {
        const weights = new Map(tinyModel({ seed: 3 }).weights);
        edit(weights);
        writeFileSync(join(path, 'model.safetensors'), writeSafetensors(weights));
      });
    const name = 'decoder.block.0.layer.1.EncDecAttention.k.weight';
    const { message: missing, input } = await changed((weights) => weights.delete(name));
    expect(missing).toContain(`${input}/model.safetensors: there is no tensor ${name}`);
    const norm = 'encoder.final_layer_norm.weight';
    const { message: shape } = await changed((weights) =>
      weights.set(norm, { ...weights.get(norm)!, dims: [32, 2] }),
    );
    expect(shape).toContain(`tensor ${norm} has shape [32, 2], config.json asks for [64]`);
    const { message: overflow } = await changed((weights) => {
      const data = weights.get(norm)!.data.slice();
      data[5] = Number.POSITIVE_INFINITY;
      weights.set(norm, { ...weights.get(norm)!, data });
    });
    expect(overflow).toContain(`tensor ${norm} holds Infinity at element 5`);
    const { message: encoderOnly } = await changed((weights) => {
      for (const key of [...weights.keys()]) if (key.startsWith('decoder')) weights.delete(key);
    });
    expect(encoderOnly).toContain('encoder only');
  });

  it('a shard that lacks a tensor, an index that leads out of the folder, and one that is damaged', async () => {
    const index = 'model.safetensors.index.json';
    const edited = (edit: (map: Record<string, unknown>) => void) =>
      failing(
        (path) => {
          const json = JSON.parse(readFileSync(join(path, index), 'utf8'));
          edit(json.weight_map);
          writeFileSync(join(path, index), JSON.stringify(json));
        },
        { form: 'sharded' },
      );
    const { message: lacks } = await edited((map) => {
      map[SHARED] = 'model-00002-of-00002.safetensors';
    });
    expect(lacks).toContain(`model-00002-of-00002.safetensors: it lacks tensor ${SHARED}`);
    const { message: outside } = await edited((map) => {
      map[SHARED] = '../../etc/passwd';
    });
    expect(outside).toContain('which is not the name of a file beside it');
    const { message: gone } = await failing(
      (path) => rmSync(join(path, 'model-00002-of-00002.safetensors')),
      { form: 'sharded' },
    );
    expect(gone).toContain('model-00002-of-00002.safetensors cannot be read: there is no such file');
    const { message: damaged } = await failing((path) => writeFileSync(join(path, index), '{'), {
      form: 'sharded',
    });
    expect(damaged).toContain(`${index}: it is not JSON`);
  });

  it('a config that is no T5, or asks for more than there is', async () => {
    const { message: bert } = await failing(() => {}, { config: { model_type: 'bert' } });
    expect(bert).toContain('model_type is "bert"');
    const { message: blocks } = await failing(() => {}, { config: { num_layers: 10_000_000 } });
    expect(blocks).toMatch(/asks for 10000001 blocks, and the weights have \d+ tensors/);
    const { message: list } = await failing((path) => writeFileSync(join(path, 'config.json'), '[]'));
    expect(list).toContain('config.json: it is not a JSON object');
  });

  it('labels that the tokenizer or the weights do not have', async () => {
    const { message } = await failing(() => {}, {
      config: { _name_or_path: 'castorini/monot5-base-msmarco' },
    });
    expect(message).toContain('The label “true” is not one token');
    const small = tinyModel({ config: { vocab_size: 60 } });
    const { message: beyond } = await failing(() => {}, { model: small });
    expect(beyond).toMatch(/tokenizer\.json has \d+ tokens, and .*config\.json has vocab_size 60/);
  });

  it('an output that is the input', async () => {
    const { request, input } = prepared();
    expect(await refusal(() => runConvert({ ...request, output: `${input}/` }))).toContain(
      'choose another --output',
    );
    expect(existsSync(join(input, 'ranker.json'))).toBe(false);
  });

  it('an output that cannot be written', async () => {
    const { request } = prepared();
    const blocked = join(root, 'a-file');
    writeFileSync(blocked, '');
    expect(await refusal(() => runConvert({ ...request, output: join(blocked, 'out') }))).toContain(
      `${blocked}/out cannot be written: `,
    );
  });
});

const tinyWeight = () => [...tinyModel().weights.values()][0]!;
