/** What a conversion is asked, and what it says. */
import type { ConvertProgress } from '../../src/checkpoint/build/convert-folder.ts';
import type { CheckpointRole, DtypeMeasure } from '../../src/checkpoint/ranker-card.ts';
import type { Kind } from '../../src/checkpoint/recognise.ts';
import type { Dtype } from '../../src/inference/scorer.ts';

export interface ConvertRequest {
  readonly input: string;
  readonly output: string;
  readonly dtypes: readonly Dtype[];
  /** Storage of model.safetensors; absent: bf16 where the source has that, else fp32. */
  readonly weights?: 'F32' | 'BF16';
  readonly name?: string;
  readonly role?: CheckpointRole;
  /** Ids of presets, with commas; absent: by what the model is. */
  readonly templates?: string;
  readonly threads?: number;
  readonly measure: boolean;
  /** Without tokenizer and card: nothing that ranks, but weights and scorers for other uses. */
  readonly weightsOnly?: boolean;
  /** Ends before the weights are read. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
}

/** What is known before the work. */
export interface ConvertPlan {
  readonly name: string;
  readonly kind: Kind;
  /** Whether the model was trained on the card's templates. */
  readonly trainedTemplates: boolean;
  readonly role: CheckpointRole;
  readonly templates: readonly string[];
  readonly parameters: number;
  readonly stored: string;
  readonly weights: 'F32' | 'BF16';
  readonly sources: readonly string[];
  /** Tensors of the files that the model does not have: how many, and the first of their names. */
  readonly unused: { readonly count: number; readonly names: readonly string[] };
  /** Bytes; `least` without a comparison, `available` when it was looked at. */
  readonly memory: { readonly needed: number; readonly least: number; readonly available: number };
  readonly disk: { readonly needed: number; readonly available: number };
  /** From a measured probe; absent for small models, which take seconds. */
  readonly estimatedSeconds?: number;
  /** Why scores will not be compared with fp32, if so. */
  readonly unmeasured?: string;
}

export interface ConvertSummary extends ConvertPlan {
  readonly output: string;
  readonly bytes: number;
  readonly seconds: number;
  /** The most memory that the process had, as the system counts it. */
  readonly peakMemory: number;
  readonly dtypeMeasures: Readonly<Partial<Record<Dtype, DtypeMeasure>>>;
}

export interface ConvertListener {
  readonly planned?: (plan: ConvertPlan) => void;
  readonly progress?: (progress: ConvertProgress) => void;
  readonly measured?: (dtype: Dtype, measure: DtypeMeasure) => void;
}
