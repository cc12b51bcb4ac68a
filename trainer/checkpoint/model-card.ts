/** README.md of a checkpoint: a Hugging Face model card made from ranker.json, so that both agree. */
import { stringify } from 'yaml';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { answerWords } from '../../src/ranking/answer-words.ts';
import { licenseFields } from './license-id.ts';
import { measureSection, resultSections } from './model-card-results.ts';

export function modelCard(card: RankerCard): string {
  const { provenance } = card;
  return [
    ...frontMatter(card),
    '',
    `# ${card.name}`,
    '',
    card.description,
    '',
    '## How it asks',
    '',
    ...card.templates.flatMap((template) => [
      `${template.name} (${template.kind}; ${answerWords(template)}${
        template.decoderPrefix ? `; decoder starts with “${template.decoderPrefix}”` : ''
      }${template.trained === false ? '; not known from its training' : ''}):`,
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
    ...fusionText(card),
    '## How it was made',
    '',
    ...making(card),
    '',
    '| data | licence | use |',
    '|---|---|---|',
    ...provenance.data.map(({ name, license, use }) => `| ${name} | ${license} | ${use} |`),
    '',
    ...resultSections(card),
    ...measureSection(card),
  ].join('\n');
}

/** What a fusion with BM25 is worth, where somebody tuned one. */
function fusionText({ fusion }: RankerCard): string[] {
  if (!fusion) return [];
  const { weight, queries, ndcg10, studentNdcg10 } = fusion;
  return [
    `Fused with BM25, λ · z(student) + (1 − λ) · z(BM25): λ = ${weight} was best on ${queries} queries that are in no table ` +
      `below (nDCG@10 ${ndcg10.toFixed(3)}; the student alone ${studentNdcg10.toFixed(3)}).`,
    '',
  ];
}

const HUB_NAME = /^[\w.-]+\/[\w.-]+$/;

/** What Hugging Face reads of a card; quoted as YAML where a name needs it. */
function frontMatter({ license, provenance, evaluation, comparisons = [] }: RankerCard): string[] {
  const taus =
    evaluation.some(({ kendallTau }) => kendallTau !== undefined) ||
    comparisons.some(({ metric }) => metric === 'kendall-tau');
  const metrics = [...(evaluation.length > 0 ? ['ndcg@10'] : []), ...(taus ? ['kendall-tau'] : [])];
  const fields = {
    library_name: 'transformers',
    pipeline_tag: 'text-ranking',
    ...licenseFields(license),
    // The Hub takes its own names alone; the text names any other base.
    base_model: HUB_NAME.test(provenance.base ?? '') ? provenance.base : undefined,
    metrics: metrics.length > 0 ? metrics : undefined,
    tags: ['reranking', 't5', 'rankscope'],
  };
  return ['---', stringify(fields, { lineWidth: 0 }).trimEnd(), '---'];
}

/** The list under “How it was made”; what the card does not state is left out. */
function making({ role, provenance }: RankerCard): string[] {
  const { base, baseSha256, teacher, teacherSha256, labels, steps, seed, date, recipe } = provenance;
  const { settings = {}, stages = [], trainer, command } = provenance;
  const set = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  const parts = stages.map(({ name, steps: own }) => `${name} ${own}`);
  const last = provenance.validation?.at(-1);
  const values = Object.entries(last?.values ?? {}).map(([name, value]) => `${name} ${value.toFixed(3)}`);
  return [
    `- Role: ${role}${base ? `, from ${base}` : ''}${teacher ? `, taught by ${teacher}` : ''}.`,
    ...(baseSha256 ? [`- SHA-256 of the base’s weights: \`${baseSha256}\``] : []),
    ...(teacherSha256 ? [`- SHA-256 of the teacher’s weights: \`${teacherSha256}\``] : []),
    ...(labels ? [`- Labels: ${labels.source}; SHA-256 \`${labels.sha256}\``] : []),
    `- ${steps} optimiser steps, seed ${seed}, ${date}${trainer ? `, ${trainer}` : ''}.`,
    ...(parts.length > 1 ? [`- Steps by stage: ${parts.join(', ')}`] : []),
    ...(recipe ? [`- Recipe: ${recipe}`] : []),
    ...(set.length > 0 ? [`- Settings: ${set.join(', ')}`] : []),
    ...(last ? [`- Last validation, at step ${last.step}: ${values.join(', ')}`] : []),
    `- Command: \`${command}\``,
  ];
}
