// One type of authorization details: how the approver sees an example of it, judged by the server, and its words and schema.
import { CONTROL_API, type ConsentPreview, consentPreviewSchema } from 'assent/contract';
import { useEffect, useId, useRef, useState } from 'react';
import { explainFailure } from '../../../desk/api-failure.ts';
import { tenantTexts } from '../../../texts/tenant.ts';
import { Icon } from '../../../ui/icons.tsx';
import { fill } from '../../../ui/prose.tsx';
import { Link, navigate, useAddress } from '../../address.tsx';
import { ConsentSeen } from '../../requests/consent-seen.tsx';
import { useSession } from '../../session/session-context.tsx';
import { callOfPart, useChange, useTenant } from '../tenant-context.tsx';
import { type Api, nameOfApi } from './api-details.tsx';
import { exampleOf } from './detail-example.ts';
import type { DetailType } from './detail-types.tsx';
import { DetailWording } from './detail-wording.tsx';

const texts = tenantTexts.typePanel;

export function DetailTypePanel({ api, type }: { api: Api; type: DetailType }) {
  const { page } = useAddress();
  const id = useId();
  const [draft, setDraft] = useState<unknown>();
  const [example, setExample] = useState<string>();
  const shown = example ?? JSON.stringify(exampleOf(type), null, 2);
  const { preview, failure } = usePreview(api, draft ?? type, shown);
  return (
    <aside className="pane pane--side" aria-label={fill(texts.label, { type: type.type })}>
      <div className="dh">
        <p className="id">
          <span>{texts.title}</span>
          <Link className="btn btn--s" to={{ page, item: api.identifier }}>
            {tenantTexts.close}
          </Link>
        </p>
        <h2>
          <code>{type.type}</code>
        </h2>
      </div>
      <div className="db">
        <section aria-labelledby={`${id}-seen`} aria-live="polite">
          <h3 id={`${id}-seen`}>{texts.preview}</h3>
          {preview?.consent === undefined ? (
            <p className="field-error">
              <Icon name="warning" />
              <span>
                {preview?.finding ?? (failure === undefined ? texts.loading : explainFailure(failure))}
                {preview?.hint === undefined ? '' : ` ${preview.hint}`}
              </span>
            </p>
          ) : (
            <ConsentSeen approval={{ consent: preview.consent, binding_message: texts.code }} />
          )}
        </section>
        <section>
          <h3>
            <label htmlFor={`${id}-example`}>{texts.example}</label>
          </h3>
          <textarea
            id={`${id}-example`}
            className="inp inp--code"
            rows={Math.min(16, shown.split('\n').length)}
            value={shown}
            spellCheck={false}
            onChange={({ target }) => setExample(target.value)}
          />
          {preview === undefined ? null : <p className="quiet">{wordMeasures(preview)}</p>}
        </section>
        <DetailWording type={type} onDraft={setDraft} onSave={useSaveType(api)} />
        <Unregister api={api} type={type} />
      </div>
    </aside>
  );
}

function wordMeasures({ measures }: ConsentPreview): string {
  const { objects, properties, depth, bytes } = measures;
  const of = ({ is, most }: { is: number; most: number }): string =>
    fill(texts.of, { is: is.toLocaleString('en'), most: most.toLocaleString('en') });
  return fill(texts.measures, {
    objects: of(objects),
    properties: of(properties),
    depth: of(depth),
    bytes: of(bytes),
  });
}

/** What the server makes of the example; of what is typed fast, the last. */
function usePreview(
  api: Api,
  type: unknown,
  example: string,
): { preview: ConsentPreview | undefined; failure: unknown } {
  const session = useSession();
  const { now } = useTenant();
  const [state, setState] = useState<{ preview?: ConsentPreview; failure?: unknown }>({});
  const asker = now.client_grants.find(({ audience }) => audience === api.identifier)?.client_id;
  const client = now.clients.find(({ client_id: id }) => id === asker);
  const body = JSON.stringify({
    audience: api.identifier,
    authorization_details: asList(example),
    ...(client === undefined ? {} : { client_name: client.name }),
    type,
  });
  const latest = useRef<AbortController>(undefined);
  useEffect(() => {
    latest.current?.abort();
    const leaving = new AbortController();
    latest.current = leaving;
    session.api
      .call(
        { method: 'POST', path: `${CONTROL_API}/consent-preview`, body: JSON.parse(body) },
        consentPreviewSchema,
        {
          signal: leaving.signal,
        },
      )
      .then(
        (preview) => setState({ preview }),
        (failure: unknown) => {
          if (!leaving.signal.aborted) setState({ failure });
        },
      );
    return () => leaving.abort();
  }, [session, body]);
  return { preview: state.preview, failure: state.failure };
}

/** One object may stand alone; a request has a list. */
function asList(text: string): string {
  return text.trimStart().startsWith('{') ? `[${text}]` : text;
}

/** Auth0 has no call for words and schemas. */
function useSaveType(api: Api): (next: DetailType) => Promise<unknown> {
  const change = useChange();
  const { identifier, authorization_details: types } = api;
  return (next) =>
    change({
      call: callOfPart({
        resource_servers: [
          { identifier, authorization_details: types.map((one) => (one.type === next.type ? next : one)) },
        ],
      }),
      done: fill(texts.saved, { type: next.type }),
      undo: { resource_servers: [{ identifier, authorization_details: types }] },
    });
}

function Unregister({ api, type }: { api: Api; type: DetailType }) {
  const change = useChange();
  const session = useSession();
  const { page } = useAddress();
  const { identifier, authorization_details: types } = api;
  return (
    <button
      type="button"
      className="btn btn--s btn--danger"
      onClick={() => {
        change({
          call: callOfPart({
            resource_servers: [
              { identifier, authorization_details: types.filter((one) => one.type !== type.type) },
            ],
          }),
          done: fill(texts.unregistered, { type: type.type, name: nameOfApi(api) }),
          undo: { resource_servers: [{ identifier, authorization_details: types }] },
        }).then(
          () => navigate({ page, item: identifier }, { replace: true }),
          (reason: unknown) => session.fail(reason),
        );
      }}
    >
      {texts.unregister}
    </button>
  );
}
