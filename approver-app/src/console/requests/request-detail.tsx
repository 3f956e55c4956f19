// One request: what was asked, as the approver sees it, what became of it, and what can be done with it.

import type { ApprovalView, ReadToken, TraceEvent } from 'assent/contract';
import { useState } from 'react';
import { DeskIcon } from '../../desk/desk-icons.tsx';
import { describeChanges } from '../../desk/grant-changes.ts';
import { JsonPanel } from '../../json/json-panel.tsx';
import { fromReadToken } from '../../json/jwt.ts';
import { JwtView } from '../../json/jwt-view.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { deskTexts } from '../../texts/desk.ts';
import { sharedTexts } from '../../texts/shared.ts';
import { useCopy } from '../../ui/copy-text.ts';
import { fill } from '../../ui/prose.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { countdownText, exactTime } from '../../ui/time-text.ts';
import { describeEvent, toneOf } from '../events/event-words.ts';
import { ActButton, deskGlyph, glyph } from '../frame/act-button.tsx';
import { useTenantTime } from '../frame/tenant-time.ts';
import { useIsConnected, useLiveState, useSession } from '../session/session-context.tsx';
import { ConsentSeen } from './consent-seen.tsx';
import { DenyDialog } from './deny-dialog.tsx';
import { approveChange, expireChange, pathOfRequest } from './request-changes.ts';
import { useStoryOf } from './request-story.ts';
import { readTimeline } from './timeline.ts';

const { requests: texts } = consoleTexts;

export function RequestDetail({ approval }: { approval: ApprovalView }) {
  const events = useStoryOf(approval.id);
  return (
    <>
      <div className="dh">
        <p className="id">
          <span>
            <b className="mono">{approval.name}</b> ·{' '}
            <span className="mono">{consentIdOf(events) ?? approval.id}</span>
          </span>
          <StateTag state={approval.state} />
        </p>
        <h2>
          <bdi>{approval.consent.summary}</bdi>
        </h2>
        <Actions approval={approval} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="db" tabIndex={0}>
        <section>
          <h3>{fill(texts.asSeen, { name: approval.approver.name })}</h3>
          <ConsentSeen approval={approval} />
        </section>
        <Facts approval={approval} />
        <section>
          <h3>{texts.timeline}</h3>
          <Timeline approval={approval} events={events} />
        </section>
        <Deliveries events={events} />
        <Tokens events={events} approval={approval} />
        <section>
          <details>
            <summary>{texts.raw}</summary>
            <JsonPanel text={JSON.stringify(approval)} label={texts.raw} view="request" />
          </details>
        </section>
      </div>
    </>
  );
}

/** Auth0's name of it, which its log and its devices use. */
function consentIdOf(events: readonly TraceEvent[]): string | undefined {
  return events.find((event) => event.type === 'request.received')?.consent_id;
}

function Actions({ approval }: { approval: ApprovalView }) {
  const session = useSession();
  const copy = useCopy();
  const [isDenying, setIsDenying] = useState(false);
  const first = approval.approver.name.split(' ')[0] ?? approval.approver.name;
  const isWaiting = approval.state === 'pending';
  const isConnected = useIsConnected();
  return (
    <div className="acts">
      {isWaiting ? (
        <>
          <ActButton
            label={fill(texts.approveAs, { name: first })}
            icon={glyph('approve')}
            act={() => session.tryChange(approveChange(approval))}
          />
          <button
            type="button"
            className="btn btn--s"
            aria-disabled={!isConnected || undefined}
            onClick={() => {
              if (isConnected) setIsDenying(true);
            }}
          >
            {glyph('deny')}
            {fill(texts.denyAs, { name: first })}
          </button>
          <ActButton
            label={texts.expireNow}
            icon={glyph('clock')}
            act={() => session.tryChange(expireChange(approval))}
          />
        </>
      ) : null}
      <a className="btn btn--s" href={`/sequence?request=${encodeURIComponent(approval.name)}`}>
        <DeskIcon name="sequence" />
        {texts.inSequence}
      </a>
      <button
        type="button"
        className="btn btn--s"
        onClick={() => void copy(`${window.location.origin}/console/requests/${approval.name}`)}
      >
        {glyph('copy')}
        {texts.copyLink}
      </button>
      <button
        type="button"
        className="btn btn--s"
        onClick={() =>
          session.showCall(isWaiting ? approveChange(approval).call : { path: pathOfRequest(approval) })
        }
      >
        {deskGlyph('terminal')}
        {deskTexts.toast.curl}
      </button>
      {isDenying ? <DenyDialog approval={approval} onClose={() => setIsDenying(false)} /> : null}
    </div>
  );
}

