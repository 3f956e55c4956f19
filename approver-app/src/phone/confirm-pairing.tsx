// May this browser answer for that person? The key is made here and never leaves; nobody types a password.
import { type FormEvent, useState } from 'react';
import { type PublicClient, Refusal } from '../api/approver-client.ts';
import { pairBrowser } from '../api/pairings.ts';
import type { ServerClock } from '../api/server-clock.ts';
import { texts } from '../texts/phone.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose } from '../ui/prose.tsx';
import { TextInput } from '../ui/text-input.tsx';
import { LONGEST_DEVICE_NAME, suggestDeviceName } from './device-name.ts';
import { useArrivalFocus, usePageTitle } from './session-context.tsx';

interface ConfirmPairingProps {
  client: PublicClient;
  clock: ServerClock;
  person: { userId: string; name: string };
  tenant: string;
  /** What another device of that person gave, if that began it. */
  invitation?: { ticket: string; code: string } | undefined;
  /** Pairing again takes the place of the first one. */
  isPairedAlready?: boolean;
  onPaired(): void;
  /** The wrong person, or the wrong code. */
  onRefuse(): void;
  onCancel?: (() => void) | undefined;
}

export function ConfirmPairing(props: ConfirmPairingProps) {
  const { client, clock, person, invitation, onPaired } = props;
  const [name, setName] = useState(() => suggestDeviceName(navigator.userAgent));
  const [isPairing, setIsPairing] = useState(false);
  const [failure, setFailure] = useState<string>();
  const heading = useArrivalFocus<HTMLHeadingElement>(person.userId);
  const isNameMissing = name.trim() === '';
  usePageTitle(fill(furtherTexts.pairing.title, { name: person.name }));

  async function pair(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isPairing || isNameMissing) return;
    setIsPairing(true);
    setFailure(undefined);
    try {
      await pairBrowser(client, clock, {
        userId: person.userId,
        name: name.trim(),
        ticket: invitation?.ticket,
      });
      onPaired();
    } catch (cause) {
      setFailure(
        cause instanceof Refusal
          ? [cause.message, cause.hint].filter(Boolean).join(' ')
          : furtherTexts.pairing.unreachable,
      );
      setIsPairing(false);
    }
  }

  return (
    <form className="screen-form" onSubmit={(event) => void pair(event)}>
      {props.onCancel === undefined ? null : (
        <header className="top">
          <button type="button" className="btn btn--plain" onClick={props.onCancel}>
            {furtherTexts.pairing.cancel}
          </button>
        </header>
      )}
      <main className={props.onCancel === undefined ? 'scroll scroll--alone' : 'scroll'}>
        <h1 className="title-l" tabIndex={-1} ref={heading}>
          <Prose text={furtherTexts.pairing.title} values={{ name: <bdi>{person.name}</bdi> }} />
        </h1>
        <Facts tenant={props.tenant} code={invitation?.code} />
        <TextInput
          label={furtherTexts.pairing.deviceName}
          hint={furtherTexts.pairing.deviceNameHint}
          error={isNameMissing ? furtherTexts.pairing.deviceNameMissing : undefined}
          value={name}
          maxLength={LONGEST_DEVICE_NAME}
          onChange={setName}
        />
        {props.isPairedAlready ? (
          <Notice tone="pending" icon="info">
            <Prose text={furtherTexts.pairing.again} values={{ name: <bdi>{person.name}</bdi> }} />
          </Notice>
        ) : null}
        <Notice tone="plain" icon="lock">
          {furtherTexts.pairing.key}
        </Notice>
        {failure === undefined ? null : (
          <Notice tone="danger" icon="warning" role="alert">
            {failure}
          </Notice>
        )}
        <p className="when">{texts.app.skipPurpose}</p>
      </main>
      <footer className="foot">
        <button
          type="submit"
          className="btn btn--main btn--wide btn--tall"
          aria-disabled={isPairing || undefined}
        >
          {isPairing ? furtherTexts.pairing.submitting : furtherTexts.pairing.submit}
        </button>
        <button type="button" className="btn btn--plain btn--wide" onClick={props.onRefuse}>
          {invitation === undefined ? furtherTexts.pairing.someoneElse : furtherTexts.pairing.wrongCode}
        </button>
      </footer>
    </form>
  );
}

function Facts({ tenant, code }: { tenant: string; code: string | undefined }) {
  return (
    <dl className="fields">
      <div className="row">
        <dt>{furtherTexts.pairing.tenant}</dt>
        <dd>
          <bdi>{tenant}</bdi>
        </dd>
      </div>
      <div className="row">
        <dt>{furtherTexts.pairing.server}</dt>
        <dd>
          <bdi className="raw" dir="ltr">
            {window.location.host}
          </bdi>
        </dd>
      </div>
      {code === undefined ? null : (
        <div className="row">
          <dt>{furtherTexts.pairing.code}</dt>
          <dd>
            <bdi className="mono strong" dir="ltr" data-testid="pairing-code">
              {code}
            </bdi>
          </dd>
        </div>
      )}
    </dl>
  );
}
