// One client: settings, what it may ask of which API, how its requests reach a person, and the advanced settings.
import { type ClientGrantConfig, MANAGEMENT_PATH, type TenantConfig } from 'assent/contract';
import { tenantTexts } from '../../../texts/tenant.ts';
import { fill, plural } from '../../../ui/prose.tsx';
import { navigate, useAddress } from '../../address.tsx';
import { DeleteButton } from '../delete-button.tsx';
import { Card, ChangedTag, SelectRow, TextRow } from '../fields.tsx';
import { partWith } from '../file/file-changes.ts';
import {
  type ChangeMember,
  useDeletion,
  useIsMemberChanged,
  useIsUnfiled,
  useMemberChange,
  useTenant,
} from '../tenant-context.tsx';
import { ShowAsFile } from '../thing-page.tsx';
import { AdvancedSettings } from './advanced-settings.tsx';
import { ClientApis } from './client-apis.tsx';

export type Client = TenantConfig['clients'][number];

const texts = tenantTexts.clients;

export function ClientDetails({ client, isFileShown }: { client: Client; isFileShown: boolean }) {
  const { now } = useTenant();
  const grants = now.client_grants.filter(({ client_id: id }) => id === client.client_id);
  return (
    <>
      <div className="ph">
        <h1>
          <bdi>{client.name}</bdi>
        </h1>
        <span className="tag tag--line">{client.is_first_party ? texts.firstParty : texts.thirdParty}</span>
        <span className="tag tag--line">
          {client.token_endpoint_auth_method === 'none' ? texts.public : texts.confidential}
        </span>
        {useIsUnfiled(findIn(client)) ? <ChangedTag /> : null}
        <span className="grow" />
        <ShowAsFile isShown={isFileShown} />
        <p className="sub">
          <code>{client.client_id}</code> · {texts.labNames}
        </p>
      </div>
      <Settings client={client} />
      <ClientApis client={client} grants={grants} />
      <Channels client={client} />
      <AdvancedSettings client={client} />
      <Removal client={client} grants={grants} />
    </>
  );
}

export function useClientChange(client: Client): ChangeMember<Client> {
  const { client_id: id } = client;
  return useMemberChange(client, pathOfClient(client), (members) => ({
    clients: [{ client_id: id, ...members }],
  }));
}

export function useIsClientChanged(client: Client): (value: (client: Client) => unknown) => boolean {
  return useIsMemberChanged(findIn(client));
}

function pathOfClient({ client_id: id }: Client): string {
  return `${MANAGEMENT_PATH}/clients/${encodeURIComponent(id)}`;
}

function findIn({ client_id: id }: Client): (config: TenantConfig) => Client | undefined {
  return ({ clients }) => clients.find((one) => one.client_id === id);
}

function Settings({ client }: { client: Client }) {
  const change = useClientChange(client);
  const isChanged = useIsClientChanged(client);
  const { name } = client;
  return (
    <Card title={texts.settings}>
      <TextRow
        label={texts.name}
        hint={texts.nameHint}
        value={name}
        isChanged={isChanged((one) => one.name)}
        onSave={(text) => change('name', text, fill(texts.renamed, { name, next: text }))}
      />
      <SelectRow
        label={texts.appType}
        value={client.app_type}
        choices={texts.appTypes}
        isChanged={isChanged((one) => one.app_type)}
        onChange={(value) =>
          change('app_type', value, fill(tenantTexts.changed, { what: texts.appType, name }))
        }
      />
      {(['callbacks', 'allowed_logout_urls'] as const).map((member) => (
        <TextRow
          key={member}
          label={texts[member]}
          hint={texts.onePerLine}
          isLong
          value={client[member].join('\n')}
          isChanged={isChanged((one) => one[member])}
          onSave={(text) =>
            change(member, linesOf(text), fill(tenantTexts.changed, { what: texts[member], name }))
          }
        />
      ))}
    </Card>
  );
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** In the order of the list. auth0: CIBA notification channels. */
function Channels({ client }: { client: Client }) {
  const { now } = useTenant();
  const change = useClientChange(client);
  const isChanged = useIsClientChanged(client);
  const { name, async_approval_notification_channels: channels } = client;
  return (
    <Card title={texts.channels}>
      <SelectRow
        label={texts.channelOrder}
        hint={fill(texts.channelHint, { seconds: now.ciba.push_expiry_limit })}
        value={channels?.join(' ') ?? ''}
        choices={texts.channelChoices}
        isChanged={isChanged((one) => one.async_approval_notification_channels)}
        onChange={(value) =>
          change(
            'async_approval_notification_channels',
            value === '' ? null : value.split(' '),
            fill(tenantTexts.changed, { what: texts.channels, name }),
          )
        }
      />
    </Card>
  );
}

function Removal({ client, grants }: { client: Client; grants: readonly ClientGrantConfig[] }) {
  const remove = useDeletion();
  const { page } = useAddress();
  const { client_id: id, name } = client;
  return (
    <div className="removal">
      <DeleteButton
        name={name}
        consequence={plural(texts.goesWith, grants.length)}
        onDelete={async () => {
          await remove(
            {
              call: { method: 'DELETE', path: pathOfClient(client) },
              done: fill(tenantTexts.remove.done, { name }),
            },
            (file) => ({
              ...partWith(file, 'clients', (one) => one['client_id'] === id),
              ...partWith(file, 'client_grants', (one) => one['client_id'] === id),
              ...partWith(file, 'connections', (one) => JSON.stringify(one).includes(JSON.stringify(id))),
            }),
          );
          navigate({ page }, { replace: true });
        }}
      />
    </div>
  );
}
