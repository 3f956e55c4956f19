// Entry of the phone app: what an approver uses.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/phone.css';
import { installWorker } from '../push/worker-registration.ts';
import { CrashGuard } from '../ui/crash-guard.tsx';
import { LiveRegion } from '../ui/live-region.tsx';
import { applyTheme } from '../ui/preferences.ts';
import { App } from './app.tsx';

applyTheme();

const root = document.getElementById('root');
if (root === null) throw new Error('phone.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <div className="phone">
      <CrashGuard>
        <LiveRegion>
          <App worker={installWorker()} />
        </LiveRegion>
      </CrashGuard>
    </div>
  </StrictMode>,
);
