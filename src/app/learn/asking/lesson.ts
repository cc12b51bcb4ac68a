import type { LessonParts } from '../frame/lesson.ts';
import { Figure } from './Figure.tsx';
import { type AskingState, begin, inWords, link, tasks } from './state.ts';
import { Text } from './Text.tsx';
import '../model/model.css';
import './asking.css';

export const asking: LessonParts<AskingState> = { begin, link, tasks, Text, Figure, inWords };
