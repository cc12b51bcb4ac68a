import type { LessonParts } from '../frame/lesson.ts';
import { Figure } from './Figure.tsx';
import { begin, type ComparingState, inWords, link, tasks } from './state.ts';
import { Text } from './Text.tsx';
import '../model/model.css';
import './comparing.css';

export const comparing: LessonParts<ComparingState> = { begin, link, tasks, Text, Figure, inWords };
