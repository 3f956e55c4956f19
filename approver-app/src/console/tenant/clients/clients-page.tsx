// Clients: the programs that may ask, under the names that the lab uses for what is set there.
import { CIBA_GRANT_TYPE, MANAGEMENT_PATH } from 'assent/contract';
import { useState } from 'react';
import { z } from 'zod';
import { DeskIcon } from '../../../desk/desk-icons.tsx';
import { tenantTexts } from '../../../texts/tenant.ts';
import { fill } from '../../../ui/prose.tsx';
import { Link, navigate, useAddress } from '../../address.tsx';
import { EmptyState } from '../../frame/empty-state.tsx';
import type { PageProps } from '../../frame/pages.ts';
import { CreateForm } from '../create-form.tsx';
import { useFilePanel } from '../file/file-panel.tsx';
import { UnfiledBar } from '../file/unfiled-bar.tsx';
import { TenantProvider, useChange, useTenant } from '../tenant-context.tsx';
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
        item === undefined ? (
          <EmptyState title={texts.none} lead={texts.noneLead} />
        ) : (
          <EmptyState title={tenantTexts.missing} lead={fill(tenantTexts.missingLead, { item })} />
        )
      ) : (
        <ClientDetails key={client.client_id} client={client} isFileShown={filePanel !== undefined} />
      )}
      <UnfiledBar />
    </ThingPage>
  );
}

function ClientList({ current, onNew }: { current: string | undefined; onNew(): void }) {
  const { now } = useTenant();
  const { page } = useAddress();
  return (
    <>
      <div className="ph">
        <h1>{texts.title}</h1>
        <span className="grow" />
        <button type="button" className="btn btn--s" onClick={onNew}>
          <DeskIcon name="plus" />
          {texts.create}
        </button>
      </div>
      {now.clients.length === 0 ? null : (
        <table className="t">
          <thead>
            <tr>
              <th scope="col">{texts.application}</th>
              <th scope="col">{texts.ciba}</th>
            </tr>
          </thead>
          <tbody>
            {now.clients.map(({ client_id: id, name, grant_types: grants }) => (
              <tr key={id} className={id === current ? 'on' : undefined}>
                <td>
                  <Link to={{ page, item: id }} aria-current={id === current ? 'true' : undefined}>
                    <bdi>{name}</bdi>
                  </Link>
                </td>
                <td>{grants.includes(CIBA_GRANT_TYPE) ? tenantTexts.on : tenantTexts.off}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
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
