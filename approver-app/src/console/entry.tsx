// Entry of the console: what a developer sees and changes of the tenant.
import '../api/zod-without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/console.css';
import { CrashGuard } from '../ui/crash-guard.tsx';
import { LiveRegion } from '../ui/live-region.tsx';
import { applyTheme } from '../ui/preferences.ts';
import { ConsoleFrame } from './frame/console-frame.tsx';
import { ConsoleSession } from './session/console-session.ts';
import { SessionProvider } from './session/session-context.tsx';

applyTheme();

const root = document.getElementById('root');
if (root === null) throw new Error('console.html has no #root.');
const session = new ConsoleSession();
session.start();
createRoot(root).render(
  <StrictMode>
    <CrashGuard>
      <LiveRegion>
        <SessionProvider session={session}>
          <ConsoleFrame />
        </SessionProvider>
      </LiveRegion>
    </CrashGuard>
  </StrictMode>,
);
