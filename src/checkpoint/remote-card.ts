/**
 * What stands for a card where a service answers. It knows nothing of its training, so it may be asked in any way, and
 * its own limits are found out by asking.
 */
import type { ScorerInfo } from '../inference/scorer.ts';
import type { RankerCard } from './ranker-card.ts';

export const remoteCard = ({ name, service = '' }: Pick<ScorerInfo, 'name' | 'service'>): RankerCard => ({
  format: 'rankscope-checkpoint',
  version: 1,
  name,
  role: 'teacher',
  description: `A model at ${service}, asked over the network.`,
  license: 'as the service says',
  templates: [],
  // No service of today reads more.
  limits: { maxTokens: 10_000_000 },
  scorers: {},
  files: {},
  provenance: { data: [], steps: 0, seed: 0, command: '', date: '' },
  evaluation: [],
});

/** Whether a card is one of these: it names no file of weights. */
export const isServiceCard = ({ scorers, files }: Pick<RankerCard, 'scorers' | 'files'>): boolean =>
  Object.keys(scorers).length === 0 && Object.keys(files).length === 0;
