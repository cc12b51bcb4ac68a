/**
 * Checkpoints whose parts disagree, or whose JSON is hostile, with digests that fit, as somebody who edits a
 * folder and its card leaves them: a RankscopeError that names the file, never an error of a library.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { writeTinyCheckpoint } from '../../trainer/testing/tiny-checkpoint.ts';
import { openBase } from '../../trainer/train/base.ts';
import { sha256 } from '../bytes/sha256.ts';
import { RankscopeError } from '../errors.ts';
import { embeddedTemplates } from '../ranking/embedded-templates.ts';
import { PRESETS } from '../ranking/templates.ts';
import { parseT5Config } from '../t5/config.ts';
import { parseSafetensorsHeader } from '../t5/safetensors.ts';
import { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { parseRankerCard } from './card-read.ts';
import { KNOWN_LABELS } from './card-taught.ts';
import { openCheckpoint } from './open-checkpoint.ts';

type Json = Record<string, unknown>;

const root = mkdtempSync(join(tmpdir(), 'rankscope-disagreement-'));
const whole = join(root, 'whole');
const folder = join(root, 'changed');
beforeAll(async () => void (await writeTinyCheckpoint(whole, { dtypes: ['fp32', 'int8'] })));
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(whole, folder, { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const read = (file: string): Json => JSON.parse(readFileSync(join(whole, file), 'utf8')) as Json;
const size = () => read('config.json').vocab_size as number;

/** Changes a JSON file of the folder, and the card's digest of it. */
async function change(file: string, how: (json: Json) => unknown): Promise<void> {
  const json = read(file);
  const bytes = new TextEncoder().encode(JSON.stringify(how(json) ?? json));
  writeFileSync(join(folder, file), bytes);
  if (file === 'ranker.json') return;
  const card = JSON.parse(readFileSync(join(folder, 'ranker.json'), 'utf8')) as { files: Json };
  card.files[file] = { bytes: bytes.length, sha256: await sha256(bytes) };
  writeFileSync(join(folder, 'ranker.json'), JSON.stringify(card));
}

const open = async (dtype: 'fp32' | 'int8' = 'int8') => {
  const { scorer } = await openCheckpoint(nodeFolder(folder), nodeRuntime(1), { dtype });
  await scorer.dispose();
};
const pieces = (json: Json) => (json.model as { vocab: [string, number][] }).vocab;
const more = (json: Json, count: number) => {
  for (let i = 0; i < count; i++) pieces(json).push([`▁stranger${i}`, -4]);
};
const bad = (says: RegExp) => ({ code: 'bad-checkpoint', message: expect.stringMatching(says) });

