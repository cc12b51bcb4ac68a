import { lazy, Suspense, useEffect } from 'react';
import { useSettings } from '../state/settings.ts';
import { DecisionDialog } from './inspector/DecisionDialog.tsx';
import { FollowDialog } from './inspector/decision/FollowDialog.tsx';
import { Notices } from './Notices.tsx';
import { Duel, InspectPage, LearnPage, ModelsPage } from './pages.tsx';
import { Playground } from './playground/Playground.tsx';
import { ConsentDialog } from './remote/ConsentDialog.tsx';
import { routes, useRoute } from './routes.ts';
import { TopBar } from './TopBar.tsx';
import { Tour } from './tour/Tour.tsx';
import { TourOffer } from './tour/TourOffer.tsx';
import './styles/base.css';
import './app.css';

const EvaluatePage = lazy(async () => ({
  default: (await import('./evaluate/EvaluatePage.tsx')).EvaluatePage,
}));

/** The theme is an attribute of the root; "system" is its absence. */
function useTheme(): void {
  const theme = useSettings((s) => s.theme);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
}

export function App() {
  const route = useRoute();
  useTheme();
  useEffect(() => {
    const title = routes.find((r) => r.path === route)?.title;
    // Learn names its lessons itself.
    if (route !== '/learn') document.title = route === '/' ? 'Rankscope' : `${title} · Rankscope`;
  }, [route]);
  return (
    <div className="app" data-route={route}>
      <TopBar route={route} />
      {route === '/' && <TourOffer />}
      {route === '/' && <Playground />}
      {route === '/inspect' && <InspectPage />}
      {route === '/evaluate' && (
        <Suspense fallback={<main />}>
          <EvaluatePage />
        </Suspense>
      )}
      {route === '/models' && <ModelsPage />}
      {route === '/learn' && <LearnPage />}
      {route === '/duel' && <Duel />}
      {route === '/' && <Tour />}
      <FollowDialog />
      <DecisionDialog />
      <ConsentDialog />
      <Notices />
    </div>
  );
}
