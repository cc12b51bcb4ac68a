/** What every onnxruntime-node session of the trainer is opened with. */

/**
 * - No spinning: threads that wait by spinning take the cores from whatever else runs; on a loaded machine of two
 *   cores the same batches went through 2 to 4 times as fast without.
 * - Denormals are zero: where attention is sharp, its gradients are products of tiny numbers, and a processor takes
 *   about a hundred times as long for a number below 1.2e-38. A step of the embedded models took 2 times as long
 *   without (random weights show nothing of it). What is lost is below any rounding. The first session of a process
 *   decides for its main thread, so all sessions must say the same.
 */
export const SESSION_EXTRA = {
  session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' },
} as const;
