/** The evaluation on the screen: its recipe, what is shown of it, and how far it is. */
import { create } from 'zustand';
import type { ErrorData } from '../../errors.ts';
import { DEFAULT_COLUMNS } from '../../evaluation/table/columns.ts';
import type { RemoteAsk } from '../run/run.ts';
import { type Recipe, type RowSpec, rowId } from './recipe.ts';
import { Results } from './results.ts';

export interface ShownOptions {
  /** Ids of columns, in the order of COLUMNS. */
  readonly columns: readonly string[];
  /** Measure that wins are counted by and that queries are compared in. */
  readonly compared: string;
  /** Row that τ, RBO and wins are to; null: the last comparing one, else the first stage. */
  readonly reference: string | null;
  readonly level: number;
  readonly condensed: boolean;
  /** Where rows have different queries: only those that all have are counted. */
  readonly common: boolean;
  /** The table of a paper that one's own stands beside, and which of its sets. */
  readonly preset: { readonly id: string; readonly set: string } | null;
}

export interface EvaluateProgress {
  /** Queries ranked by every row. */
  readonly queriesDone: number;
  /** Place of the query at work, from 0, and the row; null before and after. */
  readonly at: { readonly query: number; readonly row: string } | null;
  readonly answered: number;
  readonly planned: number;
  readonly secondsLeft: number | null;
}

export interface EvaluateState {
  /** null until the page's models are known: what one begins with depends on them. */
  readonly recipe: Recipe | null;
  readonly shown: ShownOptions;
  readonly state: 'idle' | 'running' | 'stopped' | 'done' | 'error';
  /** `queued`: columns or a query set go first. */
  readonly phase: 'queued' | 'finding' | 'loading' | 'scoring' | null;
  readonly progress: EvaluateProgress;
  readonly error: ErrorData | null;
  /** Rows that failed, by id; the others went on. */
  readonly rowErrors: ReadonlyMap<string, ErrorData>;
  /** Grow in place: watch `version`. */
  readonly results: Results;
  readonly version: number;
  /** What is left to do at most; seconds null while a model's speed is not known. */
  readonly estimate: {
    readonly calls: number;
    readonly seconds: number | null;
    readonly upperBound: boolean;
    /** What each service will be asked of that. */
    readonly remote: readonly RemoteAsk[];
  } | null;
}

export const noEvaluateProgress: EvaluateProgress = {
  queriesDone: 0,
  at: null,
  answered: 0,
  planned: 0,
  secondsLeft: null,
};

export const initialEvaluate: EvaluateState = {
  recipe: null,
  shown: {
    columns: DEFAULT_COLUMNS,
    compared: 'ndcg@10',
    reference: null,
    level: 1,
    condensed: false,
    common: false,
    preset: null,
  },
  state: 'idle',
  phase: null,
  progress: noEvaluateProgress,
  error: null,
  rowErrors: new Map(),
  results: new Results([]),
  version: 0,
  estimate: null,
};

export const useEvaluate = create<EvaluateState>()(() => initialEvaluate);

export const setShown = (change: Partial<ShownOptions>): void =>
  useEvaluate.setState(({ shown }) => ({ shown: { ...shown, ...change } }));

/** Changes the recipe; not while it is being worked off. */
export function setRecipe(change: Partial<Recipe>): void {
  useEvaluate.setState(({ recipe, state }) =>
    recipe && state !== 'running' ? { recipe: { ...recipe, ...change } } : {},
  );
}

/** Adds a row, once. */
export function addRow(row: RowSpec): void {
  const { recipe } = useEvaluate.getState();
  if (recipe && !recipe.rows.some((one) => rowId(one) === rowId(row)))
    setRecipe({ rows: [...recipe.rows, row] });
}

/** Puts another row in a row's place; one that is there already is not there twice. */
export function changeRow(id: string, row: RowSpec): void {
  const { recipe } = useEvaluate.getState();
  if (!recipe) return;
  const own = rowId(row);
  const others = recipe.rows.filter((one) => rowId(one) === id || rowId(one) !== own);
  setRecipe({ rows: others.map((one) => (rowId(one) === id ? row : one)) });
}

export function removeRow(id: string): void {
  const { recipe } = useEvaluate.getState();
  if (recipe) setRecipe({ rows: recipe.rows.filter((row) => rowId(row) !== id) });
}
