/** README.md of a checkpoint: a Hugging Face model card made from ranker.json, so that both agree. */
import type { Comparison, EvaluationRow, RankerCard } from '../../src/inference/ranker-card.ts';

export function modelCard(card: RankerCard): string {
  const { provenance } = card;
  return [
    '---',
    'library_name: transformers',
    'pipeline_tag: text-ranking',
    `license: ${card.license.toLowerCase()}`,
    ...(provenance.base ? [`base_model: ${provenance.base}`] : []),
    'tags: [reranking, t5, rankscope]',
    '---',
    '',
    `# ${card.name}`,
    '',
    card.description,
    '',
    '## How it asks',
    '',
    ...card.templates.flatMap((template) => [
      `${template.name} (${template.kind}; labels ${template.labels.join(' / ')}${
        template.decoderPrefix ? `; decoder starts with “${template.decoderPrefix}”` : ''
      }):`,
      '',
      '```',
      template.text,
      '```',
      '',
    ]),
    `Reads at most ${card.limits.maxTokens} tokens${
      card.limits.maxPassageTokens ? `, ${card.limits.maxPassageTokens} of each passage` : ''
    }.`,
    '',
    '## How it was made',
    '',
    `- Role: ${card.role}${provenance.base ? `, from ${provenance.base}` : ''}${
      provenance.teacher ? `, taught by ${provenance.teacher}` : ''
    }.`,
    `- ${provenance.steps} optimiser steps, seed ${provenance.seed}, ${provenance.date}.`,
    `- Command: \`${provenance.command}\``,
    '',
    '| data | licence | use |',
    '|---|---|---|',
    ...provenance.data.map(({ name, license, use }) => `| ${name} | ${license} | ${use} |`),
    '',
    ...evaluation(card.evaluation),
    ...comparisons(card.comparisons ?? []),
    ...measures(card),
  ].join('\n');
}

function evaluation(rows: readonly EvaluationRow[]): string[] {
  if (rows.length === 0) return [];
  return [
    '## Held-out results',
    '',
    'nDCG@10 on the same candidates; the interval is the paired 95 % interval of the difference.',
    '',
    '| set | queries | method | nDCG@10 | difference | calls a query |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const { difference: d } = row;
      const change = d ? `${signed(d.mean)} [${signed(d.low)}, ${signed(d.high)}] to ${d.against}` : '';
      return `| ${row.set} | ${row.queries} | ${row.method} | ${row.ndcg10.toFixed(3)} | ${change} | ${row.callsPerQuery} |`;
    }),
    '',
  ];
}

function comparisons(rows: readonly Comparison[]): string[] {
  if (rows.length === 0) return [];
  return [
    '## Differences',
    '',
    'In nDCG@10, with paired 95 % intervals (bootstrap over queries).',
    '',
    '| set | queries | method | against | difference |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ set, queries, method, against, mean, low, high }) =>
        `| ${set} | ${queries} | ${method} | ${against} | ${signed(mean)} [${signed(low)}, ${signed(high)}] |`,
    ),
    '',
  ];
}

function measures({ dtypeMeasures = {} }: RankerCard): string[] {
  const rows = Object.entries(dtypeMeasures);
  if (rows.length === 0) return [];
  return [
    '## Files for the page',
    '',
    'Error: root mean square difference of the scores to fp32, as a share of their standard deviation. ' +
      'Agreement: share of pairs of passages (or of comparisons) that come out as in fp32.',
    '',
    '| scorer | bytes | error | agreement |',
    '|---|---|---|---|',
    ...rows.map(
      ([dtype, { bytes, scoreError, agreement }]) =>
        `| ${dtype} | ${bytes} | ${(100 * scoreError).toFixed(2)} % | ${(100 * agreement).toFixed(1)} % |`,
    ),
    '',
  ];
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
