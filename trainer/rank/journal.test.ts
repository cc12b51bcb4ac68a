import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STUDENT } from '../../src/ranking/presets.ts';
import { testFolder } from '../testing/folder.ts';
import { journalPath } from './journal.ts';
import type { PreparedRun } from './prepare.ts';
import type { RankRequest } from './rank-request.ts';

it('lies where it lay before the method was renamed: a run stopped then goes on now', async () => {
  const input = join(testFolder('journal'), 'hits.json');
  writeFileSync(input, '[]');
  const scorer = { info: { digest: 'd', dtype: 'int8', device: 'cpu' } };
  const card = { files: {}, limits: { maxTokens: 512 }, templates: [] };
  const run = { template: STUDENT, opened: { scorer, card } } as unknown as PreparedRun;
  const request = { method: 'pointwise-yes', input } as RankRequest;
  expect(await journalPath(request, run, 'out')).toBe('out.03a875a04aeb.part');
});
