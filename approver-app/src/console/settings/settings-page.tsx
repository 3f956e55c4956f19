// What holds for the whole tenant, how to reach it, and how to put it back; and what this browser remembers of its reader.
import { consoleTexts } from '../../texts/console.ts';
import type { PageProps } from '../frame/pages.ts';
import { SplitPage } from '../frame/split-page.tsx';
import { useLiveState } from '../session/session-context.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { CibaSection } from './ciba-section.tsx';
import { ClockSection } from './clock-section.tsx';
import { ResetSection } from './reset-section.tsx';
import { RulesSection } from './rules-section.tsx';
import { ServerSection } from './server-section.tsx';
import { SnapshotSection } from './snapshot-section.tsx';

export function SettingsPage(_: PageProps) {
  const isRead = useLiveState(({ story }) => story > 0);
  return (
    <SplitPage title={consoleTexts.settings.title}>
      <div className="settings">
        <AppearanceSection />
        {isRead ? (
          <>
            <ServerSection />
            <CibaSection />
            <RulesSection />
            <ClockSection />
            <SnapshotSection />
            <ResetSection />
          </>
        ) : null}
      </div>
    </SplitPage>
  );
}
