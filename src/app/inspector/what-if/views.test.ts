/** What the views say of a run whose decisions are known, without a browser. */
import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { packDecisions } from '../../../analysis/judge-report.ts';
import { decision } from '../../../analysis/testing/judges.ts';
import { whatIf } from '../../../analysis/what-if.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { Budget } from './Budget.tsx';
import { Rules } from './Rules.tsx';
import { StepThrough } from './StepThrough.tsx';

const N = 4;
const choices = { passes: 2, top: 2 };
const ids = ['a', 'b', 'c', 'd'];
const resultOf = (leaveOut: number) => {
  const decisions = [];
  for (let a = 0; a < N; a++) for (let b = 0; b < N; b++) if (a !== b) decisions.push(decision(a, b, b - a));
  const kept = decisions.slice(0, decisions.length - leaveOut);
  return whatIf({
    decisions: packDecisions(N, kept),
    ms: Float64Array.from(kept, () => 1),
    names: ids,
    grades: [['b', 2]],
    gain: 'linear',
    choices,
  });
};
const run = { order: [1, 0, 2, 3] } as unknown as ComparingRun;
const textOf = <P extends object>(view: FunctionComponent<P>, props: P): string =>
  renderToStaticMarkup(createElement(view, props))
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

it('lists every rule with its nDCG, who moved and its calls, and says what is missing', () => {
  const whole = textOf(Rules, { result: resultOf(0), run, ids, choices });
  expect(whole).toContain('Copeland (hard wins) .631 2 12');
  expect(whole).toContain('Exact top k, k = 2');
  const partial = textOf(Rules, { result: resultOf(3), run, ids, choices });
  expect(partial).toContain('9 , 3 calls missing');
  expect(partial).toContain('then a pair that was never asked');
});

it('tells what half of the calls buy from each schedule', () => {
  const text = textOf(Budget, { result: resultOf(0), ids, choices });
  expect(text).toContain('6 of 12');
  expect(text).toMatch(/Heapsort .631/);
});

it('puts a step into words', () => {
  const text = textOf(StepThrough, { result: resultOf(0), ids });
  expect(text).toContain('d against b: both orders name b. 2 calls so far.');
});
