// Clients: the programs that may ask, under the names that the lab uses for what is set there.
import { CIBA_GRANT_TYPE, MANAGEMENT_PATH } from 'assent/contract';
import { useState } from 'react';
import { z } from 'zod';
import { tenantTexts } from '../../../texts/tenant.ts';
import { fill } from '../../../ui/prose.tsx';
import { navigate, useAddress } from '../../address.tsx';
import type { PageProps } from '../../frame/pages.ts';
import { CreateForm } from '../create-form.tsx';
import { useFilePanel } from '../file/file-panel.tsx';
import { UnfiledBar } from '../file/unfiled-bar.tsx';
import { TenantProvider, useChange, useTenant } from '../tenant-context.tsx';
import { NoThing, ThingList, ThingRow } from '../thing-list.tsx';
import { ThingPage } from '../thing-page.tsx';
import { ClientDetails } from './client-details.tsx';

const texts = tenantTexts.clients;
const createdSchema = z.looseObject({ client_id: z.string() });

export function ClientsPage({ item }: PageProps) {
  return (
    <TenantProvider>
      <Clients item={item} />
    </TenantProvider>
  );
}

function Clients({ item }: PageProps) {
  const { now } = useTenant();
  const [isCreating, setIsCreating] = useState(false);
  const { page } = useAddress();
  const client =
    now.clients.find(({ client_id: id }) => id === item) ?? (item === undefined ? now.clients[0] : undefined);
  const filePanel = useFilePanel('clients', ({ client_id: id }) => id === client?.client_id, texts.thisOne);
  return (
    <ThingPage
      list={{
        title: texts.title,
        content: <ClientList current={client?.client_id} onNew={() => setIsCreating(true)} />,
      }}
      label={client?.name ?? texts.title}
      isOpen={item !== undefined || isCreating}
      side={filePanel}
    >
      {isCreating ? (
        <NewClient
          onEnd={(id) => {
            setIsCreating(false);
            if (id !== undefined) navigate({ page, item: id });
          }}
        />
      ) : client === undefined ? (
        <NoThing item={item} none={{ title: texts.none, lead: texts.noneLead }} />
      ) : (
        <ClientDetails key={client.client_id} client={client} isFileShown={filePanel !== undefined} />
      )}
      <UnfiledBar />
    </ThingPage>
  );
}

function ClientList({ current, onNew }: { current: string | undefined; onNew(): void }) {
  const { now } = useTenant();
  return (
    <ThingList
      title={texts.title}
      create={texts.create}
      onNew={onNew}
      heads={[texts.application, texts.ciba]}
    >
      {now.clients.map(({ client_id: id, name, grant_types: grants }) => (
        <ThingRow key={id} id={id} name={name} isOpen={id === current}>
          {grants.includes(CIBA_GRANT_TYPE) ? tenantTexts.on : tenantTexts.off}
        </ThingRow>
      ))}
    </ThingList>
  );
}

function NewClient({ onEnd }: { onEnd(id?: string): void }) {
  const change = useChange();
  return (
    <CreateForm
      title={texts.newTitle}
      submit={texts.newSubmit}
      fields={[
        { name: 'name', label: texts.name, hint: texts.nameHint },
        { name: 'app_type', label: texts.appType, choices: texts.appTypes },
      ]}
      onCancel={() => onEnd()}
      onSubmit={async ({ name = '', app_type }) => {
        const answer = await change({
          // auth0: the dashboard sends it; a plain call leaves it false, and CIBA then refuses the client.
          call: {
            method: 'POST',
            path: `${MANAGEMENT_PATH}/clients`,
            body: { name, app_type, oidc_conformant: true },
          },
          done: fill(texts.created, { name }),
        });
        onEnd(createdSchema.parse(answer).client_id);
      }}
    />
  );
}
