// What was decided, when and where, and what happens now. Also the history entry of every request that is not open.
import type { ApprovalView, Decision } from 'assent/contract';
import { type ReactNode, useState } from 'react';
import { ConsentSections } from '../consent/consent-sections.tsx';
import { useShortcuts } from '../keyboard.ts';
import { texts } from '../texts/phone.ts';
import { Icon, Sign } from '../ui/icons.tsx';
import { fill, Prose, plural } from '../ui/prose.tsx';
import { duration, exactTime } from '../ui/time-text.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { GrantChanges, ShortcutSheet } from './later-screens.ts';
import { NotificationOffer } from './notification-notice.tsx';
import { type Circumstances, tellOutcome } from './outcome-story.ts';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSnapshot } from './session-context.tsx';

interface OutcomeScreenProps extends Circumstances {
  approval: ApprovalView;
}

export function OutcomeScreen({ approval, ...around }: OutcomeScreenProps) {
  const { approvals } = useSnapshot();
  const [isFull, setIsFull] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const story = tellOutcome(approval, around);
  const heading = useArrivalFocus<HTMLHeadingElement>(story.heading);
  usePageTitle(fill(texts.outcome.screen, { name: approval.name }));
  useShortcuts({ help: () => setIsHelpOpen(true) });
  const waiting = approvals.filter(
    ({ id, state, expires_at }) =>
      id !== approval.id && state === 'pending' && Date.parse(expires_at) > around.nowMs,
  );
  const [nextWaiting] = waiting;
  return (
    <>
      <header className="top">
        <Link className="btn btn--plain" to={{ screen: 'inbox' }}>
          <Icon name="back" />
          {texts.app.back}
        </Link>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <main className="scroll" tabIndex={0}>
        <ConnectionNotice text="" />
        <section className="result">
          <Sign outcome={story.sign} tone={story.tone} />
          <h1 tabIndex={-1} ref={heading}>
            {story.heading}
          </h1>
          <p className="lead">
            <Prose text={story.lead.text} values={inBdi(story.lead.values)} />
          </p>
        </section>
        <Facts approval={approval} isDecidedElsewhere={story.tone === 'info'} />
        {story.next.length === 0 ? null : (
          <section className="next">
            <h2>{texts.outcome.next}</h2>
            <ol>
              {story.next.map((text) => (
                <li key={text}>
                  <span>
                    <Prose text={text} />
                  </span>
                </li>
              ))}
            </ol>
          </section>
        )}
        {around.isOwnDecision ? <NotificationOffer /> : null}
        {isFull ? (
          <ConsentSections sections={approval.consent.sections} onReadToEnd={() => undefined} />
        ) : null}
      </main>
      <footer className="foot">
        {nextWaiting === undefined ? (
          <Link className="btn btn--wide" to={{ screen: 'inbox' }}>
            {texts.outcome.toInbox}
          </Link>
        ) : (
          <Link className="btn btn--wide" to={{ screen: 'request', id: nextWaiting.id }}>
            {plural(texts.outcome.nextWaiting, waiting.length)}
          </Link>
        )}
        {story.tone === 'info' ? (
          <Link className="btn btn--plain btn--wide" to={{ screen: 'devices' }}>
            {texts.outcome.devices}
          </Link>
        ) : null}
        <button
          type="button"
          className="btn btn--plain btn--wide"
          aria-expanded={isFull}
          onClick={() => setIsFull(!isFull)}
        >
          {isFull ? texts.outcome.hideFull : texts.outcome.showFull}
        </button>
      </footer>
      {isHelpOpen ? <ShortcutSheet onClose={() => setIsHelpOpen(false)} /> : null}
    </>
  );
}

function Facts({ approval, isDecidedElsewhere }: { approval: ApprovalView; isDecidedElsewhere: boolean }) {
  const { decision, redeemed_at } = approval;
  return (
    <dl className="fields">
      {isDecidedElsewhere ? (
        <Fact label={texts.outcome.what}>
          <bdi>{approval.consent.summary}</bdi>
        </Fact>
      ) : null}
      {approval.binding_message === '' ? null : (
        <Fact label={texts.outcome.code}>
          <bdi className="mono">{approval.binding_message}</bdi>
        </Fact>
      )}
      {decision?.changes === undefined ? null : <GrantChanges changes={decision.changes} />}
      {decision?.reason === undefined ? null : (
        <Fact label={texts.outcome.reason}>
          <bdi>{decision.reason}</bdi>
        </Fact>
      )}
      {decision === undefined ? (
        <Fact label={texts.outcome.openFor}>
          {duration(Date.parse(approval.expires_at) - Date.parse(approval.requested_at))}
        </Fact>
      ) : (
        <Fact label={texts.outcome.decided}>
          <Prose
            text={decidedText(decision)}
            values={{
              time: <time dateTime={decision.at}>{exactTime(decision.at)}</time>,
              device: <bdi>{decision.device}</bdi>,
              from: decision.from,
            }}
          />
          {decision.verified_by === undefined ? null : <small>{texts.outcome.verifiedBy}</small>}
          {decision.rule === undefined ? null : (
            <small>
              <Prose text={texts.outcome.ruleNote} values={{ rule: <bdi>{decision.rule}</bdi> }} />
            </small>
          )}
        </Fact>
      )}
      <Fact label={texts.outcome.request}>
        <Prose
          text={texts.outcome.requestValue}
          values={{ name: approval.name, client: <bdi>{approval.client.client_id}</bdi> }}
        />
      </Fact>
      {redeemed_at === undefined ? null : (
        <Fact label={texts.outcome.token}>
          {fill(texts.outcome.tokenValue, { time: exactTime(redeemed_at) })}
        </Fact>
      )}
    </dl>
  );
}

function decidedText({ device, rule }: Decision): string {
  if (rule !== undefined) return texts.outcome.decidedByRule;
  return device === undefined ? texts.outcome.decidedBy : texts.outcome.decidedOn;
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="row">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function inBdi(values: Record<string, string>): Record<string, ReactNode> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, <bdi key={name}>{value}</bdi>]),
  );
}
