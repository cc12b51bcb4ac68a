import type { LessonParts } from '../frame/lesson.ts';
import type { CostData } from './data.ts';
import { Figure } from './Figure.tsx';
import { begin, type CostState, inWords, link, tasks } from './state.ts';
import { Text } from './Text.tsx';
import '../../inspector/what-if/what-if.css';
import '../../ui/table.css';
import './cost.css';

/** The lesson on the decisions that its address asks for. */
export const cost = (data: CostData): LessonParts<CostState> => ({
  link,
  tasks,
  Text,
  Figure,
  inWords,
  begin: (params) => begin(params, data),
});
