/** The page's side of the analysis worker: reports on a judge, off the thread that draws. */
import type { JudgeReport, ReportRequest } from '../analysis/judge-report.ts';
import type { WhatIf, WhatIfRequest } from '../analysis/what-if.ts';
import type { PairComparison, ValuesByRow } from '../evaluation/compare-all.ts';
import type { AnalysisWorkerApi } from './analysis-protocol.ts';
import { WorkerConnection, type WorkerLike } from './connection.ts';

const spawn = (): WorkerLike =>
  new Worker(new URL('../../workers/analysis.worker.ts', import.meta.url), {
    type: 'module',
    name: 'analysis',
  });

/** Every promise settles: with 'worker' when the worker dies. The next report starts a fresh one: it holds nothing. */
export class AnalysisClient implements AnalysisWorkerApi {
  readonly #connection: WorkerConnection<AnalysisWorkerApi>;

  constructor(start: () => WorkerLike = spawn) {
    this.#connection = new WorkerConnection<AnalysisWorkerApi>('analysis', start);
  }

  judgeReport = (request: ReportRequest): Promise<JudgeReport> =>
    this.#connection.load((remote) => remote.judgeReport(request));

  whatIf = (request: WhatIfRequest): Promise<WhatIf> =>
    this.#connection.load((remote) => remote.whatIf(request));

  compareAll = (rows: ValuesByRow): Promise<PairComparison[]> =>
    this.#connection.load((remote) => remote.compareAll(rows));
}

let shared: AnalysisClient | undefined;
/** The page's one: whatever is analysed, it is done one after the other. */
export const analysisClient = (): AnalysisClient => (shared ??= new AnalysisClient());
