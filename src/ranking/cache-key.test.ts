import { expect, it } from 'vitest';
import { createKeys } from './cache-key.ts';
import { PRP, RELEVANCE, STUDENT } from './presets.ts';
import type { PromptTemplate } from './template.ts';
import { candidatesOf } from './testing/fake-scorer.ts';

it('stays what it was on 28 November 2026: answers that people have kept are found again', () => {
  const info = {
    name: 'n',
    digest: 'd',
    threads: 4,
    runtime: 'onnxruntime-web 1',
    ...({ dtype: 'int8', device: 'wasm' } as const),
  };
  const candidates = candidatesOf(['red apple', 'green pear']);
  const key = (template: PromptTemplate, ...passages: number[]) =>
    createKeys(info, template, {}, { id: 'q', text: 'apple' }, candidates)(...passages);
  expect(key(STUDENT, 0)).toBe('02a9c57eb7e05805-e5d0e2ceab7901e9-c094ef76425de503');
  expect(key(RELEVANCE, 0)).toBe('02a9c57eb7e05805-dd4890d3a50db7f6-c094ef76425de503');
  expect(key(PRP, 0, 1)).toBe('02a9c57eb7e05805-bdbe000e8ea33ff3-c094ef76425de503-ac2006a5921e8189');
});
