/** The analysis worker: what recorded decisions say of their judge. It holds nothing between calls. */
import { judgeReport } from '../src/analysis/judge-report.ts';
import { whatIf } from '../src/analysis/what-if.ts';
import { compareAll } from '../src/evaluation/compare-all.ts';
import type { AnalysisWorkerApi } from '../src/workers/analysis-protocol.ts';
import { exposeWorker } from './expose.ts';

const api: AnalysisWorkerApi = {
  judgeReport: async (request) => judgeReport(request),
  whatIf: async (request) => whatIf(request),
  compareAll: async (rows) => compareAll(rows),
};

exposeWorker(api);
