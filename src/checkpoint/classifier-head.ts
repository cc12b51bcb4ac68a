/** What config.json says of an encoder's classification head: whether there is one, and which output means relevant. */
import { RankscopeError } from '../errors.ts';
import { isCount, isObject } from '../json-checks.ts';

export interface ClassifierHead {
  readonly outputs: number;
  /** Outputs asked for, the relevant one first. */
  readonly asked: readonly number[];
  /** Their names, in that order. */
  readonly labels: readonly string[];
}

type Config = Readonly<Record<string, unknown>>;

const MOST_NAMES = 5;
const MOST_LETTERS = 60;

/** Names from a file, for a message: not more, and none longer, than anybody reads. */
function listed(names: readonly string[]): string {
  const some = names
    .slice(0, MOST_NAMES)
    .map((name) => (name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS)}…` : name));
  const more = names.length - some.length;
  return some.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const HEAD = /ForSequenceClassification$/;

/** Names of config.json's architectures; none where it does not say. */
export const architecturesOf = (config: Config): readonly string[] =>
  Array.isArray(config.architectures)
    ? config.architectures.filter((name): name is string => typeof name === 'string')
    : [];

/**
 * Why a model that is no T5 cannot score query and passage, as far as its architectures tell; undefined where it may. A
 * sentence that begins with “It”.
 */
export function headless(architectures: readonly string[]): string | undefined {
  if (architectures.length === 0 || architectures.some((name) => HEAD.test(name))) return undefined;
  return `It has no classification head (config.json says ${listed(architectures)}): such an encoder makes vectors of texts, and does not score a passage for a query. Choose a cross-encoder, for example Xenova/ms-marco-MiniLM-L-6-v2.`;
}

/** What a relevant passage is called where a head has several labels. */
const RELEVANT = /^(relevant|relevance|true|yes|match)$/i;
/** Labels that nobody named: the second is the positive class (monoBERT, Nogueira and Cho 2019). */
const UNNAMED = ['LABEL_0', 'LABEL_1'];

/**
 * @param file for messages
 * @throws RankscopeError 'bad-checkpoint' for a model without a head, or whose labels do not say which one means relevant
 */
export function readHead(config: Config, file: string): ClassifierHead {
  const fail = (what: string): never => {
    throw new RankscopeError('bad-checkpoint', `${file}: ${what}`, { file });
  };
  const architectures = architecturesOf(config);
  if (architectures.length === 0) {
    fail('“architectures” is missing, so it is not known what kind of model this is. Get the folder again.');
  }
  const why = headless(architectures);
  if (why !== undefined) fail(why.charAt(0).toLowerCase() + why.slice(1));
  const names = labelNames(config) ?? fail('“id2label” must name the labels 0, 1, … of the head.');
  if (names.length === 1) return { outputs: 1, asked: [0], labels: ['relevance'] };
  const relevant = names.every((name, i) => name === UNNAMED[i])
    ? 1
    : names.findIndex((name) => RELEVANT.test(name.trim()));
  if (relevant < 0) {
    fail(
      `its head has the labels ${listed(names)}, and none of them says “relevant”: it was trained to tell other things apart. Choose a model that was trained to rank, with one label.`,
    );
  }
  const asked = [relevant, ...names.flatMap((_, i) => (i === relevant ? [] : [i]))];
  return { outputs: names.length, asked, labels: asked.map((i) => names[i]!) };
}

/** Labels in their order; Hugging Face leaves out what is usual, two without names. */
function labelNames({ id2label, num_labels }: Config): string[] | undefined {
  if (isObject(id2label)) {
    const names = Object.keys(id2label).map((_, i) => id2label[String(i)]);
    return names.length > 0 && names.every((name) => typeof name === 'string') ? names : undefined;
  }
  const count = isCount(num_labels) && num_labels > 0 ? num_labels : UNNAMED.length;
  return Array.from({ length: count }, (_, i) => `LABEL_${i}`);
}

/** Families that count positions from their padding token on: so many of the table are not for tokens. */
const OFFSET_TYPES = ['roberta', 'xlm-roberta', 'camembert', 'mpnet', 'xlm-roberta-xl', 'longformer'];
/** What is read of a pair at most: attention over longer ones would take a page's memory. */
const MOST_TOKENS = 2048;
const USUAL_TOKENS = 512;

/**
 * Longest pair in tokens, special ones included: what the tokenizer or the table of positions allows, at most 2,048.
 * @param tokenizerConfig parsed tokenizer_config.json
 */
export function longestPair(config: Config, tokenizerConfig: unknown): number {
  const { max_position_embeddings: positions, model_type, pad_token_id } = config;
  const offset =
    typeof model_type === 'string' && OFFSET_TYPES.includes(model_type)
      ? (isCount(pad_token_id) ? pad_token_id : 1) + 1
      : 0;
  const own = isObject(tokenizerConfig) ? tokenizerConfig.model_max_length : undefined;
  const limits = [
    isCount(positions) ? positions - offset : undefined,
    // Where nobody has set it, it is an astronomical number.
    typeof own === 'number' && own < 1e6 ? Math.floor(own) : undefined,
  ].flatMap((limit) => (limit !== undefined && limit >= 8 ? [limit] : []));
  return Math.min(MOST_TOKENS, ...(limits.length > 0 ? limits : [USUAL_TOKENS]));
}
