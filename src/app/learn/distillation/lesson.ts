import type { LessonParts } from '../frame/lesson.ts';
import { Figure } from './Figure.tsx';
import { begin, type DistillationState, inWords, link, tasks } from './state.ts';
import { Text } from './Text.tsx';
import './distillation.css';

export const distillation: LessonParts<DistillationState> = { begin, link, tasks, Text, Figure, inWords };
