// Who am I here: switch to another person with one tap, or un-pair. Each person has a device id and a key of their own.
import type { People } from 'assent/contract';
import { useState } from 'react';
import type { PublicClient } from '../api/approver-client.ts';
import type { Pairing } from '../api/device-key.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { sharedTexts } from '../texts/shared.ts';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose, plural } from '../ui/prose.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { usePeople } from './people.ts';
import { PersonTile } from './person-tile.tsx';
import { useSession, useSnapshot } from './session-context.tsx';

type Person = People['people'][number];

export interface PeopleSheetProps {
  client: PublicClient;
  pairings: readonly Pairing[];
  onClose(): void;
  /** The chosen person has a key in this browser already. */
  onSwitch(pairing: Pairing): void;
  /** The chosen person has none yet. */
  onPair(person: Person): void;
}

export function PeopleSheet(props: PeopleSheetProps) {
  const [isAskingToUnpair, setIsAskingToUnpair] = useState(false);
  const { pairing } = useSession();
  return (
    <Sheet
      title={
        isAskingToUnpair
          ? fill(furtherTexts.sheet.unpairQuestion, { name: pairing.userName })
          : furtherTexts.sheet.title
      }
      isOpen
      onClose={props.onClose}
    >
      {isAskingToUnpair ? (
        <Unpair onKeep={() => setIsAskingToUnpair(false)} />
      ) : (
        <Choose {...props} onUnpair={() => setIsAskingToUnpair(true)} />
      )}
    </Sheet>
  );
}

function Choose({
  client,
  pairings,
  onClose,
  onSwitch,
  onPair,
  onUnpair,
}: PeopleSheetProps & { onUnpair(): void }) {
  const { pairing } = useSession();
  const { approvals } = useSnapshot();
  const [state, reload] = usePeople(client);
  const waitingCount = approvals.filter(({ state }) => state === 'pending').length;
  const choose = (person: Person): void => {
    const known = pairings.find(({ userId }) => userId === person.user_id);
    if (person.user_id === pairing.userId) onClose();
    else if (known === undefined) onPair(person);
    else onSwitch(known);
  };
  return (
    <>
      {state.phase === 'failed' ? (
        <Notice tone="danger" icon="offline" role="alert">
          {furtherTexts.people.failed}{' '}
          <button type="button" className="link" onClick={reload}>
            {furtherTexts.people.retry}
          </button>
        </Notice>
      ) : null}
      {state.phase === 'ready' ? (
        <>
          <p className="sub">
            <Prose
              text={furtherTexts.sheet.sub}
              values={{ tenant: <bdi>{state.people.tenant.friendly_name}</bdi> }}
            />
          </p>
          <ul className="opts">
            {state.people.people.map((person) => {
              const isCurrent = person.user_id === pairing.userId;
              const isPaired = pairings.some(({ userId }) => userId === person.user_id);
              return (
                <li key={person.user_id}>
                  <button
                    type="button"
                    className="opt"
                    aria-current={isCurrent || undefined}
                    onClick={() => choose(person)}
                  >
                    <PersonTile name={person.name} />
                    <span>
                      <bdi>{person.name}</bdi>
                      <small>
                        {isCurrent
                          ? furtherTexts.people.current
                          : isPaired
                            ? furtherTexts.people.pairedHere
                            : furtherTexts.sheet.tapToPair}
                      </small>
                    </span>
                    {isCurrent && waitingCount > 0 ? (
                      <span className="tag tag--pending">
                        {plural(furtherTexts.sheet.waiting, waitingCount)}
                      </span>
                    ) : null}
                  </button>
                </li>
              );
            })}
          </ul>
        </>
      ) : null}
      <div className="stack">
        <button type="button" className="btn btn--wide" onClick={onClose}>
          {sharedTexts.app.close}
        </button>
        <button type="button" className="btn btn--plain btn--wide" onClick={onUnpair}>
          {fill(furtherTexts.sheet.unpair, { name: pairing.userName })}
        </button>
      </div>
    </>
  );
}

function Unpair({ onKeep }: { onKeep(): void }) {
  const session = useSession();
  const { device } = useSnapshot();
  const [hasFailed, setHasFailed] = useState(false);
  return (
    <>
      <p className="sub">
        <Prose
          text={furtherTexts.sheet.unpairLead}
          values={{ device: <bdi>{device?.name ?? session.pairing.deviceName}</bdi> }}
        />
      </p>
      {hasFailed ? (
        <Notice tone="danger" icon="warning" role="alert">
          {furtherTexts.sheet.unpairFailed}
        </Notice>
      ) : null}
      <div className="stack">
        <button
          type="button"
          className="btn btn--danger btn--wide"
          onClick={() => {
            session.unpair().catch(() => setHasFailed(true));
          }}
        >
          {furtherTexts.sheet.unpairConfirm}
        </button>
        <button type="button" className="btn btn--plain btn--wide" onClick={onKeep}>
          {furtherTexts.sheet.keep}
        </button>
      </div>
    </>
  );
}
