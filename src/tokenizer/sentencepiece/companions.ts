/** What the files beside a spiece.model say: how many <extra_id_…> there are, and further tokens. */
import { isObject } from '../../json-checks.ts';
import { unusable } from './proto-reader.ts';

export interface Companions {
  readonly extraIds: number;
  readonly modelMaxLength: number;
}

/** The three files that may lie there, parsed; absent when they do not. */
export interface CompanionFiles {
  readonly 'tokenizer_config.json'?: unknown;
  readonly 'special_tokens_map.json'?: unknown;
  readonly 'added_tokens.json'?: unknown;
}

/** T5's own. */
const EXTRA_IDS = 100;
const MODEL_MAX_LENGTH = 512;
/** <extra_id_…> are three digits at most in every T5 there is. */
const MOST_EXTRA_IDS = 1_000;

/** @throws RankscopeError 'bad-input' for a number of <extra_id_…> that cannot be. */
export function readCompanions(folder: string, files: CompanionFiles): Companions {
  const config = objectOf(files['tokenizer_config.json']);
  const listed = namedTokens(files).filter(({ token }) => /^<extra_id_\d+>$/.test(token));
  const said = config.extra_ids;
  const count = said ?? (new Set(listed.map(({ token }) => token)).size || EXTRA_IDS);
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > MOST_EXTRA_IDS) {
    const found = JSON.stringify(said) ?? String(count);
    throw unusable(
      `${folder}tokenizer_config.json`,
      `extra_ids is ${found}, not a number up to ${MOST_EXTRA_IDS}`,
    );
  }
  const longest = config.model_max_length;
  const modelMaxLength =
    Number.isSafeInteger(longest) && (longest as number) > 0 ? (longest as number) : MODEL_MAX_LENGTH;
  return { extraIds: count, modelMaxLength };
}

/**
 * Tokens that the files beside spiece.model name must be those of the vocabulary: more would need more
 * rows in the model's embedding, at ids that only the program that trained it knows.
 * @throws RankscopeError 'bad-input' naming file and token.
 */
export function checkNamedTokens(
  folder: string,
  files: CompanionFiles,
  vocab: readonly (readonly [piece: string, score: number])[],
): void {
  const ids = new Map(vocab.map(([piece], id) => [piece, id]));
  const advice = 'Make tokenizer.json with the program that trained the model';
  for (const { file, token } of namedTokens(files)) {
    if (ids.has(token)) continue;
    throw unusable(`${folder}${file}`, `the token “${token}” is not in spiece.model. ${advice}`);
  }
  for (const [token, id] of Object.entries(objectOf(files['added_tokens.json']))) {
    if (ids.get(token) === id) continue;
    const found = ids.has(token) ? `has ${ids.get(token)}` : 'is missing there';
    throw unusable(
      `${folder}added_tokens.json`,
      `the token “${token}” should have id ${JSON.stringify(id)}, and in spiece.model ${found}. ${advice}`,
    );
  }
}

const SINGLE = ['unk_token', 'eos_token', 'pad_token'] as const;

function namedTokens(files: CompanionFiles): { readonly file: string; readonly token: string }[] {
  return (['tokenizer_config.json', 'special_tokens_map.json'] as const).flatMap((file) => {
    const json = objectOf(files[file]);
    const more = Array.isArray(json.additional_special_tokens) ? json.additional_special_tokens : [];
    return [...SINGLE.map((key) => json[key]), ...more].flatMap((value: unknown) => {
      const token = isObject(value) ? value.content : value;
      return typeof token === 'string' ? [{ file, token }] : [];
    });
  });
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});
