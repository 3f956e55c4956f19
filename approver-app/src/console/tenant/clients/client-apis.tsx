// APIs of a client: which it may ask for, on behalf of a person or for itself, with which permissions and types of details.
import { type ClientGrantConfig, MANAGEMENT_API, MANAGEMENT_PATH, type TenantConfig } from 'assent/contract';
import { useId } from 'react';
import { tenantTexts } from '../../../texts/tenant.ts';
import { fill, plural } from '../../../ui/prose.tsx';
import { Link } from '../../address.tsx';
import { Card, ChangedTag, Failure, SwitchRow } from '../fields.tsx';
import { useAttempt, useChange, useIsChanged, useTenant } from '../tenant-context.tsx';
import { grantKey } from '../tenant-picture.ts';
import type { Client } from './client-details.tsx';

type Api = TenantConfig['resource_servers'][number];
type SubjectType = ClientGrantConfig['subject_type'];

const texts = tenantTexts.clientApis;
const SUBJECT_TYPES: readonly SubjectType[] = ['user', 'client'];

export function ClientApis({ client, grants }: { client: Client; grants: readonly ClientGrantConfig[] }) {
  const { now } = useTenant();
  const own = grants.filter(({ audience }) => audience === MANAGEMENT_API);
  return (
    <Card title={texts.title} anchor="apis">
      {now.resource_servers.length === 0 ? (
        <p className="sec-note">
          {texts.none} <Link to={{ page: 'apis' }}>{texts.createApi}</Link>
        </p>
      ) : null}
      {now.resource_servers.map((api) => (
        <ApiRows
          key={api.identifier}
          client={client}
          api={api}
          grants={grants.filter(({ audience }) => audience === api.identifier)}
        />
      ))}
      {own.map((grant) => (
        <p className="sec-note" key={grant.subject_type}>
          {grant.allow_all_scopes ? texts.managementAll : plural(texts.management, grant.scope.length)}
        </p>
      ))}
    </Card>
  );
}

interface ApiRowsProps {
  client: Client;
  api: Api;
  grants: readonly ClientGrantConfig[];
}

function ApiRows({ client, api, grants }: ApiRowsProps) {
  const id = useId();
  return (
    <section className="api" aria-labelledby={id}>
      <h3 id={id}>
        <bdi>{api.name ?? api.identifier}</bdi>
        {api.name === undefined ? null : <code>{api.identifier}</code>}
      </h3>
      {SUBJECT_TYPES.map((subjectType) => (
        <Access
          key={subjectType}
          client={client}
          api={api}
          subjectType={subjectType}
          grant={grants.find(({ subject_type: type }) => type === subjectType)}
        />
      ))}
    </section>
  );
}

interface AccessProps {
  client: Client;
  api: Api;
  subjectType: SubjectType;
  grant: ClientGrantConfig | undefined;
}

function Access({ client, api, subjectType, grant }: AccessProps) {
  const { grantIds } = useTenant();
  const change = useChange();
  const isChanged = useIsChanged();
  const { client_id: clientId, name } = client;
  const { identifier } = api;
  const words = texts[subjectType];
  const { policy } = api.subject_type_authorization[subjectType];
  const id = grantIds.get(grantKey(clientId, identifier, subjectType));
  const values = { name, api: api.name ?? identifier, access: words.name };
  return (
    <SwitchRow
      label={words.name}
      hint={grant === undefined ? texts.policies[policy] : countOf(api, grant)}
      isOn={grant !== undefined}
      isChanged={isChanged(
        ({ client_grants: all }) =>
          all.find(
            (one) =>
              one.client_id === clientId && one.audience === identifier && one.subject_type === subjectType,
          ) !== undefined,
      )}
      onChange={(isOn) =>
        isOn
          ? change({
              call: {
                method: 'POST',
                path: `${MANAGEMENT_PATH}/client-grants`,
                body: { client_id: clientId, audience: identifier, scope: [], subject_type: subjectType },
              },
              done: fill(texts.granted, values),
            })
          : change({
              call: { method: 'DELETE', path: `${MANAGEMENT_PATH}/client-grants/${id}` },
              done: fill(texts.revoked, values),
              undo: grant && { client_grants: [grant] },
            })
      }
    >
      {grant === undefined || id === undefined ? null : (
        <Extent api={api} grant={grant} id={id} values={values} />
      )}
    </SwitchRow>
  );
}

function countOf(api: Api, grant: ClientGrantConfig): string {
  if (grant.allow_all_scopes) return texts.allPermissions;
  if (grant.scope.length === 0) return texts.noPermission;
  return fill(texts.permissions, {
    count: grant.scope.length,
    all: api.scopes.length,
    scopes: grant.scope.join(', '),
  });
}

interface ExtentProps {
  api: Api;
  grant: ClientGrantConfig;
  id: string;
  values: { name: string; api: string; access: string };
}

function Extent({ api, grant, id, values }: ExtentProps) {
  return (
    <div className="extent">
      <Boxes
        legend={texts.scopes}
        isFixed={grant.allow_all_scopes === true}
        options={api.scopes.map(({ value }) => value)}
        chosen={grant.allow_all_scopes ? api.scopes.map(({ value }) => value) : grant.scope}
        member="scope"
        {...{ grant, id, values }}
      />
      {grant.subject_type === 'user' ? (
        <Boxes
          legend={texts.types}
          options={api.authorization_details.map(({ type }) => type)}
          chosen={grant.authorization_details_types}
          member="authorization_details_types"
          {...{ grant, id, values }}
        />
      ) : null}
    </div>
  );
}

interface BoxesProps extends Omit<ExtentProps, 'api'> {
  legend: string;
  isFixed?: boolean;
  options: readonly string[];
  chosen: readonly string[];
  member: 'scope' | 'authorization_details_types';
}

function Boxes({ legend, isFixed = false, options, chosen, member, grant, id, values }: BoxesProps) {
  const change = useChange();
  const isChanged = useIsChanged();
  const attempt = useAttempt();
  if (options.length === 0) return null;
  const { client_id, audience, subject_type } = grant;
  const choose = (option: string): Promise<unknown> => {
    const next = chosen.includes(option) ? chosen.filter((one) => one !== option) : [...chosen, option];
    return change({
      call: { method: 'PATCH', path: `${MANAGEMENT_PATH}/client-grants/${id}`, body: { [member]: next } },
      done: fill(chosen.includes(option) ? texts.taken : texts.given, { ...values, what: option }),
      undo: { client_grants: [{ client_id, audience, subject_type, [member]: chosen }] },
    });
  };
  return (
    <fieldset className="boxes" aria-busy={attempt.isBusy}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <span key={option}>
          <label className="box">
            <input
              type="checkbox"
              checked={chosen.includes(option)}
              disabled={isFixed}
              onChange={() => void attempt.run(() => choose(option))}
            />
            <code>{option}</code>
          </label>
          {isChanged(({ client_grants: all }) =>
            all
              .find(
                (one) =>
                  one.client_id === client_id &&
                  one.audience === audience &&
                  one.subject_type === subject_type,
              )
              ?.[member].includes(option),
          ) ? (
            <ChangedTag />
          ) : null}
        </span>
      ))}
      <Failure failure={attempt.failure} />
    </fieldset>
  );
}
