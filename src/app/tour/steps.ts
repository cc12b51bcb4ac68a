/** What the tour says, and about what: `data-tour` names the part of the Playground. */
import { shortcutLabel } from '../ui/platform.ts';

export interface TourStep {
  readonly part: string;
  readonly title: string;
  readonly text: string;
}

export const TOUR: readonly TourStep[] = [
  {
    part: 'corpus',
    title: 'What is ranked',
    text:
      'A sample is loaded: passages, and questions about them. Put your own in its place by pasting, or by opening or ' +
      'dropping a file; none of it leaves this machine.',
  },
  {
    part: 'query',
    title: 'What is asked',
    text:
      'Type a question or take one of the sample’s. Three methods then rank the same passages, so that you can see what ' +
      'each of them gains and costs.',
  },
  {
    part: 'method',
    title: 'How many candidates, and which pairs',
    text:
      'BM25 hands this many candidates on. A teacher that compares all pairs makes n × (n − 1) calls: twice the ' +
      'candidates, four times the calls. Heapsort and sliding window need fewer.',
  },
  {
    part: 'bm25',
    title: 'BM25 finds',
    text:
      'It goes by the words that query and passage share, needs no model and answers at once. Its list is where the ' +
      'other two begin.',
  },
  {
    part: 'teacher',
    title: 'The teacher compares',
    text:
      'A language model reads two passages at a time and says which answers the query better. Each pair is asked in ' +
      'both orders, since a model may favour the passage it reads first.',
  },
  {
    part: 'student',
    title: 'The student scores',
    text:
      'It learnt from a teacher’s rankings and reads each passage once: as many calls as passages. Base shows the model ' +
      'before it learnt, which is what a student has to beat.',
  },
  {
    part: 'run',
    title: 'What it takes',
    text:
      `Calls and time are estimated beforehand. Rank (${shortcutLabel('↵')}) runs one method after the other, Race both models ` +
      'at once. Escape cancels; what has been answered is kept.',
  },
  {
    part: 'outcome',
    title: 'What came of it',
    text:
      'The measured times appear here, and below them what the run showed. Grade passages with the keys 0 to 3 to see nDCG; ' +
      'Export saves every decision. Help has the words, the keys and this tour.',
  },
];
