import type { LessonParts } from '../frame/lesson.ts';
import { Figure } from './Figure.tsx';
import { begin, inWords, link, type TournamentState, tasks } from './state.ts';
import { Text } from './Text.tsx';
import './tournament.css';

export const tournament: LessonParts<TournamentState> = { begin, link, tasks, Text, Figure, inWords };
