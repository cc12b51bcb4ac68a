/**
 * English stop-words: closed-class words only, listed by word class for this project. It holds the
 * 33 words that Lucene's English analyser drops, and adds the pronouns, auxiliaries and question
 * words with which people begin questions ("what are the …"). Numbers and adverbs of degree are not
 * in it.
 */
const ARTICLES = 'a an the';
const PRONOUNS =
  'i me my we us our you your he him his she her it its they them their this that these those there';
const AUXILIARIES =
  'am is are was were be been being do does did has have had can could will would shall should may might must';
const PREPOSITIONS = 'about as at by for from in into of on onto than to upon with';
const CONJUNCTIONS = 'and but if or nor so such then because while';
const NEGATIONS = 'no not';
const QUESTIONS = 'what which who whom whose when where why how';
/** What is left of "it's", "don't", "we'll" after the apostrophe parts them. */
const REMNANTS = 's t d ll m re ve';

const WORDS: ReadonlySet<string> = new Set(
  [ARTICLES, PRONOUNS, AUXILIARIES, PREPOSITIONS, CONJUNCTIONS, NEGATIONS, QUESTIONS, REMNANTS]
    .join(' ')
    .split(' '),
);

/** Whether a term (in lower case) is an English stop-word. */
export function isStopWord(term: string): boolean {
  return WORDS.has(term);
}
