/** What the Models page says of models elsewhere and in storage. */
import type { Dtype } from '../../../inference/scorer.ts';
import { hostOf } from '../../../sources/http.ts';
import { memoryNeed } from '../../../sources/memory-need.ts';
import type { ConvertProgress } from '../../../workers/convert-protocol.ts';
import type { Found, Progress, StoredModel, Use } from '../../../workers/download-protocol.ts';
import { formatBytes, formatEstimate } from '../../ui/numbers.ts';

type Kind = Use['kind'];

/** What a folder is. */
export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  checkpoint: 'Ready checkpoint',
  original: 'Original T5, to be converted here',
  pickle: 'Original T5 in PyTorch’s form (read as data, never run), to be converted here',
  'transformers-js': 'transformers.js layout, used as it is',
  'text-classification': 'Cross-encoder in transformers.js layout, used as it is',
};

export const SHORT_KIND: Readonly<Record<Kind, string>> = {
  checkpoint: 'ready checkpoint',
  original: 'converted here',
  pickle: 'converted here',
  'transformers-js': 'transformers.js layout',
  'text-classification': 'cross-encoder, transformers.js layout',
};

/** One of several ways to use a folder. */
export const formTitle = ({ kind, dtype, bytes }: Use): string =>
  [KIND_WORDS[kind], dtype, formatBytes(bytes)].filter(Boolean).join(' · ');

/** Where a use’s files come from; undefined where they are at hand. */
export function hostOfUse({ files }: Use): string | undefined {
  const url = files.find((file) => file.url !== undefined)?.url;
  return url === undefined ? undefined : hostOf(url);
}

/** What somebody agrees to by pressing “Download”. */
export function consent(
  found: Found,
  use: Use,
  dtypes: readonly Dtype[],
  memoryGb: number | undefined,
): string {
  const host = hostOfUse(use);
  const from = host === undefined ? 'Copies' : 'Fetches';
  const where = host === undefined ? '' : ` from ${host}`;
  const licence = found.license ? `licence ${found.license}` : 'no licence is stated';
  const converts = use.kind === 'original' || use.kind === 'pickle';
  const then = converts
    ? ` It is then converted here to ${dtypes.join(' and ')}, and what was fetched is removed.`
    : '';
  const need = memoryNeed(use);
  const tight =
    memoryGb !== undefined && need > memoryGb * 0.5e9
      ? ` That is a lot for this machine, which reports ${memoryGb >= 8 ? '8 GB or more' : `${memoryGb} GB`}: the browser may close the page.`
      : '';
  return `${from} ${formatBytes(use.bytes)}${where} (${licence}). ${converts ? 'Converting' : 'Ranking with'} it takes about ${formatBytes(need)} of memory.${then}${tight}`;
}

/** `12 MB of 308 MB · 4.2 MB/s · about 70 s left` */
export function progressWords({ bytes, total, bytesPerSecond, secondsLeft, waiting }: Progress): string {
  if (total === 0) return 'Starting …';
  const done = `${formatBytes(bytes)} of ${formatBytes(total)}`;
  if (waiting) return `${done} · ${waiting.message}`;
  const rate = bytesPerSecond ? `${formatBytes(bytesPerSecond)}/s` : '';
  return [done, rate, leftWords(secondsLeft)].filter(Boolean).join(' · ');
}

const STAGES: Readonly<Record<ConvertProgress['stage'], string>> = {
  weights: 'Writing weights',
  scorer: 'Quantising into',
  compare: 'Comparing:',
};

/** `Quantising into onnx/scorer_int8.onnx · 41 % · about 8 s left` */
export function conversionWords(progress: ConvertProgress | null, secondsLeft?: number): string {
  if (!progress) return 'Checking what was downloaded';
  const { stage, what, done, total } = progress;
  const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : '';
  return [`${STAGES[stage]} ${what}`, share, leftWords(secondsLeft)].filter(Boolean).join(' · ');
}

const leftWords = (seconds: number | undefined): string =>
  seconds === undefined ? '' : `${formatEstimate(seconds)} left`;

/** A stored model that can be used: what it is. */
export function storedWords(model: StoredModel): string {
  const { kind, source, dtype, files, bytes, license, place } = model;
  const what = source === 'converted' ? 'converted here' : SHORT_KIND[kind];
  // A conversion makes several.
  const made = files.flatMap(({ path }) => /^onnx\/scorer_(\w+)\.onnx$/.exec(path)?.[1] ?? []);
  const kept = place === 'memory' ? 'in memory until the page is closed' : '';
  return [what, dtype ?? made.join(' and '), formatBytes(bytes), license, kept].filter(Boolean).join(' · ');
}
