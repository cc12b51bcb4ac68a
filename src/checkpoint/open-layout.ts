/**
 * How every folder in transformers.js' layout is opened, whatever its graphs are: listed, read but for its weights, a form
 * chosen that this device runs, the graphs of that form loaded and started.
 */
import type { FileDigest, FolderFile, FolderReader } from '../bytes/byte-source.ts';
import type { LoadedModel } from '../inference/loaded-model.ts';
import type { Runtime } from '../inference/runtime.ts';
import type { ScorerInfo } from '../inference/scorer.ts';
import { aloneNotice, chooseForm, digestOfAll, graphLoader, type LoadedGraph } from './graph-loader.ts';
import { allOf, type GraphFiles, type StoredForm } from './onnx-files.ts';
import type { OpenedCheckpoint, OpenOptions } from './open-checkpoint.ts';
import type { RankerCard } from './ranker-card.ts';

/** What a folder says of itself, before any of its weights is read. */
export interface LayoutFacts<F extends StoredForm> {
  readonly card: RankerCard;
  readonly forms: readonly F[];
  /** Of files beside the graphs that decide what an answer is: they are part of the model's digest. */
  readonly digests?: Readonly<Record<string, FileDigest>>;
}

/** A form's graphs, loaded, with what is to be made of them. */
export interface Loaded<T extends LayoutFacts<F>, F extends StoredForm, G extends string> {
  readonly folder: FolderReader;
  readonly runtime: Runtime;
  readonly facts: T;
  readonly form: F;
  readonly graphs: Readonly<Record<G, LoadedGraph>>;
  readonly info: ScorerInfo;
  readonly batching: OpenOptions['batching'];
}

/** A kind of folder in this layout. */
export interface Layout<
  T extends LayoutFacts<F>,
  F extends StoredForm,
  G extends string,
  S extends LoadedModel,
> {
  /** @param title what the model is called; absent: by its folder */
  read(folder: FolderReader, files: readonly FolderFile[], title?: string): Promise<T>;
  /** In the order in which they are loaded. */
  graphsOf(form: F): Readonly<Record<G, GraphFiles>>;
  /** Starts the graphs and asks the model for what it should know. Nothing stays started where it throws. */
  start(loaded: Loaded<T, F, G>): Promise<S>;
}

/** @throws RankscopeError 'bad-checkpoint', 'bad-input', 'missing', 'network' or 'device' naming the file. */
export async function openLayout<
  T extends LayoutFacts<F>,
  F extends StoredForm,
  G extends string,
  S extends OpenedCheckpoint['scorer'],
>(
  layout: Layout<T, F, G, S>,
  folder: FolderReader,
  runtime: Runtime,
  options: OpenOptions = {},
): Promise<OpenedCheckpoint<S>> {
  const began = performance.now();
  const facts = await layout.read(folder, await folder.list(options.signal), options.title);
  const { card } = facts;
  const form = chooseForm(facts.forms, runtime.device, options.dtype, card.name);
  const files = Object.entries<GraphFiles>(layout.graphsOf(form));
  const load = graphLoader(
    folder,
    files.flatMap(([, graph]) => allOf(graph)),
    options,
  );
  const loaded: [name: string, graph: LoadedGraph][] = [];
  for (const [name, graph] of files) loaded.push([name, await load(graph)]);
  const weights: Record<string, FileDigest> = Object.assign({}, ...loaded.map(([, { digests }]) => digests));
  const info: ScorerInfo = {
    name: card.name,
    digest: await digestOfAll({ ...weights, ...facts.digests }),
    dtype: form.dtype,
    device: runtime.device,
    threads: runtime.threads,
    runtime: runtime.version,
    alone: form.alone,
  };
  const loadMs = performance.now() - began;

  options.onCompile?.();
  const compiled = performance.now();
  const graphs = Object.fromEntries(loaded) as Record<G, LoadedGraph>;
  const { batching } = options;
  const scorer = await layout.start({ folder, runtime, facts, form, graphs, info, batching });
  return {
    card: { ...card, files: { ...card.files, ...weights } },
    scorer,
    bytes: Object.values(weights).reduce((sum, file) => sum + file.bytes, 0),
    loadMs,
    compileMs: performance.now() - compiled,
    notice: form.alone ? aloneNotice(card.name, form) : undefined,
  };
}
