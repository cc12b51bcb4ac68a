/** Names of inputs and outputs of an encoder and a decoder apart, as optimum exports them and transformers.js reads them. */
export const ENCODER_INPUTS = ['input_ids', 'attention_mask'] as const;
export const ENCODER_OUTPUT = 'last_hidden_state';
export const DECODER_INPUTS = ['input_ids', 'encoder_attention_mask', 'encoder_hidden_states'] as const;
export const DECODER_OUTPUT = 'logits';
/** Keys and values of what was said before, and with what is said now: `past_key_values.0.decoder.key`. */
export const PAST = 'past_key_values.';
export const PRESENT = 'present.';
/** What decoders of ours have besides: tokens that are judged [P], and the logarithms of their probabilities [B, P]. */
export const TARGETS = 'target_ids';
export const LOG_PROBABILITIES = 'log_probabilities';
