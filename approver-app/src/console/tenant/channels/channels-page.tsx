// Factors and channels: how a request reaches a person, who is enrolled, and switches to rehearse what goes wrong.
import { tenantTexts } from '../../../texts/tenant.ts';
import { useFilePanel } from '../file/file-panel.tsx';
import { UnfiledBar } from '../file/unfiled-bar.tsx';
import { TenantProvider } from '../tenant-context.tsx';
import { ShowAsFile, ThingPage } from '../thing-page.tsx';
import { Channels } from './channels.tsx';
import { Enrolments } from './enrolments.tsx';
import { Factors } from './factors.tsx';
import { FaultSwitches } from './fault-switches.tsx';

const texts = tenantTexts.channels;
/** Parts of a tenant file that this page is about. */
const MEMBERS = ['guardian', 'email'];

export function ChannelsPage() {
  return (
    <TenantProvider>
      <Page />
    </TenantProvider>
  );
}

function Page() {
  const filePanel = useFilePanel(MEMBERS, () => true, texts.thisOne);
  return (
    <ThingPage label={texts.title} side={filePanel}>
      <div className="ph">
        <h1>{texts.title}</h1>
        <span className="grow" />
        <ShowAsFile isShown={filePanel !== undefined} />
        <p className="sub">{texts.lead}</p>
      </div>
      <div className="two-col">
        <div>
          <Factors />
          <Channels />
          <Enrolments />
        </div>
        <FaultSwitches />
      </div>
      <UnfiledBar />
    </ThingPage>
  );
}