function Facts({ approval }: { approval: ApprovalView }) {
  const { decision } = approval;
  const facts: Array<[string, string]> = [
    [texts.facts.client, `${approval.client.name} (${approval.client.client_id})`],
    [texts.facts.approver, `${approval.approver.name} (${approval.approver.user_id})`],
    ...(approval.audience === undefined
      ? []
      : [[texts.facts.api, approval.audience] satisfies [string, string]]),
    [texts.facts.scope, approval.scope.join(' ')],
    [texts.facts.channel, approval.channel],
    [texts.facts.asked, exactTime(approval.requested_at)],
    [texts.facts.ends, exactTime(approval.expires_at)],
    ...(decision === undefined
      ? []
      : [
          [
            texts.facts.decided,
            fill(texts.facts.decidedBy, {
              outcome: sharedTexts.state[decision.outcome],
              time: exactTime(decision.at),
              from: decision.device ?? decision.from,
            }),
          ] satisfies [string, string],
        ]),
    ...describeChanges(decision?.changes),
    ...(decision?.reason === undefined
      ? []
      : [[texts.facts.reason, decision.reason] satisfies [string, string]]),
    ...(approval.redeemed_at === undefined
      ? []
      : [[texts.facts.redeemed, exactTime(approval.redeemed_at)] satisfies [string, string]]),
  ];
  return (
    <section>
      <h3>{texts.factsTitle}</h3>
      <dl className="df">
        {facts.map(([name, value]) => (
          <div key={name + value}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Timeline({ approval, events }: { approval: ApprovalView; events: readonly TraceEvent[] }) {
  return (
    <ol className="tl">
      {readTimeline(events).map(({ number, at, text, tone }) => (
        <li key={number} className={tone === 'trouble' || tone === 'denied' ? 'bad' : undefined}>
          <time dateTime={at}>{exactTime(at)}</time>
          <i aria-hidden="true" />
          <span>
            <bdi>{text}</bdi>
          </span>
        </li>
      ))}
      {approval.state === 'pending' ? <Waiting approval={approval} /> : null}
    </ol>
  );
}

function Waiting({ approval }: { approval: ApprovalView }) {
  const nowMs = useTenantTime();
  const phase = useLiveState((state) => state.phase);
  const sinceMs = useLiveState((state) => state.sinceMs);
  const name = approval.approver.name;
  const left = countdownText(Date.parse(approval.expires_at) - nowMs);
  return (
    <li className="now">
      <span className="tl-now">{texts.now}</span>
      <i aria-hidden="true" />
      <span>
        {phase === 'stopped'
          ? fill(texts.waitingStopped, { name, time: exactTime(sinceMs) })
          : fill(texts.waitingFor, { name, left })}
      </span>
    </li>
  );
}

/** Each attempt to reach the approver, and what came of it. */
function Deliveries({ events }: { events: readonly TraceEvent[] }) {
  const attempts = events.filter(({ type }) => type.startsWith('notification.'));
  if (attempts.length === 0) return null;
  return (
    <section>
      <h3>{texts.deliveries}</h3>
      <ul className="outcomes">
        {attempts.map((event) => (
          <li key={event.number} className={toneOf(event) === 'trouble' ? 'bad' : undefined}>
            <b>{texts.delivery[event.type.slice('notification.'.length) as keyof typeof texts.delivery]}</b>
            <span>
              <bdi>{describeEvent(event)}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function TokenContent({ token, approval }: { token: ReadToken; approval: ApprovalView }) {
  const nowMs = useTenantTime();
  const jwt = fromReadToken(token);
  const details = approval.decision?.granted_details ?? approval.authorization_details;
  const approved = details === undefined ? undefined : { text: JSON.stringify(details) };
  return jwt === undefined ? null : <JwtView jwt={jwt} nowMs={nowMs} approved={approved} />;
}

function Tokens({ events, approval }: { events: readonly TraceEvent[]; approval: ApprovalView }) {
  const tokens = events.filter((event) => event.type === 'token.issued');
  return tokens.map((event) => (
    <section key={event.number}>
      <h3>{texts.token}</h3>
      <p>{event.details_match ? texts.detailsMatch : texts.detailsDiffer}</p>
      {event.access_token === undefined ? (
        <p className="quiet">{texts.tokenOpaque}</p>
      ) : (
        <details>
          <summary>{texts.tokenContent}</summary>
          <TokenContent token={event.access_token} approval={approval} />
        </details>
      )}
    </section>
  ));
}
