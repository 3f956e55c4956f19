// The request screen: who, what, how much, to whom; then the code; then every field; then time; then the two answers.
import type { ApprovalView } from 'assent/contract';
import { type ReactNode, useState } from 'react';
import type { DecideOutcome } from '../api/approver-session.ts';
import { BindingMessage } from '../consent/binding-message.tsx';
import { ConsentSections, detailSections } from '../consent/consent-sections.tsx';
import { asAsked } from '../consent/granting.ts';
import { Question } from '../consent/question.tsx';
import { similarTo } from '../consent/similar-requests.ts';
import { useShortcuts } from '../keyboard.ts';
import { texts } from '../texts/phone.ts';
import { sharedTexts } from '../texts/shared.ts';
import { Countdown, CountdownScale } from '../ui/countdown.tsx';
import { Icon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose, plural } from '../ui/prose.tsx';
import { clockTime } from '../ui/time-text.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { DecisionBar, type Obstacle } from './decision-bar.tsx';
import { FaultNotice } from './fault-notice.tsx';
import { AdjustableSections, DenySheet, JsonSheet, ShortcutSheet } from './later-screens.ts';
import { PasskeyNotice, useMissingPasskey } from './passkey-notice.tsx';
import { Link, navigate } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSnapshot } from './session-context.tsx';
import { useDecision } from './use-decision.ts';

interface RequestScreenProps {
  approval: ApprovalView;
  nowMs: number;
  /** What the last attempt to decide ran into, if it left the request open. */
  remark: ReactNode;
  onOutcome(outcome: DecideOutcome): void;
}

/** Rebuilt from scratch when the content changes (its key is the consent hash), so nothing read before counts for it. */
export function RequestScreen({ approval, nowMs, remark, onOutcome }: RequestScreenProps) {
  const { approvals, lostAtMs, passkeyRequired } = useSnapshot();
  const isPasskeyMissing = useMissingPasskey();
  const [hasReadToEnd, setHasReadToEnd] = useState(false);
  const [openSheet, setOpenSheet] = useState<'deny' | 'json' | 'shortcuts'>();
  const heading = useArrivalFocus<HTMLHeadingElement>(approval.id);
  const [granting, setGranting] = useState(() => asAsked(approval.consent));
  const similar = similarTo(approval, approvals);
  const obstacle: Obstacle =
    lostAtMs !== undefined
      ? 'offline'
      : isPasskeyMissing
        ? 'passkey'
        : !hasReadToEnd
          ? 'unread'
          : granting.isOpen
            ? 'unchosen'
            : undefined;
  const decision = useDecision({
    approval,
    obstacle,
    granted: granting.granted,
    appearance: [openSheet, granting.changeCount, ...similar.map(({ id, state }) => id + state)].join(' '),
    onOutcome,
  });
  const openReasons = (): void => {
    if (decision.mayDeny()) setOpenSheet('deny');
  };
  usePageTitle(fill(texts.request.screen, { name: approval.name }));
  useShortcuts({
    approve: decision.pressApproveKey,
    deny: openReasons,
    help: () => setOpenSheet('shortcuts'),
  });

  const leftMs = Date.parse(approval.expires_at) - nowMs;
  const onReadToEnd = (): void => setHasReadToEnd(true);
  const closeSheet = (): void => setOpenSheet(undefined);
  return (
    <>
      <header className="head">
        <div className="top">
          <Link className="btn btn--plain" to={{ screen: 'inbox' }}>
            <Icon name="back" />
            {texts.app.back}
          </Link>
          <Countdown leftMs={leftMs} />
        </div>
        <CountdownScale
          leftMs={leftMs}
          totalMs={Date.parse(approval.expires_at) - Date.parse(approval.requested_at)}
        />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <main className="scroll" tabIndex={0}>
        <ConnectionNotice text={texts.connection.readable} />
        <FaultNotice />
        {remark}
        <Question consent={approval.consent} headingRef={heading} />
        {detailSections(approval.consent.sections).some(({ known }) => !known) ? (
          <Notice tone="pending" icon="info">
            {texts.request.unknownKind}
          </Notice>
        ) : null}
        <SimilarNotice similar={similar} />
        <BindingMessage text={approval.binding_message} />
        {approval.consent.sections.some(({ may }) => may !== undefined) ? (
          <AdjustableSections approval={approval} onReadToEnd={onReadToEnd} onChange={setGranting} />
        ) : (
          <ConsentSections sections={approval.consent.sections} onReadToEnd={onReadToEnd} />
        )}
        <AskedAndEnds approval={approval} />
        <PasskeyNotice />
      </main>
      <DecisionBar
        obstacle={obstacle}
        sending={decision.sending}
        isArmed={decision.isArmed}
        asksPasskey={passkeyRequired}
        isChanged={granting.changeCount > 0}
        isGuarded={decision.isGuarded}
        onApprove={decision.approve}
        onDeny={openReasons}
        onNotNow={() => navigate({ screen: 'inbox' })}
        onShowJson={() => setOpenSheet('json')}
      />
      <DenySheet
        summary={approval.consent.summary}
        isOpen={openSheet === 'deny'}
        onClose={closeSheet}
        onDeny={(reason) => {
          closeSheet();
          decision.deny(reason);
        }}
      />
      {openSheet === 'json' ? <JsonSheet approval={approval} onClose={closeSheet} /> : null}
      {openSheet === 'shortcuts' ? <ShortcutSheet onClose={closeSheet} /> : null}
    </>
  );
}

function AskedAndEnds({ approval }: { approval: ApprovalView }) {
  return (
    <div className="when">
      <p>
        <Prose
          text={texts.request.asked}
          values={{
            asked: <time dateTime={approval.requested_at}>{clockTime(approval.requested_at)}</time>,
            ends: <time dateTime={approval.expires_at}>{clockTime(approval.expires_at)}</time>,
          }}
        />
      </p>
      <p>
        <Prose
          text={texts.request.client}
          values={{
            client: <bdi>{approval.client.client_id}</bdi>,
            check: <Icon name="approve" />,
          }}
        />
      </p>
    </div>
  );
}

function SimilarNotice({ similar }: { similar: readonly ApprovalView[] }) {
  if (similar.length === 0) return null;
  return (
    <Notice tone="pending" icon="warning" role="status">
      <p>{plural(texts.request.similarTitle, similar.length)}</p>
      <ul className="similar">
        {similar.map(({ id, name, state, binding_message }) => (
          <li key={id}>
            {fill(texts.request.similarItem, { name, state: sharedTexts.state[state].toLowerCase() })}{' '}
            <bdi className="pill-code">{binding_message || '–'}</bdi>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
