/** Names of the scorer graph's inputs and outputs; apart from the builder, which the page does not need. */
export const SCORER_INPUTS = [
  'input_ids',
  'attention_mask',
  'decoder_input_ids',
  'label_ids',
  'want_log_sum_exp',
] as const;

export const SCORER_OUTPUTS = ['logits', 'log_sum_exp'] as const;
