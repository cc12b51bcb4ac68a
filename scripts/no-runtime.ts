/** Stands for onnxruntime-node in tests that share a process (vitest.config.ts). */
throw new Error(
  'This test loads onnxruntime-node, after which the processor takes the tiniest numbers for zero in all tests that share ' +
    'its process. Let `onRuntime` in vitest.config.ts find it.',
);
