/** An audit for people. */
import { counted, excerpt } from '../../src/formats/excerpt.ts';
import { signed } from '../cli/markdown.ts';
import { count } from '../cli/progress.ts';
import type { Audit, DecisionAudit } from './audit.ts';
import { repairsText } from './repairs.ts';

const percent = (part: number, whole: number) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

export function auditText(audit: Audit): string {
  const {
    queries,
    passages,
    trivial,
    tauToFirstStage,
    firstPlaceChanged,
    doubts = [],
    decisions,
    permutations,
    cutQueries = 0,
  } = audit;
  const none = trivial > 0 ? `, ${count(trivial)} with fewer than two candidates` : '';
  return [
    `${counted(queries, 'query', 'queries')}, ${counted(passages, 'passage')}${none}.`,
    ...(tauToFirstStage === undefined || firstPlaceChanged === undefined
      ? []
      : [
          `Against the first stage: Kendall τ ${signed(tauToFirstStage, 3)}, a different first passage for ${percent(firstPlaceChanged, 1)} of the queries.`,
        ]),
    ...(cutQueries > 0
      ? [
          `${cutQueries === 1 ? '1 query was' : `${count(cutQueries)} queries were`} too long for the teacher and cut.`,
        ]
      : []),
    ...doubts,
    ...(permutations ? [repairsText(permutations)] : []),
    ...(decisions
      ? decisionLines(decisions)
      : ['The source makes no decisions: nothing to audit about pairs.']),
  ].join('\n');
}

function decisionLines(audit: DecisionAudit): string[] {
  const { made, pairs, contradictory, even, cycles, strictThrees, narrow, narrowBelow, mostContradictory } =
    audit;
  const rows: [string, string][] = [
    ['decisions', count(made)],
    ['contradictory pairs', `${percent(contradictory, pairs)} (${count(contradictory)} of ${count(pairs)})`],
    ['won by the passage shown first', `${(100 * audit.positionBias).toFixed(1)} % (50 % is unbiased)`],
    [
      'cycles of three',
      `${percent(cycles, strictThrees)} (${count(cycles)} of ${count(strictThrees)} triples, in ${counted(audit.queriesWithCycles, 'query', 'queries')})`,
    ],
    ['prompts with a passage cut', `${percent(audit.cutPrompts, made)} (${count(audit.cutPrompts)})`],
    [
      'narrow calls',
      `${percent(narrow, made)} (logits within ${narrowBelow}; median margin ${audit.medianMargin.toFixed(3)})`,
    ],
    ...(even > 0
      ? [['equal in both orders', `${percent(even, pairs)} (${count(even)})`] as [string, string]]
      : []),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  if (mostContradictory.length === 0) return lines;
  const worst = mostContradictory.map(
    ({ id, text, contradictory: bad, pairs: all }) =>
      `  ${`${bad}/${all}`.padStart(8)}  ${id}  ${excerpt(text)}`,
  );
  return [...lines, '', `Most contradictory queries (contradictory pairs of all):`, ...worst];
}
