// The passkey of this browser: offered where approving needs one and there is none, and told in the settings. Registering
// begins with a click, as browsers demand.
import { useState } from 'react';
import type { PasskeyOutcome } from '../api/approver-session.ts';
import { findPasskeyObstacle } from '../api/passkey.ts';
import { texts } from '../texts/phone.ts';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { useSession, useSnapshot } from './session-context.tsx';

/** Whether approving has to wait for a passkey of this browser. */
export function useMissingPasskey(): boolean {
  const { passkeyRequired, device } = useSnapshot();
  return passkeyRequired && device?.has_passkey === false;
}

/** Where a request is to be approved: nothing, unless the passkey is missing. */
export function PasskeyNotice() {
  const isMissing = useMissingPasskey();
  if (!isMissing) return null;
  return (
    <section data-testid="passkey-missing">
      <Notice tone="pending" icon="lock">
        <div className="setting">
          <h2 className="h-sec">{texts.passkey.title}</h2>
          <PasskeySetup />
        </div>
      </Notice>
    </section>
  );
}

/** In the settings: also where everything is well. Nothing where the tenant asks for none. */
export function PasskeySetting() {
  const { passkeyRequired } = useSnapshot();
  const isMissing = useMissingPasskey();
  if (!passkeyRequired) return null;
  return (
    <section>
      <h2 className="h-sec">{texts.passkey.heading}</h2>
      <div className="setting" data-testid="passkey-state">
        {isMissing ? <PasskeySetup /> : <p>{texts.passkey.registered}</p>}
      </div>
    </section>
  );
}

function PasskeySetup() {
  const session = useSession();
  const { lostAtMs } = useSnapshot();
  const announce = useAnnounce();
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<PasskeyOutcome>();
  const obstacle = findPasskeyObstacle();
  if (obstacle !== undefined) {
    return (
      <p>
        <Prose text={texts.passkey.failures[obstacle]} /> {texts.passkey.denyStill}
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
    if (result === 'registered') announce(texts.passkey.done);
  }

  return (
    <>
      <p>{texts.passkey.lead}</p>
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
        {isBusy ? texts.passkey.registering : texts.passkey.register}
      </button>
    </>
  );
}

function Failure({ outcome }: { outcome: Exclude<PasskeyOutcome, 'registered'> }) {
  if (outcome === 'unreachable') return texts.passkey.unreachable;
  // The server's words are no pattern.
  if ('refusal' in outcome) return [outcome.refusal.message, outcome.refusal.hint].filter(Boolean).join(' ');
  const { failure } = outcome;
  return <Prose text={failure === 'cancelled' ? texts.passkey.notMade : texts.passkey.failures[failure]} />;
}
