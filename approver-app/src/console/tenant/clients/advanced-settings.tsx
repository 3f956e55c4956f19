// Advanced Settings of a client: grant types by the names of the dashboard, how it proves itself, what CIBA wants of it.
import { CIBA_GRANT_TYPE, DEVICE_GRANT_TYPE, IMITATED_GRANT_TYPES, MANAGEMENT_PATH } from 'assent/contract';
import { useId, useState } from 'react';
import { z } from 'zod';
import { tenantTexts } from '../../../texts/tenant.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { fill } from '../../../ui/prose.tsx';
import { useSession } from '../../session/session-context.tsx';
import { Card, Failure, Row, SelectRow, SwitchRow } from '../fields.tsx';
import { useAttempt, useChange } from '../tenant-context.tsx';
import { type Client, useClientChange, useIsClientChanged } from './client-details.tsx';

const texts = tenantTexts.clients;

type GrantType = Client['grant_types'][number];

/** As the dashboard has them. */
const GRANTS = [
  ['authorization_code', texts.grants.authorizationCode],
  ['refresh_token', texts.grants.refreshToken],
  ['client_credentials', texts.grants.clientCredentials],
  [CIBA_GRANT_TYPE, texts.grants.ciba],
  [DEVICE_GRANT_TYPE, texts.grants.deviceCode],
] as const satisfies ReadonlyArray<readonly [GrantType, { name: string; hint: string }]>;

export function AdvancedSettings({ client }: { client: Client }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 className="h-group" id={id}>
        {texts.advanced}
      </h2>
      <GrantTypes client={client} />
      <Conformity client={client} />
      <Credentials client={client} />
    </section>
  );
}

function GrantTypes({ client }: { client: Client }) {
  const change = useClientChange(client);
  const isChanged = useIsClientChanged(client);
  const { name, grant_types: granted } = client;
  const others = granted.filter((grant) => !IMITATED_GRANT_TYPES.some((one) => one === grant));
  return (
    <Card title={texts.grantTypes} anchor="grant-types">
      {GRANTS.map(([grant, words]) => {
        const isOn = granted.includes(grant);
        return (
          <SwitchRow
            key={grant}
            label={words.name}
            hint={words.hint}
            isOn={isOn}
            isChanged={isChanged((one) => one.grant_types.includes(grant))}
            onChange={(shallBeOn) =>
              change(
                'grant_types',
                shallBeOn ? [...granted, grant] : granted.filter((one) => one !== grant),
                fill(shallBeOn ? tenantTexts.turnedOn : tenantTexts.turnedOff, { what: words.name, name }),
              )
            }
          />
        );
      })}
      {others.length === 0 ? null : (
        <p className="sec-note">{fill(texts.grants.others, { grants: others.join(', ') })}</p>
      )}
    </Card>
  );
}

function Conformity({ client }: { client: Client }) {
  const change = useClientChange(client);
  const isChanged = useIsClientChanged(client);
  const { name } = client;
  return (
    <Card title={texts.oauth}>
      {(['oidc_conformant', 'is_first_party'] as const).map((member) => (
        <SwitchRow
          key={member}
          label={texts[member]}
          hint={texts.neededForCiba}
          isOn={client[member]}
          isChanged={isChanged((one) => one[member])}
          onChange={(isOn) =>
            change(
              member,
              isOn,
              fill(isOn ? tenantTexts.turnedOn : tenantTexts.turnedOff, { what: texts[member], name }),
            )
          }
        />
      ))}
    </Card>
  );
}

function Credentials({ client }: { client: Client }) {
  const change = useClientChange(client);
  const isChanged = useIsClientChanged(client);
  const { name, token_endpoint_auth_method: method } = client;
  const usesKey = method === 'private_key_jwt';
  return (
    <Card title={texts.credentials}>
      <SelectRow
        label={texts.authMethod}
        hint={usesKey ? texts.authByKey : texts.authHint}
        value={method}
        choices={
          usesKey ? texts.authMethods : texts.authMethods.filter(({ value }) => value !== 'private_key_jwt')
        }
        lock={usesKey ? texts.setByKeys : undefined}
        isChanged={isChanged((one) => one.token_endpoint_auth_method)}
        onChange={(value) =>
          change(
            'token_endpoint_auth_method',
            value,
            fill(tenantTexts.changed, { what: texts.authMethod, name }),
          )
        }
      />
      {method === 'none' || usesKey ? null : <Secret key={client.client_id} client={client} />}
    </Card>
  );
}

const secretSchema = z.looseObject({ client_secret: z.string().optional() });

/** On request only: what is on the screen is in every picture of it. */
function Secret({ client }: { client: Client }) {
  const { api } = useSession();
  const change = useChange();
  const reading = useAttempt();
  const rotating = useAttempt();
  const [secret, setSecret] = useState<string>();
  const path = `${MANAGEMENT_PATH}/clients/${encodeURIComponent(client.client_id)}`;
  return (
    <Row label={texts.secret} hint={texts.secretHint}>
      <span className="slot slot--wrap">
        {secret === undefined ? (
          <button
            type="button"
            className="btn btn--s"
            onClick={() =>
              void reading.run(async () => {
                const read = await api.call({ path: `${path}?fields=client_secret` }, secretSchema);
                setSecret(read.client_secret ?? '');
              })
            }
          >
            {texts.showSecret}
          </button>
        ) : secret === '' ? (
          <span className="quiet">{texts.noSecret}</span>
        ) : (
          <>
            <code className="secret">{secret}</code>
            <CopyButton text={secret} label={texts.copySecret} />
            <button type="button" className="btn btn--s" onClick={() => setSecret(undefined)}>
              {texts.hideSecret}
            </button>
          </>
        )}
        <button
          type="button"
          className="btn btn--s"
          aria-busy={rotating.isBusy}
          onClick={() =>
            void rotating.run(async () => {
              const answer = await change({
                call: { method: 'POST', path: `${path}/rotate-secret`, body: {} },
                done: fill(texts.rotated, { name: client.name }),
              });
              setSecret(secretSchema.parse(answer).client_secret ?? '');
            })
          }
        >
          {texts.rotate}
        </button>
        <Failure failure={reading.failure ?? rotating.failure} />
      </span>
    </Row>
  );
}
