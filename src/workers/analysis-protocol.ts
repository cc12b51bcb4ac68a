/** The calls between the page and the analysis worker. */
import type { JudgeReport, ReportRequest } from '../analysis/judge-report.ts';
import type { WhatIf, WhatIfRequest } from '../analysis/what-if.ts';

export interface AnalysisWorkerApi {
  judgeReport(request: ReportRequest): Promise<JudgeReport>;
  whatIf(request: WhatIfRequest): Promise<WhatIf>;
}
