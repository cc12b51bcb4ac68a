/** The calls between the page and the analysis worker. */
import type { JudgeReport, ReportRequest } from '../analysis/judge-report.ts';

export interface AnalysisWorkerApi {
  judgeReport(request: ReportRequest): Promise<JudgeReport>;
}
