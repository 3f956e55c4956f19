// How this very server is reached: by an agent, from a terminal, in a test. Without secrets until somebody asks for them.
import { CIBA_GRANT_TYPE, CONTROL_API, MANAGEMENT_PATH } from 'assent/contract';
import { useState } from 'react';
import { z } from 'zod';
import { consoleTexts } from '../../texts/console.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { fill } from '../../ui/prose.tsx';
import { ActButton } from '../frame/act-button.tsx';
import { useLiveState, useResource, useSession } from '../session/session-context.tsx';
import { agentVariables, askByCurl, testSetUp } from './server-snippets.ts';
import { SettingSection } from './setting-section.tsx';

const { settings: texts } = consoleTexts;

const clientsSchema = z.array(
  z.object({ client_id: z.string(), grant_types: z.array(z.string()).optional() }),
);
const secretSchema = z.object({ client_secret: z.string().optional() });
const fileSchema = z.object({
  tenant: z.object({ default_audience: z.string().optional() }).optional(),
  resource_servers: z.array(z.object({ identifier: z.string() })).optional(),
  users: z.array(z.object({ user_id: z.string() })).optional(),
});
const CLIENTS = `${MANAGEMENT_PATH}/clients`;

export function ServerSection() {
  const session = useSession();
  const health = useLiveState((state) => state.health);
  const file = useResource(`${CONTROL_API}/tenant?format=json&secrets=false`, fileSchema).value;
  const clients = useResource(`${CLIENTS}?fields=client_id,grant_types`, clientsSchema).value;
  const [secret, setSecret] = useState<string>();
  if (health === undefined || file === undefined || clients === undefined) return null;
  const client = clients.find((one) => one.grant_types?.includes(CIBA_GRANT_TYPE)) ?? clients.at(0);
  const parts = {
    issuer: health.issuer,
    url: window.location.origin,
    clientId: client?.client_id,
    clientSecret: secret,
    audience: file.tenant?.default_audience ?? file.resource_servers?.at(0)?.identifier,
    userId: file.users?.at(0)?.user_id,
  };
  const showSecret = async (): Promise<void> => {
    try {
      const path = `${CLIENTS}/${encodeURIComponent(client?.client_id ?? '')}?fields=client_secret`;
      setSecret((await session.api.call({ path }, secretSchema)).client_secret ?? '');
    } catch (reason) {
      session.fail(reason);
    }
  };
  return (
    <SettingSection
      title={texts.server}
      aside={
        secret === undefined ? (
          <ActButton label={texts.showSecret} act={showSecret} />
        ) : (
          <button type="button" className="btn btn--s" onClick={() => setSecret(undefined)}>
            {texts.hideSecret}
          </button>
        )
      }
    >
      <div className="r">
        <span>
          <b>{health.issuer}</b>
          <small>{fill(texts.serverFacts, { version: health.version, tenant: health.tenant })}</small>
        </span>
      </div>
      <Snippet title={texts.env} text={agentVariables(parts)} />
      <Snippet title={texts.curl} text={askByCurl(parts)} />
      <Snippet title={texts.test} text={testSetUp(parts)} />
    </SettingSection>
  );
}

function Snippet({ title, text }: { title: string; text: string }) {
  return (
    <div className="r r--wide">
      <b>{title}</b>
      <div className="json">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre className="codeblock" tabIndex={0} dir="ltr">
          {text}
        </pre>
        <CopyButton text={text} label={fill(texts.copySnippet, { title })} />
      </div>
    </div>
  );
}
