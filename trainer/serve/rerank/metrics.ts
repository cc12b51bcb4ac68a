/** What the server has done since it began, in Prometheus' text format. */

/** Upper bounds of the histogram of answers' times, in seconds. */
const BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface Live {
  readonly requestsInProgress: number;
  readonly promptsWaiting: number;
}

export class Metrics {
  readonly #answers = new Map<number, number>();
  readonly #within = BOUNDS.map(() => 0);
  #seconds = 0;
  #timed = 0;
  documents = 0;
  tokens = 0;
  #runs = 0;
  #prompts = 0;
  #shared = 0;

  /** A request was answered; seconds of a ranking alone. */
  answered(status: number, seconds?: number): void {
    this.#answers.set(status, (this.#answers.get(status) ?? 0) + 1);
    if (seconds === undefined) return;
    this.#timed++;
    this.#seconds += seconds;
    for (const [i, bound] of BOUNDS.entries()) if (seconds <= bound) this.#within[i]!++;
  }

  /** The model was run once. */
  ran(prompts: number, callers: number): void {
    this.#runs++;
    this.#prompts += prompts;
    if (callers > 1) this.#shared++;
  }

  text({ requestsInProgress, promptsWaiting }: Live): string {
    const one = (name: string, type: 'counter' | 'gauge', help: string, value: number) =>
      `# HELP rankscope_${name} ${help}\n# TYPE rankscope_${name} ${type}\nrankscope_${name} ${value}\n`;
    const answers = [...this.#answers]
      .toSorted(([p], [q]) => p - q)
      .map(([status, times]) => `rankscope_requests_total{status="${status}"} ${times}\n`);
    const within = BOUNDS.map(
      (bound, i) => `rankscope_rerank_seconds_bucket{le="${bound}"} ${this.#within[i]}\n`,
    );
    return [
      '# HELP rankscope_requests_total Requests answered, by status.\n# TYPE rankscope_requests_total counter\n',
      ...answers,
      '# HELP rankscope_rerank_seconds From a request to its ranking.\n# TYPE rankscope_rerank_seconds histogram\n',
      ...within,
      `rankscope_rerank_seconds_bucket{le="+Inf"} ${this.#timed}\n`,
      `rankscope_rerank_seconds_sum ${this.#seconds}\nrankscope_rerank_seconds_count ${this.#timed}\n`,
      one('documents_total', 'counter', 'Documents ranked.', this.documents),
      one('tokens_total', 'counter', 'Input tokens read by the model.', this.tokens),
      one('runs_total', 'counter', 'Groups of prompts given to the model.', this.#runs),
      one('runs_shared_total', 'counter', 'Of these, with prompts of several requests.', this.#shared),
      one('prompts_total', 'counter', 'Prompts given to the model.', this.#prompts),
      one('requests_in_progress', 'gauge', 'Requests that are being ranked.', requestsInProgress),
      one('prompts_waiting', 'gauge', 'Prompts that wait for the model.', promptsWaiting),
    ].join('');
  }
}
