// The way from a press to a decision, with every reason to ignore the press: the guard, an obstacle, an answer on its way.
import type { ApprovalView, AuthorizationDetail } from 'assent/contract';
import { useEffect, useState } from 'react';
import type { DecideOutcome } from '../api/approver-session.ts';
import { texts } from '../texts/phone.ts';
import { useGuard } from '../ui/guard.ts';
import { useAnnounce } from '../ui/live-region.tsx';
import { OBSTACLE_HINTS, type Obstacle } from './decision-bar.tsx';
import { useSession } from './session-context.tsx';

/** An armed Approve forgets about it after this long. */
const ARMED_FOR_MS = 5_000;

interface DecisionOptions {
  approval: ApprovalView;
  obstacle: Obstacle;
  /** What the reader has before them; see ui/guard.ts. */
  appearance: string;
  /** What is granted, where that is not all that was asked. */
  granted: AuthorizationDetail[] | undefined;
  onOutcome(outcome: DecideOutcome): void;
}

export function useDecision({ approval, obstacle, appearance, granted, onOutcome }: DecisionOptions) {
  const session = useSession();
  const announce = useAnnounce();
  const [sending, setSending] = useState<'approve' | 'deny'>();
  const [isArmed, setIsArmed] = useState(false);
  const guard = useGuard(`${appearance} ${obstacle} ${sending} ${isArmed}`);

  useEffect(() => {
    if (!isArmed) return;
    const disarm = (): void => {
      setIsArmed(false);
      announce(texts.request.disarmed);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') disarm();
    };
    const timer = setTimeout(disarm, ARMED_FOR_MS);
    window.addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [isArmed, announce]);

  async function send(accepted: boolean, reason?: string): Promise<void> {
    setIsArmed(false);
    setSending(accepted ? 'approve' : 'deny');
    const outcome = await session.decide({
      approval,
      accepted,
      reason,
      granted: accepted ? granted : undefined,
    });
    setSending(undefined);
    onOutcome(outcome);
  }

  /** True if the press must not do anything; explains an obstacle to those who cannot see the hint. */
  function mustIgnore(blocking: Obstacle): boolean {
    if (guard.ignoresInput() || sending !== undefined) return true;
    if (blocking === undefined) return false;
    announce(OBSTACLE_HINTS[blocking]);
    return true;
  }

  return {
    sending,
    isArmed,
    isGuarded: guard.isUp,
    approve(): void {
      if (!mustIgnore(obstacle)) void send(true);
    },
    /** First press arms, second approves; each counts only half a second after the other. */
    pressApproveKey(): void {
      if (mustIgnore(obstacle)) return;
      if (isArmed) {
        void send(true);
        return;
      }
      setIsArmed(true);
      announce(texts.request.armed);
    },
    /** Whether the reasons may be opened now. Reading to the end is not needed for a denial. */
    mayDeny: (): boolean => !mustIgnore(obstacle === 'offline' ? obstacle : undefined),
    /** From the sheet, which has a guard of its own. */
    deny(reason: string | undefined): void {
      if (sending === undefined) void send(false, reason);
    },
  };
}
