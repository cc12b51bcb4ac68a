/** The pages beside the Playground. */
import { lazyPage, soon } from './ui/lazy-part.tsx';

export const InspectPage = lazyPage(
  'Inspect',
  soon(() => import('./inspector/InspectPage.tsx').then((module) => module.InspectPage)),
);

export const EvaluatePage = lazyPage('Evaluate', () =>
  import('./evaluate/EvaluatePage.tsx').then((module) => module.EvaluatePage),
);

export const ModelsPage = lazyPage(
  'Models',
  soon(() => import('./models/ModelsPage.tsx').then((module) => module.ModelsPage)),
);

/** Large, and for many never: fetched when it is opened. */
export const LearnPage = lazyPage('Learn', () =>
  import('./learn/LearnPage.tsx').then((module) => module.LearnPage),
);

export const Duel = lazyPage('Duel', () => import('./duel/Duel.tsx').then((module) => module.Duel));
