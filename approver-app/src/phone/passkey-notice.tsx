// Says where a request is to be approved that this browser has no passkey yet, while approving needs one.
import { texts } from '../texts/phone.ts';
import { Notice } from '../ui/notice.tsx';
import { PasskeySetup } from './later-screens.ts';
import { useSnapshot } from './session-context.tsx';

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
