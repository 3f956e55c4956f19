// Nothing has happened yet: how to make something happen, with the values of this very server.
import { CONTROL_API, demoRequestAnswerSchema, type People, peopleSchema } from 'assent/contract';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import type { Api } from '../desk/api.ts';
import { explainFailure } from '../desk/api-failure.ts';
import { sequenceTexts } from '../texts/sequence.ts';
import { Command } from '../ui/copy-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose } from '../ui/prose.tsx';

const { empty: texts } = sequenceTexts;

interface EmptyProps {
  api: Api;
  issuer: string | undefined;
  onOpen(): void;
}

export function Empty({ api, issuer, onOpen }: EmptyProps) {
  const [failure, setFailure] = useState<string>();
  const { person, canAsk } = useTenant(api);
  const start = async (): Promise<void> => {
    if (person === undefined) return;
    setFailure(undefined);
    await api.call(
      { method: 'POST', path: `${CONTROL_API}/demo-request`, body: { user_id: person.user_id } },
      demoRequestAnswerSchema,
    );
  };
  return (
    <section className="empty">
      <h2>{texts.title}</h2>
      <p>{texts.lead}</p>
      {person === undefined ? null : (
        <>
          <button
            type="button"
            className="btn btn--main"
            onClick={() => start().catch((reason: unknown) => setFailure(explainFailure(reason)))}
          >
            {texts.demo}
          </button>
          <p className="quiet">{fill(texts.demoWhom, { person: person.name })}</p>
        </>
      )}
      {failure === undefined ? null : (
        <Notice tone="danger" icon="warning" role="alert">
          {failure}
        </Notice>
      )}
      <p className="quiet">{texts.terminal}</p>
      <Command text={texts.ask} />
      {issuer === undefined || person === undefined || !canAsk ? null : (
        <>
          <p className="quiet">
            <Prose text={texts.variables} />
          </p>
          <Command text={askByCurl(issuer, person.user_id)} />
        </>
      )}
      <p>
        <button type="button" className="link" onClick={onOpen}>
          {texts.open}
        </button>{' '}
        <span className="quiet">{texts.openLead}</span>
      </p>
    </section>
  );
}

/** Who asks, and its secret, stay where the banner of the server shows them. */
function askByCurl(issuer: string, userId: string): string {
  const hint = JSON.stringify({ format: 'iss_sub', iss: issuer, sub: userId });
  return [
    'curl',
    ...(issuer.startsWith('https:') ? ['--cacert "$NODE_EXTRA_CA_CERTS"'] : []),
    `${issuer}bc-authorize`,
    '-d "client_id=$AUTH0_CLIENT_ID" -d "client_secret=$AUTH0_CLIENT_SECRET"',
    '-d scope=openid -d binding_message=HELLO-1',
    `--data-urlencode ${quote(`login_hint=${hint}`)}`,
  ].join(' ');
}

/** For a POSIX shell: nothing within single quotes is interpreted. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const tenantSchema = z.object({
  clients: z.array(z.object({ grant_types: z.array(z.string()).catch([]) })).catch([]),
});
const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

function useTenant(api: Api): { person: People['people'][number] | undefined; canAsk: boolean } {
  const [people, setPeople] = useState<People['people']>([]);
  const [canAsk, setCanAsk] = useState(false);
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const read = async (): Promise<void> => {
      setPeople((await api.call({ path: '/approver/people' }, peopleSchema, { signal })).people);
      const { clients } = await api.call({ path: `${CONTROL_API}/tenant?secrets=false` }, tenantSchema, {
        signal,
      });
      setCanAsk(clients.some(({ grant_types: grants }) => grants.includes(CIBA_GRANT)));
    };
    // Without an answer there is the command, and the connection says why.
    read().catch(() => undefined);
    return () => ending.abort();
  }, [api]);
  return { person: people.find(({ devices }) => devices > 0) ?? people[0], canAsk };
}
