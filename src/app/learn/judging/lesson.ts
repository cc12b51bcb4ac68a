import type { LessonParts } from '../frame/lesson.ts';
import { Figure } from './Figure.tsx';
import { begin, inWords, type JudgingState, link, tasks } from './state.ts';
import { Text } from './Text.tsx';
import './judging.css';

export const judging: LessonParts<JudgingState> = { begin, link, tasks, Text, Figure, inWords };
