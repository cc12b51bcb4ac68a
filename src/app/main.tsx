import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { pageIdle } from '../state/hosting/page-idle.ts';
import { startPlayground } from '../state/start.ts';
import { App } from './App.tsx';
import { watchNeeds } from './model-needs.ts';
import { watchBack } from './ui/back-closes.ts';
import { fetchEarly } from './ui/lazy-part.tsx';

watchBack();
watchNeeds();
startPlayground();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void pageIdle().then(fetchEarly);
