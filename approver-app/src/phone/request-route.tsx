// Chooses what the address of one request shows: its content while it is open, its outcome afterwards.
import type { ApprovalView } from 'assent/contract';
import { type ReactNode, useState } from 'react';
import type { DecideOutcome } from '../api/approver-session.ts';
import type { Pairing } from '../api/device-key.ts';
import { texts } from '../texts/phone.ts';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { useTicking } from '../ui/ticking.ts';
import { MissingRequest } from './later-screens.ts';
import { OutcomeScreen } from './outcome.tsx';
import { RequestScreen } from './request.tsx';
import { useSession, useSnapshot } from './session-context.tsx';
import { LoadingScreen } from './skeleton.tsx';

interface RequestRouteProps {
  id: string;
  pairings: readonly Pairing[];
  onSwitch(pairing: Pairing): void;
}

export function RequestRoute({ id, pairings, onSwitch }: RequestRouteProps) {
  const { approvals, phase } = useSnapshot();
  const approval = approvals.find((each) => each.id === id);
  if (approval !== undefined) return <KnownRequest key={id} approval={approval} />;
  return phase === 'loading' ? (
    <LoadingScreen />
  ) : (
    <MissingRequest key={id} id={id} pairings={pairings} onSwitch={onSwitch} />
  );
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
  if (typeof outcome === 'object' && 'unverified' in outcome) {
    const { unverified } = outcome;
    return (
      <Notice tone="danger" icon="warning" role="alert">
        {unverified === 'cancelled' ? (
          <Prose text={texts.request.notVerified} />
        ) : (
          <Prose
            text={texts.request.notVerifiedWhy}
            values={{ why: <Prose text={texts.passkey.failures[unverified]} /> }}
          />
        )}
      </Notice>
    );
  }
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
