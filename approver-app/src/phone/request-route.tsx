// Chooses what the address of one request shows: its content while it is open, its outcome afterwards.
import type { ApprovalView } from 'assent/contract';
import { type ReactNode, useState } from 'react';
import type { DecideOutcome } from '../api/approver-session.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { useTicking } from '../ui/ticking.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { OutcomeScreen } from './outcome.tsx';
import { RequestScreen } from './request.tsx';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSession, useSnapshot } from './session-context.tsx';
import { LoadingScreen } from './skeleton.tsx';

export function RequestRoute({ id }: { id: string }) {
  const { approvals, phase } = useSnapshot();
  const approval = approvals.find((each) => each.id === id);
  if (approval !== undefined) return <KnownRequest key={id} approval={approval} />;
  return phase === 'loading' ? <LoadingScreen /> : <MissingScreen />;
}

function KnownRequest({ approval }: { approval: ApprovalView }) {
  const { clock } = useSession();
  const { decidedHere, lostAtMs } = useSnapshot();
  const [remark, setRemark] = useState<ReactNode>(null);
  const [wasOpen] = useState(approval.state === 'pending');
  const nowMs = useTicking(clock, Date.parse(approval.expires_at));
  const isTimeOver = nowMs >= Date.parse(approval.expires_at);

  if (approval.state === 'pending' && !isTimeOver) {
    return (
      <RequestScreen
        key={approval.consent_hash}
        approval={approval}
        nowMs={nowMs}
        remark={remark}
        onOutcome={(outcome) => setRemark(remarkOn(outcome))}
      />
    );
  }
  return (
    <OutcomeScreen
      approval={approval}
      nowMs={clock.nowMs()}
      isOwnDecision={decidedHere.has(approval.id)}
      wasOpen={wasOpen}
      isUncertain={approval.state === 'pending' && lostAtMs !== undefined}
    />
  );
}

/** What to say above a request that is still open after an attempt to decide it. */
function remarkOn(outcome: DecideOutcome): ReactNode {
  if (typeof outcome === 'object') {
    const { message, hint } = outcome.refusal;
    return (
      <Notice tone="danger" icon="warning" role="alert">
        <Prose text={texts.request.refused} values={{ message: [message, hint].filter(Boolean).join(' ') }} />
      </Notice>
    );
  }
  if (outcome === 'changed' || outcome === 'unreachable') {
    return (
      <Notice tone="danger" icon="warning" role="alert">
        <Prose text={texts.request[outcome]} />
      </Notice>
    );
  }
  return null;
}

function MissingScreen() {
  const heading = useArrivalFocus<HTMLHeadingElement>('missing');
  const { lostAtMs } = useSnapshot();
  usePageTitle(texts.request.missing);
  return (
    <>
      <header className="top">
        <Link className="btn btn--plain" to={{ screen: 'inbox' }}>
          <Icon name="back" />
          {texts.app.back}
        </Link>
      </header>
      <main className="scroll">
        <h1 className="title-l" tabIndex={-1} ref={heading}>
          {texts.request.missing}
        </h1>
        <ConnectionNotice text="" showCommand />
        <p className="intro">
          {lostAtMs === undefined ? texts.request.missingLead : texts.request.missingOffline}
        </p>
      </main>
      <footer className="foot">
        <Link className="btn btn--wide" to={{ screen: 'inbox' }}>
          {texts.outcome.toInbox}
        </Link>
      </footer>
    </>
  );
}
