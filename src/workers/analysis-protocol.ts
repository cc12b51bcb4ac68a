/** The calls between the page and the analysis worker. */
import type { JudgeReport, ReportRequest } from '../analysis/judge-report.ts';
import type { WhatIf, WhatIfRequest } from '../analysis/what-if.ts';

export interface ReportsOnJudges {
  judgeReport(request: ReportRequest): Promise<JudgeReport>;
}

export interface AnalysisWorkerApi extends ReportsOnJudges {
  whatIf(request: WhatIfRequest): Promise<WhatIf>;
}
