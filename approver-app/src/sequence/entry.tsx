// Entry of the sequence view: what a developer or a class looks at.
import '../api/zod-without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/sequence.css';
import { Api } from '../desk/api.ts';
import { LiveTrace } from '../desk/live-trace.ts';
import { CrashGuard } from '../ui/crash-guard.tsx';
import { LiveRegion } from '../ui/live-region.tsx';
import { applyTheme } from '../ui/preferences.ts';
import { LiveApp } from './live-app.tsx';

applyTheme();

const root = document.getElementById('root');
if (root === null) throw new Error('sequence.html has no #root.');
const api = new Api();
const trace = new LiveTrace(api);
trace.start();
createRoot(root).render(
  <StrictMode>
    <CrashGuard>
      <LiveRegion>
        <LiveApp api={api} trace={trace} />
      </LiveRegion>
    </CrashGuard>
  </StrictMode>,
);
