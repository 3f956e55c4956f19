// One API: its access token, permissions, who may ask for it, and the types of authorization details.
import { MANAGEMENT_PATH, type TenantConfig } from 'assent/contract';
import { tenantTexts } from '../../../texts/tenant.ts';
import { fill, plural } from '../../../ui/prose.tsx';
import { navigate, useAddress } from '../../address.tsx';
import { DeleteButton } from '../delete-button.tsx';
import { Card, ChangedTag, Row, SelectRow, SwitchRow, TextRow } from '../fields.tsx';
import { partWith, type TenantFile } from '../file/file-changes.ts';
import {
  type ChangeMember,
  useDeletion,
  useIsMemberChanged,
  useIsUnfiled,
  useMemberChange,
  useTenant,
} from '../tenant-context.tsx';
import { ShowAsFile } from '../thing-page.tsx';
import { DetailTypes } from './detail-types.tsx';
import { Permissions } from './permissions.tsx';

export type Api = TenantConfig['resource_servers'][number];

const texts = tenantTexts.apis;

interface ApiDetailsProps {
  api: Api;
  shownType: string | undefined;
  isFileShown: boolean;
}

export function ApiDetails({ api, shownType, isFileShown }: ApiDetailsProps) {
  return (
    <>
      <div className="ph">
        <h1>
          <bdi>{api.name ?? api.identifier}</bdi>
        </h1>
        {useIsUnfiled(findIn(api)) ? <ChangedTag /> : null}
        <span className="grow" />
        <ShowAsFile isShown={isFileShown} />
        <p className="sub">
          <code>{api.identifier}</code>
        </p>
      </div>
      <Settings api={api} />
      <AccessToken api={api} />
      <Permissions api={api} />
      <Policies api={api} />
      <DetailTypes api={api} shown={shownType} />
      <Removal api={api} />
    </>
  );
}

export function nameOfApi(api: Api): string {
  return api.name ?? api.identifier;
}

function pathOfApi({ identifier }: Api): string {
  return `${MANAGEMENT_PATH}/resource-servers/${encodeURIComponent(identifier)}`;
}

export function useApiChange(api: Api): ChangeMember<Api> {
  const { identifier } = api;
  return useMemberChange(api, pathOfApi(api), (members) => ({
    resource_servers: [{ identifier, ...members }],
  }));
}

export function useIsApiChanged(api: Api): (value: (api: Api) => unknown) => boolean {
  return useIsMemberChanged(findIn(api));
}

function findIn({ identifier }: Api): (config: TenantConfig) => Api | undefined {
  return ({ resource_servers: apis }) => apis.find((one) => one.identifier === identifier);
}

function Settings({ api }: { api: Api }) {
  const change = useApiChange(api);
  const isChanged = useIsApiChanged(api);
  const name = nameOfApi(api);
  return (
    <Card title={texts.settings}>
      <TextRow
        label={texts.name}
        hint={texts.nameHint}
        value={api.name ?? ''}
        isChanged={isChanged((one) => one.name)}
        onSave={(text) => change('name', text, fill(tenantTexts.changed, { what: texts.name, name }))}
      />
      <Row
        label={texts.identifier}
        hint={<code>{api.identifier}</code>}
        lock={texts.identifierLock}
        isChanged={isChanged((one) => one.identifier)}
      />
    </Card>
  );
}

function AccessToken({ api }: { api: Api }) {
  const change = useApiChange(api);
  const isChanged = useIsApiChanged(api);
  const name = nameOfApi(api);
  return (
    <Card title={texts.accessToken}>
      <SelectRow
        label={texts.dialect}
        hint={texts.dialectHint}
        value={api.token_dialect}
        choices={texts.dialects}
        isChanged={isChanged((one) => one.token_dialect)}
        onChange={(value) =>
          change('token_dialect', value, fill(tenantTexts.changed, { what: texts.dialect, name }))
        }
      />
      {(['token_lifetime', 'token_lifetime_for_web'] as const).map((member) => (
        <TextRow
          key={member}
          label={texts[member].name}
          hint={texts[member].hint}
          inputMode="numeric"
          value={String(api[member])}
          isChanged={isChanged((one) => one[member])}
          // What is no number goes to the server as it was typed, which says so.
          onSave={(text) =>
            change(member, numberOrText(text), fill(tenantTexts.changed, { what: texts[member].name, name }))
          }
        />
      ))}
      {(['allow_offline_access', 'enforce_policies'] as const).map((member) => (
        <SwitchRow
          key={member}
          label={texts[member].name}
          hint={texts[member].hint}
          isOn={api[member]}
          isChanged={isChanged((one) => one[member])}
          onChange={(isOn) =>
            change(
              member,
              isOn,
              fill(isOn ? tenantTexts.turnedOn : tenantTexts.turnedOff, { what: texts[member].name, name }),
            )
          }
        />
      ))}
    </Card>
  );
}

function numberOrText(text: string): number | string {
  const trimmed = text.trim();
  return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
}

/** auth0: API access policies for applications. */
function Policies({ api }: { api: Api }) {
  const change = useApiChange(api);
  const isChanged = useIsApiChanged(api);
  const { subject_type_authorization: policies } = api;
  return (
    <Card title={texts.policies}>
      {(['user', 'client'] as const).map((subjectType) => (
        <SelectRow
          key={subjectType}
          label={texts.policy[subjectType].name}
          hint={texts.policy[subjectType].hint}
          value={policies[subjectType].policy}
          choices={texts.policy[subjectType].choices}
          isChanged={isChanged((one) => one.subject_type_authorization[subjectType].policy)}
          onChange={(policy) =>
            change(
              'subject_type_authorization',
              { [subjectType]: { policy } },
              fill(tenantTexts.changed, { what: texts.policy[subjectType].name, name: nameOfApi(api) }),
            )
          }
        />
      ))}
    </Card>
  );
}

function Removal({ api }: { api: Api }) {
  const { now } = useTenant();
  const remove = useDeletion();
  const { page } = useAddress();
  const { identifier } = api;
  const name = nameOfApi(api);
  const grants = now.client_grants.filter(({ audience }) => audience === identifier);
  return (
    <div className="removal">
      <DeleteButton
        name={name}
        consequence={plural(texts.goesWith, grants.length)}
        onDelete={async () => {
          await remove(
            {
              call: { method: 'DELETE', path: pathOfApi(api) },
              done: fill(tenantTexts.remove.done, { name }),
            },
            (file) => whatGoesWith(file, identifier),
          );
          navigate({ page }, { replace: true });
        }}
      />
    </div>
  );
}

function whatGoesWith(file: TenantFile, identifier: string): TenantFile {
  const mentions = (one: unknown): boolean => JSON.stringify(one).includes(JSON.stringify(identifier));
  return {
    ...partWith(file, 'resource_servers', (one) => one['identifier'] === identifier),
    ...partWith(file, 'client_grants', (one) => one['audience'] === identifier),
    ...partWith(file, 'users', ({ permissions = [] }) => mentions(permissions)),
    ...partWith(file, 'roles', ({ permissions = [] }) => mentions(permissions)),
  };
}
