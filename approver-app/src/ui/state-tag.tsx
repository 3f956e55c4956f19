// The state of a request: a glyph, a word, then a colour.
import type { ApprovalState } from 'assent/contract';
import { sharedTexts } from '../texts/shared.ts';
import { Icon, type IconName } from './icons.tsx';

const LOOKS: Record<ApprovalState, { icon: IconName; tone: string }> = {
  pending: { icon: 'clock', tone: 'pending' },
  approved: { icon: 'approve', tone: 'approve' },
  redeemed: { icon: 'approve', tone: 'approve' },
  denied: { icon: 'deny', tone: 'deny' },
  expired: { icon: 'clock', tone: 'expired' },
};

export function StateTag({ state }: { state: ApprovalState }) {
  const { icon, tone } = LOOKS[state];
  return (
    <span className={`tag tag--${tone}`}>
      <Icon name={icon} />
      {sharedTexts.state[state]}
    </span>
  );
}
