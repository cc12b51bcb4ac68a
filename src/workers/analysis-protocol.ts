/** The calls between the page and the analysis worker. */
import type { JudgeReport, ReportRequest } from '../analysis/judge-report.ts';
import type { WhatIf, WhatIfRequest } from '../analysis/what-if.ts';
import type { PairComparison, ValuesByRow } from '../evaluation/compare-all.ts';

export interface ReportsOnJudges {
  judgeReport(request: ReportRequest): Promise<JudgeReport>;
}

export interface AnalysisWorkerApi extends ReportsOnJudges {
  whatIf(request: WhatIfRequest): Promise<WhatIf>;
  /** Every row against every other (evaluation/compare-all.ts). */
  compareAll(rows: ValuesByRow): Promise<PairComparison[]>;
}
