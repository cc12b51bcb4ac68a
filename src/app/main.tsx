import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startPlayground } from '../state/start.ts';
import { App } from './App.tsx';
import { watchBack } from './ui/back-closes.ts';

watchBack();
startPlayground();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
