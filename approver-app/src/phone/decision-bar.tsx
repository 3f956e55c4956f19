// The two answers: equal in size, weight and reach, neither of them the default. In the flow of the page, so it can never
// cover content. An answer that is not available stays focusable and says why.
import { useId } from 'react';
import { texts } from '../texts/phone.ts';
import { Icon, type IconName } from '../ui/icons.tsx';

/** Why an answer cannot be given now, in the order in which the reasons matter. */
export type Obstacle = 'offline' | 'passkey' | 'unread' | 'unchosen' | undefined;

interface DecisionBarProps {
  obstacle: Obstacle;
  /** The answer that is on its way to the server. */
  sending: 'approve' | 'deny' | undefined;
  isArmed: boolean;
  /** Approving will ask for the passkey. */
  asksPasskey: boolean;
  /** Something is granted otherwise than it was asked. */
  isChanged: boolean;
  /** Presses are ignored for the moment; nothing looks different, so that nothing flickers. */
  isGuarded: boolean;
  onApprove(): void;
  onDeny(): void;
  onNotNow(): void;
  onShowJson(): void;
}

export const OBSTACLE_HINTS = {
  offline: texts.request.offlineHint,
  passkey: texts.request.passkeyFirst,
  unread: texts.request.readToEnd,
  unchosen: texts.request.chooseFirst,
} as const;

export function DecisionBar(props: DecisionBarProps) {
  const { obstacle, sending, isArmed, isGuarded, isChanged } = props;
  const hintId = useId();
  const hint = isArmed
    ? texts.request.armed
    : obstacle === undefined
      ? (isChanged && texts.request.grantsChanged) || (props.asksPasskey && texts.request.passkeyAsked)
      : OBSTACLE_HINTS[obstacle];
  const rest = isGuarded ? 'guard' : 'rest';
  const denyIsAvailable = obstacle !== 'offline' && sending === undefined;
  const approveIsAvailable = obstacle === undefined && sending === undefined;
  return (
    <section className="decide" aria-label={texts.request.decision}>
      {hint ? (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      ) : null}
      <div className="pair">
        <Choice
          kind="deny"
          icon="deny"
          label={sending === 'deny' ? texts.request.denying : texts.request.deny}
          isAvailable={denyIsAvailable}
          describedBy={obstacle === 'offline' ? hintId : undefined}
          state={sending === 'deny' ? 'busy' : rest}
          onPress={props.onDeny}
        />
        <Choice
          kind="approve"
          icon="approve"
          label={sending === 'approve' ? texts.request.approving : texts.request.approve}
          isAvailable={approveIsAvailable}
          describedBy={hint ? hintId : undefined}
          state={sending === 'approve' ? 'busy' : isArmed ? 'armed' : rest}
          onPress={props.onApprove}
        />
      </div>
      <div className="also">
        <button type="button" className="btn btn--plain" onClick={props.onNotNow}>
          {texts.request.notNow}
        </button>
        <button type="button" className="btn btn--plain" onClick={props.onShowJson}>
          {texts.request.json}
        </button>
      </div>
    </section>
  );
}

interface ChoiceProps {
  kind: 'approve' | 'deny';
  icon: IconName;
  label: string;
  isAvailable: boolean;
  describedBy: string | undefined;
  state: 'rest' | 'guard' | 'busy' | 'armed';
  onPress(): void;
}

/** The caller decides what a press means; here nothing is swallowed, so that a refused press can be explained aloud. */
function Choice({ kind, icon, label, isAvailable, describedBy, state, onPress }: ChoiceProps) {
  return (
    <button
      type="button"
      className={`choice choice--${kind}`}
      data-state={state}
      aria-disabled={isAvailable ? undefined : true}
      aria-describedby={describedBy}
      onClick={onPress}
    >
      <Icon name={icon} />
      {label}
    </button>
  );
}
