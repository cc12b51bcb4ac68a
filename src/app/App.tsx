import { type ComponentType, useEffect } from 'react';
import { follow } from '../state/inspector/followed.ts';
import { openDecision } from '../state/inspector/inspected.ts';
import { useSettings } from '../state/settings.ts';
import { FaultBoundary } from './fault/FaultBoundary.tsx';
import { DecisionDialog } from './inspector/DecisionDialog.tsx';
import { FollowDialog } from './inspector/decision/FollowDialog.tsx';
import { Notices } from './Notices.tsx';
import { Duel, EvaluatePage, InspectPage, LearnPage, ModelsPage } from './pages.tsx';
import { Playground } from './playground/Playground.tsx';
import { ConsentDialog } from './remote/ConsentDialog.tsx';
import { type RoutePath, routes, useRoute } from './routes.ts';
import { TopBar } from './TopBar.tsx';
import { Tour } from './tour/Tour.tsx';
import { TourOffer } from './tour/TourOffer.tsx';
import './styles/base.css';
import './app.css';

/** The theme is an attribute of the root; "system" is its absence. */
function useTheme(): void {
  const theme = useSettings((s) => s.theme);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
}

const SCREENS: Readonly<Record<RoutePath, ComponentType>> = {
  '/': Playground,
  '/inspect': InspectPage,
  '/evaluate': EvaluatePage,
  '/models': ModelsPage,
  '/learn': LearnPage,
  '/duel': Duel,
};

const titleOf = (path: RoutePath): string => routes.find((route) => route.path === path)!.title;

export function App() {
  const route = useRoute();
  useTheme();
  useEffect(() => {
    // Learn names its lessons itself.
    if (route !== '/learn') document.title = route === '/' ? 'Rankscope' : `${titleOf(route)} · Rankscope`;
  }, [route]);
  const Screen = SCREENS[route];
  return (
    <div className="app" data-route={route}>
      <FaultBoundary part="The top bar">
        <TopBar route={route} />
      </FaultBoundary>
      {/* Another screen is not to begin with the fault of this one. */}
      <FaultBoundary key={route} part={titleOf(route)} place="screen">
        {route === '/' && <TourOffer />}
        <Screen />
      </FaultBoundary>
      {route === '/' && <Tour />}
      <FaultBoundary part="Why here?" onClose={() => follow(null)}>
        <FollowDialog />
      </FaultBoundary>
      <FaultBoundary part="Decision" onClose={() => openDecision(null)}>
        <DecisionDialog />
      </FaultBoundary>
      <ConsentDialog />
      <Notices />
    </div>
  );
}
