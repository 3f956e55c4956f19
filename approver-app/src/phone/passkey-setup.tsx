// The passkey of this browser: made where approving needs one and there is none, and told in the settings. Registering begins
// with a click, as browsers demand.
import { useState } from 'react';
import type { PasskeyOutcome } from '../api/approver-session.ts';
import { findPasskeyObstacle } from '../api/passkey.ts';
import { texts } from '../texts/phone.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { useAnnounce } from '../ui/live-region.tsx';
import { Prose } from '../ui/prose.tsx';
import { useMissingPasskey } from './passkey-notice.tsx';
import { useSession, useSnapshot } from './session-context.tsx';

/** In the settings: also where everything is well. Nothing where the tenant asks for none. */
export function PasskeySetting() {
  const { passkeyRequired } = useSnapshot();
  const isMissing = useMissingPasskey();
  if (!passkeyRequired) return null;
  return (
    <section>
      <h2 className="h-sec">{furtherTexts.passkey.heading}</h2>
      <div className="setting" data-testid="passkey-state">
        {isMissing ? <PasskeySetup /> : <p>{furtherTexts.passkey.registered}</p>}
      </div>
    </section>
  );
}

export function PasskeySetup() {
  const session = useSession();
  const { lostAtMs } = useSnapshot();
  const announce = useAnnounce();
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<PasskeyOutcome>();
  const obstacle = findPasskeyObstacle();
  if (obstacle !== undefined) {
    return (
      <p>
        <Prose text={texts.passkey.failures[obstacle]} /> {furtherTexts.passkey.denyStill}
      </p>
    );
  }

  async function register(): Promise<void> {
    if (isBusy) return;
    setIsBusy(true);
    setOutcome(undefined);
    const result = await session.registerPasskey();
    setIsBusy(false);
    setOutcome(result);
    if (result === 'registered') announce(furtherTexts.passkey.done);
  }

  return (
    <>
      <p>{furtherTexts.passkey.lead}</p>
      {outcome === undefined || outcome === 'registered' ? null : (
        <p role="alert">
          <b>
            <Failure outcome={outcome} />
          </b>
        </p>
      )}
      <button
        type="button"
        className="btn"
        aria-disabled={isBusy || lostAtMs !== undefined || undefined}
        onClick={() => {
          if (lostAtMs === undefined) void register();
        }}
      >
        {isBusy ? furtherTexts.passkey.registering : furtherTexts.passkey.register}
      </button>
    </>
  );
}

function Failure({ outcome }: { outcome: Exclude<PasskeyOutcome, 'registered'> }) {
  if (outcome === 'unreachable') return furtherTexts.passkey.unreachable;
  // The server's words are no pattern.
  if ('refusal' in outcome) return [outcome.refusal.message, outcome.refusal.hint].filter(Boolean).join(' ');
  const { failure } = outcome;
  return (
    <Prose text={failure === 'cancelled' ? furtherTexts.passkey.notMade : texts.passkey.failures[failure]} />
  );
}
