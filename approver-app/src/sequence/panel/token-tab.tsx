// The token of a step: the one that was issued, the one that an API was shown, or what a device signed.

import type { TraceEvent } from 'assent/contract';
import type { Run } from 'assent/sequence';
import { grantedIn } from '../../desk/grant-changes.ts';
import { memberOf } from '../../json/json-text.ts';
import { type DecodedJwt, decodeJwt, fromReadToken } from '../../json/jwt.ts';
import { JwtView } from '../../json/jwt-view.tsx';
import { Verdict } from '../../json/verdict.tsx';
import { jsonTexts } from '../../texts/json.ts';
import { panelTexts } from '../../texts/panel.ts';
import { Prose } from '../../ui/prose.tsx';
import { useTicking } from '../../ui/ticking.ts';
import { exactTime } from '../../ui/time-text.ts';
import type { ApiCall } from './api-checks.tsx';
import { usePanelSource } from './panel-source.tsx';
import type { StepTabProps } from './panel-tabs.ts';
import { eventOf, requestOf } from './step-facts.ts';

/** Whether the arrow has a token to look into. A decision has what the device signed; an answer to it has nothing. */
export function hasToken({ run, arrow }: StepTabProps): boolean {
  const event = eventOf(run, arrow);
  if (event?.type === 'token.issued') return arrow.isResponse;
  if (event?.type === 'api.called') return event.access_token !== undefined;
  if (event?.type === 'callback.sent') return event.says === 'tokens' && !arrow.isResponse;
  return event?.type === 'decision.made' && !arrow.isResponse && event.answer !== undefined;
}

export function TokenTab({ run, arrow }: StepTabProps) {
  const { clock, fetchKeys } = usePanelSource();
  const nowMs = useTicking(clock, Number.POSITIVE_INFINITY);
  const texts = panelTexts.token;
  const event = eventOf(run, arrow);
  // What was pushed is told of where it was issued.
  const told = event?.type === 'callback.sent' ? issuedOf(run) : event;
  const jwt = told && readJwt(told);
  if (event === undefined || jwt === undefined) return <p>{jsonTexts.jwt.opaque}</p>;
  const isAnswer = event.type === 'decision.made';
  return (
    <>
      <h3>{isAnswer ? texts.answer : event.type === 'api.called' ? texts.shown : texts.accessToken}</h3>
      {event.type === 'api.called' ? <ApiVerdict event={event} jwt={jwt} /> : null}
      <JwtView
        // Another token, another verdict.
        key={arrow.id}
        jwt={jwt}
        nowMs={nowMs}
        approved={isAnswer ? undefined : readApproved(run)}
        // A device's key is not among those of the issuer.
        fetchKeys={isAnswer ? undefined : fetchKeys}
      />
    </>
  );
}

function readJwt(event: TraceEvent): DecodedJwt | undefined {
  if (event.type === 'token.issued') {
    const token = event.exchange?.response.body?.['access_token'];
    const decoded = typeof token === 'string' ? decodeJwt(token) : undefined;
    return decoded ?? (event.access_token && fromReadToken(event.access_token));
  }
  if (event.type === 'api.called') return event.access_token && fromReadToken(event.access_token);
  return event.type === 'decision.made' && event.answer ? fromReadToken(event.answer) : undefined;
}

function issuedOf(run: Run): TraceEvent | undefined {
  return run.events.find((event) => event.type === 'token.issued');
}

function readApproved(run: Run) {
  const details = grantedIn(run.events) ?? requestOf(run)?.authorization_details;
  const decision = run.events.findLast((event) => event.type === 'decision.made');
  if (details === undefined) return undefined;
  return {
    text: JSON.stringify(details),
    ...(decision === undefined ? {} : { who: run.approverName ?? decision.by, time: exactTime(decision.at) }),
  };
}

/** The API had the whole token, so it could verify it; the trace tells what it found. */
function ApiVerdict({ event, jwt }: { event: ApiCall; jwt: DecodedJwt }) {
  const texts = panelTexts.token;
  const isVerified = event.checks.some(({ check, passed }) => check === 'signature' && passed);
  const header = (name: string): string => {
    const node = memberOf(jwt.header, name);
    return node?.kind === 'string' ? node.text : '?';
  };
  return (
    <Verdict tone={isVerified ? 'good' : 'bad'}>
      <Prose
        text={isVerified ? texts.apiVerified : texts.apiNotVerified}
        values={{ key: header('kid'), algorithm: header('alg') }}
      />
    </Verdict>
  );
}
