// Who are you? Picks a person; confirm-pairing.tsx then pairs this browser for them.
import type { People } from 'assent/contract';
import { useState } from 'react';
import type { PublicClient } from '../api/approver-client.ts';
import { canSign } from '../api/device-key.ts';
import type { ServerClock } from '../api/server-clock.ts';
import { texts } from '../texts/phone.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { Icon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose, plural } from '../ui/prose.tsx';
import { ConfirmPairing } from './confirm-pairing.tsx';
import { usePeople } from './people.ts';
import { PersonTile } from './person-tile.tsx';
import { useArrivalFocus, usePageTitle } from './session-context.tsx';

type Person = People['people'][number];

export interface PairingScreenProps {
  client: PublicClient;
  clock: ServerClock;
  /** Why the browser is not paired, if it was before. */
  reason: 'forgotten' | 'removed' | undefined;
  /** Somebody chosen on another screen. */
  preselected: Person | undefined;
  onPaired(): void;
  onCancel: (() => void) | undefined;
}

export function PairingScreen(props: PairingScreenProps) {
  const { client, reason, preselected, onPaired, onCancel } = props;
  const [state, reload] = usePeople(client);
  const [chosen, setChosen] = useState(preselected);
  if (state.phase === 'ready' && chosen !== undefined) {
    return (
      <ConfirmPairing
        client={client}
        clock={props.clock}
        person={{ userId: chosen.user_id, name: chosen.name }}
        tenant={state.people.tenant.friendly_name}
        onPaired={onPaired}
        onRefuse={onCancel ?? (() => setChosen(undefined))}
      />
    );
  }
  return (
    <main className="scroll scroll--alone" aria-busy={state.phase === 'loading'}>
      <WhoAreYou tenant={state.phase === 'ready' ? state.people.tenant.friendly_name : undefined} />
      {reason === undefined ? null : (
        <Notice tone="pending" icon="info" role="status">
          {furtherTexts.people[reason]}
        </Notice>
      )}
      {canSign() ? null : (
        <Notice tone="danger" icon="warning">
          <Prose text={furtherTexts.people.insecure} />
        </Notice>
      )}
      {state.phase === 'failed' ? (
        <Notice tone="danger" icon="offline" role="alert">
          {furtherTexts.people.failed}{' '}
          <button type="button" className="link" onClick={reload}>
            {furtherTexts.people.retry}
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
  usePageTitle(furtherTexts.people.title);
  return (
    <div>
      <h1 className="title-l" tabIndex={-1} ref={heading}>
        {furtherTexts.people.title}
      </h1>
      {tenant === undefined ? null : (
        <p className="intro">
          <Prose text={furtherTexts.people.lead} values={{ tenant: <bdi>{tenant}</bdi> }} />
        </p>
      )}
    </div>
  );
}

function PeopleList({ people, onChoose }: { people: readonly Person[]; onChoose(person: Person): void }) {
  if (people.length === 0) {
    return (
      <p className="intro">
        <Prose text={furtherTexts.people.none} />
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
                {person.devices === 0
                  ? furtherTexts.people.notPaired
                  : plural(furtherTexts.people.devices, person.devices)}
              </small>
            </span>
            <Icon name="forward" />
          </button>
        </li>
      ))}
    </ul>
  );
}
