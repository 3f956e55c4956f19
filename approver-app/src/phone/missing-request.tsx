// An address of a request that this person does not have: forgotten, never there, or for somebody else who answers in this
// browser too, as when a notification for them was tapped.
import { useEffect, useState } from 'react';
import { createApproverClient } from '../api/approver-client.ts';
import type { Pairing } from '../api/device-key.ts';
import { texts } from '../texts/phone.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { Icon } from '../ui/icons.tsx';
import { fill, Prose } from '../ui/prose.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSession, useSnapshot } from './session-context.tsx';

export interface MissingRequestProps {
  id: string;
  pairings: readonly Pairing[];
  onSwitch(pairing: Pairing): void;
}

export function MissingRequest({ id, pairings, onSwitch }: MissingRequestProps) {
  const { pairing } = useSession();
  const { lostAtMs } = useSnapshot();
  const owner = useOwner(id, pairings);
  const title =
    owner === undefined
      ? furtherTexts.request.missing
      : fill(furtherTexts.request.forAnother, { name: owner.userName });
  const heading = useArrivalFocus<HTMLHeadingElement>(title);
  usePageTitle(title);
  return (
    <>
      <header className="top">
        <Link className="btn btn--plain" to={{ screen: 'inbox' }}>
          <Icon name="back" />
          {texts.app.back}
        </Link>
      </header>
      <main className="scroll">
        <ConnectionNotice text="" showCommand />
        <div>
          <h1 className="title-l" tabIndex={-1} ref={heading}>
            {title}
          </h1>
          <p className="intro">
            {owner === undefined ? (
              furtherTexts.request[lostAtMs === undefined ? 'missingLead' : 'missingOffline']
            ) : (
              <Prose
                text={furtherTexts.request.forAnotherLead}
                values={{
                  current: <bdi>{pairing.userName}</bdi>,
                  name: <bdi>{owner.userName}</bdi>,
                }}
              />
            )}
          </p>
        </div>
      </main>
      <footer className="foot">
        {owner === undefined ? null : (
          <button type="button" className="btn btn--main btn--wide btn--tall" onClick={() => onSwitch(owner)}>
            {fill(furtherTexts.request.switchTo, { name: owner.userName })}
          </button>
        )}
        <Link className="btn btn--wide" to={{ screen: 'inbox' }}>
          {texts.outcome.toInbox}
        </Link>
      </footer>
    </>
  );
}

/** Whose request it is, if they have a key in this browser. Asked with their own key: nobody else is told. */
function useOwner(id: string, pairings: readonly Pairing[]): Pairing | undefined {
  const { clock, pairing } = useSession();
  const [owner, setOwner] = useState<Pairing>();
  useEffect(() => {
    let isLeft = false;
    const look = async (): Promise<void> => {
      for (const each of pairings.filter(({ userId }) => userId !== pairing.userId)) {
        if (await createApproverClient(each, clock).knows(id)) {
          if (!isLeft) setOwner(each);
          return;
        }
      }
    };
    // Without the server there is nobody to ask.
    look().catch(() => undefined);
    return () => {
      isLeft = true;
    };
  }, [id, pairings, pairing, clock]);
  return owner;
}
