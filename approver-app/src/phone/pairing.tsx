// Who are you, and may this browser answer for you? The key is made here and never leaves; nobody types a password.
import type { People } from 'assent/contract';
import { type FormEvent, useState } from 'react';
import { type PublicClient, Refusal } from '../api/approver-client.ts';
import { canSign, createDeviceKey, type Pairing, storePairing } from '../api/device-key.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose, plural } from '../ui/prose.tsx';
import { TextInput } from '../ui/text-input.tsx';
import { suggestDeviceName } from './device-name.ts';
import { usePeople } from './people.ts';
import { PersonTile } from './person-tile.tsx';
import { useArrivalFocus, usePageTitle } from './session-context.tsx';

type Person = People['people'][number];

/** As the contract limits the name of a device. */
const LONGEST_NAME = 80;

/** Pairs this browser for one person and keeps the key. */
export async function pairBrowser(
  client: PublicClient,
  { userId, name }: { userId: string; name: string },
): Promise<Pairing> {
  const key = await createDeviceKey();
  const device = await client.pair({ userId, name, key });
  const pairing: Pairing = {
    ...key,
    deviceId: device.id,
    deviceName: device.name,
    userId: device.user_id,
    userName: device.user_name,
  };
  await storePairing(pairing);
  return pairing;
}

interface PairingScreenProps {
  client: PublicClient;
  /** Why the browser is not paired, if it was before. */
  reason: 'forgotten' | 'removed' | undefined;
  /** Somebody chosen on another screen. */
  preselected: Person | undefined;
  onPaired(pairing: Pairing): void;
  onCancel: (() => void) | undefined;
}

export function PairingScreen({ client, reason, preselected, onPaired, onCancel }: PairingScreenProps) {
  const [state, reload] = usePeople(client);
  const [chosen, setChosen] = useState(preselected);
  if (state.phase === 'ready' && chosen !== undefined) {
    return (
      <ConfirmPairing
        client={client}
        person={chosen}
        tenant={state.people.tenant.friendly_name}
        onPaired={onPaired}
        onSomeoneElse={onCancel ?? (() => setChosen(undefined))}
      />
    );
  }
  return (
    <main className="scroll scroll--alone" aria-busy={state.phase === 'loading'}>
      <WhoAreYou tenant={state.phase === 'ready' ? state.people.tenant.friendly_name : undefined} />
      {reason === undefined ? null : (
        <Notice tone="pending" icon="info" role="status">
          {texts.people[reason]}
        </Notice>
      )}
      {canSign() ? null : (
        <Notice tone="danger" icon="warning">
          <Prose text={texts.people.insecure} />
        </Notice>
      )}
      {state.phase === 'failed' ? (
        <Notice tone="danger" icon="offline" role="alert">
          {texts.people.failed}{' '}
          <button type="button" className="link" onClick={reload}>
            {texts.people.retry}
          </button>
        </Notice>
      ) : null}
      {state.phase === 'ready' && canSign() ? (
        <PeopleList people={state.people.people} onChoose={setChosen} />
      ) : null}
      <p className="when">{texts.app.skipPurpose}</p>
    </main>
  );
}

function WhoAreYou({ tenant }: { tenant: string | undefined }) {
  const heading = useArrivalFocus<HTMLHeadingElement>('people');
  usePageTitle(texts.people.title);
  return (
    <div>
      <h1 className="title-l" tabIndex={-1} ref={heading}>
        {texts.people.title}
      </h1>
      {tenant === undefined ? null : (
        <p className="intro">
          <Prose text={texts.people.lead} values={{ tenant: <bdi>{tenant}</bdi> }} />
        </p>
      )}
    </div>
  );
}

function PeopleList({ people, onChoose }: { people: readonly Person[]; onChoose(person: Person): void }) {
  if (people.length === 0) {
    return (
      <p className="intro">
        <Prose text={texts.people.none} />
      </p>
    );
  }
  return (
    <ul className="opts">
      {people.map((person) => (
        <li key={person.user_id}>
          <button type="button" className="opt" onClick={() => onChoose(person)}>
            <PersonTile name={person.name} />
            <span>
              <bdi>{person.name}</bdi>
              <small>
                {person.devices === 0 ? texts.people.notPaired : plural(texts.people.devices, person.devices)}
              </small>
            </span>
            <Icon name="forward" />
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ConfirmPairingProps {
  client: PublicClient;
  person: Person;
  tenant: string;
  onPaired(pairing: Pairing): void;
  onSomeoneElse(): void;
}

function ConfirmPairing({ client, person, tenant, onPaired, onSomeoneElse }: ConfirmPairingProps) {
  const [name, setName] = useState(() => suggestDeviceName(navigator.userAgent));
  const [isPairing, setIsPairing] = useState(false);
  const [failure, setFailure] = useState<string>();
  const heading = useArrivalFocus<HTMLHeadingElement>(person.user_id);
  const title = fill(texts.pairing.title, { name: person.name });
  const isNameMissing = name.trim() === '';
  usePageTitle(title);

  async function pair(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isPairing || isNameMissing) return;
    setIsPairing(true);
    setFailure(undefined);
    try {
      onPaired(await pairBrowser(client, { userId: person.user_id, name: name.trim() }));
    } catch (cause) {
      setFailure(
        cause instanceof Refusal
          ? [cause.message, cause.hint].filter(Boolean).join(' ')
          : texts.pairing.unreachable,
      );
      setIsPairing(false);
    }
  }

  return (
    <form className="screen-form" onSubmit={(event) => void pair(event)}>
      <main className="scroll scroll--alone">
        <h1 className="title-l" tabIndex={-1} ref={heading}>
          <Prose text={texts.pairing.title} values={{ name: <bdi>{person.name}</bdi> }} />
        </h1>
        <dl className="fields">
          <div className="row">
            <dt>{texts.pairing.tenant}</dt>
            <dd>
              <bdi>{tenant}</bdi>
            </dd>
          </div>
          <div className="row">
            <dt>{texts.pairing.server}</dt>
            <dd>
              <bdi className="raw" dir="ltr">
                {window.location.host}
              </bdi>
            </dd>
          </div>
        </dl>
        <TextInput
          label={texts.pairing.deviceName}
          hint={texts.pairing.deviceNameHint}
          error={isNameMissing ? texts.pairing.deviceNameMissing : undefined}
          value={name}
          maxLength={LONGEST_NAME}
          onChange={setName}
        />
        <Notice tone="plain" icon="lock">
          {texts.pairing.key}
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
          {isPairing ? texts.pairing.submitting : texts.pairing.submit}
        </button>
        <button type="button" className="btn btn--plain btn--wide" onClick={onSomeoneElse}>
          {texts.pairing.someoneElse}
        </button>
      </footer>
    </form>
  );
}
