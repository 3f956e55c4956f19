// Entry of the sequence view: what a developer or a class looks at.
import '../api/zod-without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveRegion } from '../ui/live-region.tsx';
import { applyTheme } from '../ui/preferences.ts';

applyTheme();

const root = document.getElementById('root');
if (root === null) throw new Error('sequence.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <LiveRegion>
      <h1>Sequence</h1>
    </LiveRegion>
  </StrictMode>,
);
