import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startPlayground } from '../state/start.ts';
import { App } from './App.tsx';
import { watchNeeds } from './model-needs.ts';
import { watchBack } from './ui/back-closes.ts';

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
