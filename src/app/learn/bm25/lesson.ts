import type { LessonParts } from '../frame/lesson.ts';
import { Figure } from './Figure.tsx';
import { type Bm25State, begin, inWords, link, tasks } from './state.ts';
import { Text } from './Text.tsx';
import './bm25.css';

export const bm25: LessonParts<Bm25State> = { begin, link, tasks, Text, Figure, inWords };