describe('vocabulary and weights that disagree', () => {
  it('more tokens than config.json counts: both files and both figures', async () => {
    await change('tokenizer.json', (json) => more(json, 5));
    const says = new RegExp(
      `tokenizer\\.json has ${size() + 5} tokens, and .*config\\.json has vocab_size ${size()}`,
    );
    await expect(open()).rejects.toMatchObject(bad(says));
    await expect(openBase(folder)).rejects.toMatchObject(bad(says));
  });

  it.each(['fp32', 'int8'] as const)(
    'tokenizer and config that both count more than the %s scorer',
    async (dtype) => {
      await change('tokenizer.json', (json) => more(json, 9));
      await change('config.json', (json) => void Object.assign(json, { vocab_size: size() + 9 }));
      const says = new RegExp(
        `scorer_${dtype}\\.onnx has fewer tokens than .*config\\.json says \\(vocab_size ${size() + 9}; tokenizer\\.json has ${size() + 9}\\)`,
      );
      await expect(open(dtype)).rejects.toMatchObject(bad(says));
      await expect(openBase(folder)).rejects.toMatchObject(bad(/has shape \[.*config\.json asks for/));
    },
  );

  it('config.json that counts more, or fewer', async () => {
    await change('config.json', (json) => void Object.assign(json, { vocab_size: size() + 100 }));
    await expect(open()).rejects.toMatchObject(bad(/has fewer tokens than/));
    await change('config.json', (json) => void Object.assign(json, { vocab_size: 60 }));
    await expect(open()).rejects.toMatchObject(
      bad(/has vocab_size 60: they do not belong to the same checkpoint/),
    );
  });

  it.each([
    ['eos_token_id', 100_000],
    ['pad_token_id', -1],
    ['decoder_start_token_id', 1.5],
    ['pad_token_id', 'zero'],
    ['decoder_start_token_id', { toString: 1 }],
    ['layer_norm_epsilon', 'tiny'],
  ])('config.json with %s %s', async (field, value) => {
    await change('config.json', (json) => void Object.assign(json, { [field]: value }));
    await expect(open()).rejects.toMatchObject(bad(new RegExp(`config\\.json: ${field} must be`)));
    await expect(openBase(folder)).rejects.toMatchObject(bad(new RegExp(`config\\.json: ${field} must be`)));
  });

  const tokenizers: readonly (readonly [what: string, how: (json: Json) => unknown])[] = [
    ['no vocabulary', (json) => void Reflect.deleteProperty(json.model as Json, 'vocab')],
    ['an empty one', (json) => void Object.assign(json.model as Json, { vocab: [] })],
    ['a vocabulary that is an object', (json) => void Object.assign(json.model as Json, { vocab: { a: 1 } })],
    ['pieces without scores', (json) => void pieces(json).splice(7, 1, ['x'] as never)],
    ['pieces that are no texts', (json) => void pieces(json).splice(7, 1, [{ toString: 1 }, 2] as never)],
    ['scores that are texts', (json) => void pieces(json).splice(7, 1, ['x', '-3'] as never)],
    ['an unknown token that is not there', (json) => void Object.assign(json.model as Json, { unk_id: 1e6 })],
    [
      'an added token far behind the end',
      (json) => void Object.assign(json, { added_tokens: [{ id: 1e9, content: '<far>' }] }),
    ],
    [
      'an added token behind the end',
      (json) => void Object.assign(json, { added_tokens: [{ id: 9_999, content: '<far>' }] }),
    ],
    ['added tokens that are no list', (json) => void Object.assign(json, { added_tokens: 'none' })],
    ['an added token that is a text', (json) => void Object.assign(json, { added_tokens: ['</s>'] })],
    ['a normaliser that is a number', (json) => void Object.assign(json, { normalizer: 3 })],
    [
      'a normaliser nobody knows',
      (json) => void Object.assign(json, { normalizer: { type: { toString: 1 } } }),
    ],
    [
      'a replacement that is an object',
      (json) =>
        void Object.assign(json, { pre_tokenizer: { type: 'Metaspace', replacement: { toString: 1 } } }),
    ],
    ['a list', () => []],
    ['null', () => null as never],
    ['a text', () => 'tokenizer'],
  ];
  it.each(tokenizers)('tokenizer.json with %s', async (_what, how) => {
    await change('tokenizer.json', how);
    for (const opening of [open, () => openBase(folder)]) {
      const error: unknown = await opening().then(
        () => undefined,
        (e: unknown) => e,
      );
      // `null` is left as it was by `change`: then there is nothing to refuse.
      if (error === undefined) expect(_what).toBe('null');
      else {
        expect(error).toBeInstanceOf(RankscopeError);
        expect((error as RankscopeError).message).toContain('tokenizer.json');
      }
    }
  });
});

describe('labels', () => {
  const template = (json: Json) => (json.templates as { labels: string[]; id: string }[])[0]!;

  it('that are not what the model was taught: both are named, in page and trainer', async () => {
    const { id, labels } = template(read('ranker.json'));
    expect(labels).toEqual(['A', 'B']);
    await change('ranker.json', (json) => void Object.assign(template(json), { labels: ['B', 'A'] }));
    const says = new RegExp(`ranker\\.json: .*"${id}" the labels \\["B","A"\\].*was taught \\["A","B"\\]`);
    await expect(open()).rejects.toMatchObject(bad(says));
    await expect(openBase(folder)).rejects.toMatchObject(bad(says));
    await change(
      'ranker.json',
      (json) => void Object.assign(template(json), { labels: ['Yes'], trained: false }),
    );
    await open();
  });

  it('of a known wording are known without the card’s record, which older cards lack', async () => {
    const labelled = [...PRESETS, ...embeddedTemplates].filter((one) => 'labels' in one);
    for (const { id, labels } of labelled) expect(KNOWN_LABELS[id]).toEqual(labels);
    expect(Object.keys(KNOWN_LABELS).sort()).toEqual([...new Set(labelled.map(({ id }) => id))].sort());
    await change('ranker.json', (json) => {
      Reflect.deleteProperty(json.provenance as Json, 'taught');
      Object.assign(template(json), { labels: ['B', 'A'] });
    });
    await expect(open()).rejects.toMatchObject(bad(/the labels \["B","A"\].*was taught \["A","B"\]/));
  });

  it('that are no single tokens, or the same one twice', async () => {
    const relabel = (labels: string[]) =>
      change('ranker.json', (json) => void Object.assign(template(json), { labels, trained: false }));
    await relabel(['extraordinarily', 'B']);
    await expect(open()).rejects.toMatchObject(
      bad(/ranker\.json: template “.*”: The label “extraordinarily” is not one token/),
    );
    await relabel(['A', 'A']);
    await expect(open()).rejects.toMatchObject(bad(/labels “A” and “A” of template .* same token/));
  });
});

describe('hostile JSON', () => {
  const hostile: readonly unknown[] = [
    { toString: 1, valueOf: 1 },
    { toJSON: 'x' },
    [{ toString: null }],
    'x'.repeat(100_000),
    1e308,
    -1,
    null,
    true,
    [],
    [[[]]],
    { __proto__: null },
  ];
  const names = fc.constantFrom(...hostile);

  /** All places in a value: a path of keys each. */
  function places(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
    if (typeof value !== 'object' || value === null) return [at];
    const entries = Object.entries(value).slice(0, 12);
    return [
      at,
      ...entries.flatMap(([key, item]) => places(item, [...at, Array.isArray(value) ? Number(key) : key])),
    ];
  }
  function put(json: Json, at: readonly (string | number)[], value: unknown): unknown {
    if (at.length === 0) return value;
    let holder = json as Record<string | number, unknown>;
    for (const key of at.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
    holder[at.at(-1)!] = value;
    return json;
  }
  const orOurs = (work: () => unknown): void => {
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(RankscopeError);
      expect((error as Error).message.length).toBeLessThan(2_000);
    }
  };

  it.each(['ranker.json', 'config.json', 'tokenizer.json'])('%s with anything anywhere', (file) => {
    const json = read(file);
    const where = fc.constantFrom(...places(json));
    fc.assert(
      fc.property(where, names, (at, value) => {
        const changed = put(structuredClone(json), at, value);
        orOurs(() => {
          if (file === 'ranker.json') parseRankerCard(JSON.stringify(changed), 'x/ranker.json');
          else if (file === 'config.json') parseT5Config(changed, 'x/config.json');
          else new T5Tokenizer(changed, {}, 'x/');
        });
      }),
      { numRuns: 400, seed: 15 },
    );
  });

  const withHeader = (text: string): Uint8Array => {
    const json = new TextEncoder().encode(text);
    const bytes = new Uint8Array(8 + json.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  };
  const parseHeader = (text: string) => {
    const bytes = withHeader(text);
    return parseSafetensorsHeader(bytes, bytes.length, 'x.safetensors');
  };

  it('safetensors headers with anything anywhere', () => {
    const header = { __metadata__: { format: 'pt' }, w: { dtype: 'F32', shape: [0], data_offsets: [0, 0] } };
    parseHeader(JSON.stringify(header));
    fc.assert(
      fc.property(fc.constantFrom(...places(header)), names, (at, value) => {
        orOurs(() => parseHeader(JSON.stringify(put(structuredClone(header), at, value))));
      }),
      { numRuns: 300, seed: 15 },
    );
    for (const offsets of [[0], [0, 0, 0], []]) {
      const odd = { w: { dtype: 'F32', shape: [0], data_offsets: offsets } };
      expect(() => parseHeader(JSON.stringify(odd))).toThrow(RankscopeError);
    }
  });

  it('nested without end is refused by depth, in cards, configs, tokenizers and headers', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(() => parseRankerCard(deep, 'x/ranker.json')).toThrow(
      /x\/ranker\.json: .*nested deeper than \d+ levels/,
    );
    expect(() => parseRankerCard(`{"format":${deep}}`, 'x/ranker.json')).toThrow(/nested deeper/);
    expect(() => parseHeader(`{"w":${deep}}`)).toThrow(/nested deeper/);
    for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
      const bytes = new TextEncoder().encode(`{"model":${deep}}`);
      rmSync(folder, { recursive: true, force: true });
      cpSync(whole, folder, { recursive: true });
      writeFileSync(join(folder, file), bytes);
      const card = read('ranker.json') as { files: Json };
      card.files[file] = { bytes: bytes.length, sha256: await sha256(bytes) };
      writeFileSync(join(folder, 'ranker.json'), JSON.stringify(card));
      await expect(open()).rejects.toMatchObject(bad(new RegExp(`${file}.*nested deeper`)));
      await expect(openBase(folder)).rejects.toMatchObject(bad(new RegExp(`${file}.*nested deeper`)));
    }
  });
});
