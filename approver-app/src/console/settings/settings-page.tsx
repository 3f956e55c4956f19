// What holds for the whole tenant, and what this browser remembers of its reader.
import { consoleTexts } from '../../texts/console.ts';
import type { PageProps } from '../frame/pages.ts';
import { SplitPage } from '../frame/split-page.tsx';
import { AppearanceSection } from './appearance-section.tsx';

export function SettingsPage(_: PageProps) {
  return (
    <SplitPage title={consoleTexts.settings.title}>
      <div className="settings">
        <AppearanceSection />
      </div>
    </SplitPage>
  );
}
