// What was sent: the line, the caller, and the parameters as a table and as raw text.
import type { Exchange } from 'assent/contract';
import { useState } from 'react';
import { JsonPanel } from '../../json/json-panel.tsx';
import { decodeJwt, shortenToken } from '../../json/jwt.ts';
import { letterOf, ValueMark } from '../../json/value-mark.tsx';
import { panelTexts } from '../../texts/panel.ts';
import { headerWords, memberWords, parameterWords } from '../../texts/parameters.ts';
import { fill } from '../../ui/prose.tsx';
import { NamedValues } from './named-values.tsx';
import type { StepTabProps } from './panel-tabs.ts';
import { readBody, readRemoved } from './request-body.ts';
import { eventOf } from './step-facts.ts';

/** Of a call of an API, what the API told of it. */
export function hasExchange({ run, arrow }: StepTabProps): boolean {
  return arrow.exchange !== undefined || eventOf(run, arrow)?.type === 'api.called';
}

export function RequestTab({ run, arrow }: StepTabProps) {
  const texts = panelTexts.exchange;
  const event = eventOf(run, arrow);
  if (event?.type === 'api.called') {
    return (
      <>
        <p className="line">
          {event.method} {event.path}
        </p>
        <p className="quiet">{texts.callOnly}</p>
        {event.asked === undefined ? null : (
          <div>
            <h3>{texts.asked}</h3>
            <JsonPanel text={JSON.stringify(event.asked)} label={texts.asked} view="asked" />
          </div>
        )}
      </>
    );
  }
  if (arrow.exchange === undefined) return <p>{texts.none}</p>;
  const { request } = arrow.exchange;
  const removed = readRemoved(request);
  return (
    <>
      <p className="line">
        {request.method} {request.path}
      </p>
      <NamedValues title={texts.headers} rows={headerRows(request)} words={headerWords} />
      {Object.keys(request.parameters).length === 0 ? (
        <p className="quiet">{texts.noParameters}</p>
      ) : (
        <Parameters request={request} isCallback={event?.type === 'callback.sent'} />
      )}
      {removed.length === 0 ? null : (
        <p className="quiet">{fill(texts.redacted, { names: removed.join(', ') })}</p>
      )}
    </>
  );
}

/** When the server calls back, it says what it answers elsewhere. */
function Parameters({ request, isCallback }: { request: Exchange['request']; isCallback: boolean }) {
  const texts = panelTexts.exchange;
  const [isRaw, setIsRaw] = useState(false);
  const isToken = (name: string): boolean => isCallback || name === 'request';
  const { request: jwt, authorization_details: details } = request.parameters;
  const signed = jwt === undefined ? undefined : decodeJwt(jwt);
  return (
    <>
      <fieldset className="segments" aria-label={texts.views}>
        {([false, true] as const).map((raw) => (
          <button
            key={String(raw)}
            type="button"
            className="btn btn--s"
            aria-pressed={isRaw === raw}
            onClick={() => setIsRaw(raw)}
          >
            {raw ? texts.rawForm : texts.table}
          </button>
        ))}
      </fieldset>
      {isRaw ? (
        <section aria-label={texts.form}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className="codeblock" tabIndex={0} dir="ltr">
            {readBody(request)}
          </pre>
          <p className="quiet">{texts.notTheWire}</p>
        </section>
      ) : (
        <NamedValues
          title={texts.parameters}
          rows={Object.entries(request.parameters).map(([name, text]) => {
            const letter = letterOf(name);
            return [
              name,
              letter === undefined ? (
                <bdi key={name}>{isToken(name) ? shortenToken(text) : text}</bdi>
              ) : (
                <ValueMark key={name} letter={letter}>
                  {isToken(name) ? shortenToken(text) : text}
                </ValueMark>
              ),
            ];
          })}
          words={isCallback ? memberWords : parameterWords}
        />
      )}
      {details === undefined || isRaw ? null : (
        <JsonPanel text={details} label="authorization_details" view="details" />
      )}
      {signed === undefined || isRaw ? null : (
        <div>
          <h3>{texts.signedRequest}</h3>
          <JsonPanel text={signed.claims.source} label={texts.signedRequest} view="claims" />
        </div>
      )}
    </>
  );
}

function headerRows(request: Exchange['request']): [string, string][] {
  const { content_type: contentType, user_agent: userAgent, auth0_client: sdk } = request;
  const rows: [string, string | undefined][] = [
    ['content-type', contentType],
    ['user-agent', userAgent],
    ['auth0-client', sdk && [sdk.name, sdk.version].filter((part) => part !== undefined).join(' ')],
  ];
  return rows.flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
}
