// APIs and detail types: what tokens are for, and the details that may be asked for there.
import { MANAGEMENT_PATH } from 'assent/contract';
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
import { ApiDetails } from './api-details.tsx';
import { DetailTypePanel } from './detail-type-panel.tsx';

const texts = tenantTexts.apis;
const createdSchema = z.looseObject({ identifier: z.string() });

export function ApisPage({ item }: PageProps) {
  return (
    <TenantProvider>
      <Apis item={item} />
    </TenantProvider>
  );
}

function Apis({ item }: PageProps) {
  const { now } = useTenant();
  const [isCreating, setIsCreating] = useState(false);
  const { page, query = {} } = useAddress();
  const { resource_servers: apis } = now;
  const api =
    apis.find(({ identifier }) => identifier === item) ?? (item === undefined ? apis[0] : undefined);
  const filePanel = useFilePanel(
    'resource_servers',
    ({ identifier }) => identifier === api?.identifier,
    texts.thisOne,
  );
  const type = api?.authorization_details.find((one) => one.type === query['type']);
  const typePanel =
    api === undefined || type === undefined || isCreating ? undefined : (
      <DetailTypePanel key={`${api.identifier} ${type.type}`} api={api} type={type} />
    );
  return (
    <ThingPage
      list={{
        title: texts.title,
        content: <ApiList current={api?.identifier} onNew={() => setIsCreating(true)} />,
      }}
      label={api?.name ?? api?.identifier ?? texts.title}
      isOpen={item !== undefined || isCreating}
      side={filePanel ?? typePanel}
    >
      {isCreating ? (
        <NewApi
          onEnd={(identifier) => {
            setIsCreating(false);
            if (identifier !== undefined) navigate({ page, item: identifier });
          }}
        />
      ) : api === undefined ? (
        <NoThing item={item} none={{ title: texts.none, lead: texts.noneLead }} />
      ) : (
        <ApiDetails
          key={api.identifier}
          api={api}
          shownType={type?.type}
          isFileShown={filePanel !== undefined}
        />
      )}
      <UnfiledBar />
    </ThingPage>
  );
}

function ApiList({ current, onNew }: { current: string | undefined; onNew(): void }) {
  const { now, issuer } = useTenant();
  return (
    <ThingList title={texts.short} create={texts.create} onNew={onNew} heads={[texts.api, texts.typeCount]}>
      {[
        ...now.resource_servers.map(({ identifier, name, authorization_details: types }) => (
          <ThingRow
            key={identifier}
            id={identifier}
            name={name ?? identifier}
            isOpen={identifier === current}
            isNumber
          >
            {types.length}
          </ThingRow>
        )),
        <tr key="system">
          <td>
            {texts.management}
            <small>
              <code>{`${issuer}api/v2/`}</code> {texts.system}
            </small>
          </td>
          <td className="num">0</td>
        </tr>,
      ]}
    </ThingList>
  );
}

function NewApi({ onEnd }: { onEnd(identifier?: string): void }) {
  const change = useChange();
  return (
    <CreateForm
      title={texts.newTitle}
      submit={texts.newSubmit}
      fields={[
        { name: 'name', label: texts.name, hint: texts.nameHint },
        { name: 'identifier', label: texts.identifier, hint: texts.identifierHint },
        { name: 'token_dialect', label: texts.dialect, hint: texts.dialectHint, choices: texts.newDialects },
      ]}
      onCancel={() => onEnd()}
      onSubmit={async ({ name = '', identifier = '', token_dialect }) => {
        const answer = await change({
          call: {
            method: 'POST',
            path: `${MANAGEMENT_PATH}/resource-servers`,
            body: { ...(name === '' ? {} : { name }), identifier, token_dialect },
          },
          done: fill(texts.created, { name: name || identifier }),
        });
        onEnd(createdSchema.parse(answer).identifier);
      }}
    />
  );
}
