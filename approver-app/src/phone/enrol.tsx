// Where a pairing link leads: for whom it is, by which code, on which server; then the same confirmation as any pairing.
// Nobody is asked where the server says that whoever made the link has this browser in hand.
import type { TicketHolder } from 'assent/contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type PublicClient, Refusal } from '../api/approver-client.ts';
import { canSign, type Pairing } from '../api/device-key.ts';
import { pairBrowser } from '../api/pairings.ts';
import type { ServerClock } from '../api/server-clock.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { Steps } from '../ui/steps.tsx';
import { ConfirmPairing } from './confirm-pairing.tsx';
import { suggestDeviceName } from './device-name.ts';
import { useArrivalFocus, usePageTitle } from './session-context.tsx';

export interface EnrolScreenProps {
  ticket: string;
  client: PublicClient;
  clock: ServerClock;
  /** This browser's devices, for a person it answers for already. */
  pairings: readonly Pairing[];
  /** @param howLinked `at-once` where nobody had to be asked */
  onPaired(howLinked: 'asked' | 'at-once'): void;
  /** Nothing was paired. */
  onLeave(): void;
}

type Enrolment =
  | { phase: 'checking' | 'notGood' | 'unreachable' | 'refused' }
  | { phase: 'confirming'; holder: TicketHolder };

export function EnrolScreen({ ticket, client, clock, pairings, onPaired, onLeave }: EnrolScreenProps) {
  const [enrolment, setEnrolment] = useState<Enrolment>({ phase: 'checking' });
  const paired = useRef(onPaired);
  paired.current = onPaired;
  const lookUp = useCallback(() => {
    setEnrolment({ phase: 'checking' });
    const explain = (reason: unknown): void =>
      setEnrolment({ phase: reason instanceof Refusal ? 'notGood' : 'unreachable' });
    client.lookUpTicket(ticket).then((holder) => {
      if (!holder.pairs_at_once || !canSign()) return setEnrolment({ phase: 'confirming', holder });
      const wish = { userId: holder.user_id, name: suggestDeviceName(navigator.userAgent), ticket };
      return pairBrowser(client, clock, wish).then(() => paired.current('at-once'), explain);
    }, explain);
  }, [client, clock, ticket]);
  useEffect(lookUp, [lookUp]);

  if (enrolment.phase === 'confirming' && canSign()) {
    const { holder } = enrolment;
    return (
      <ConfirmPairing
        client={client}
        clock={clock}
        person={{ userId: holder.user_id, name: holder.user_name }}
        tenant={holder.tenant}
        invitation={{ ticket, code: holder.code }}
        isPairedAlready={pairings.some(({ userId }) => userId === holder.user_id)}
        onPaired={() => onPaired('asked')}
        onRefuse={() => setEnrolment({ phase: 'refused' })}
        onCancel={onLeave}
      />
    );
  }
  return (
    <>
      <main className="scroll scroll--alone" aria-busy={enrolment.phase === 'checking'}>
        {enrolment.phase === 'confirming' ? (
          <Notice tone="danger" icon="warning">
            <Prose text={furtherTexts.people.insecure} />
          </Notice>
        ) : (
          <Explanation key={enrolment.phase} phase={enrolment.phase} />
        )}
      </main>
      <footer className="foot">
        {enrolment.phase === 'unreachable' ? (
          <button type="button" className="btn btn--main btn--wide btn--tall" onClick={lookUp}>
            {furtherTexts.enrol.retry}
          </button>
        ) : null}
        {enrolment.phase === 'checking' ? null : (
          <button type="button" className="btn btn--wide" onClick={onLeave}>
            {furtherTexts.enrol.goOn}
          </button>
        )}
      </footer>
    </>
  );
}

function Explanation({ phase }: { phase: Exclude<Enrolment['phase'], 'confirming'> }) {
  const heading = useArrivalFocus<HTMLHeadingElement>(phase);
  usePageTitle(furtherTexts.enrol[phase]);
  return (
    <>
      <div>
        <h1 className="title-l" tabIndex={-1} ref={heading}>
          {furtherTexts.enrol[phase]}
        </h1>
        {phase === 'checking' ? null : <p className="intro">{furtherTexts.enrol[`${phase}Lead`]}</p>}
      </div>
      {phase === 'notGood' ? <Steps texts={furtherTexts.enrol.notGoodSteps} /> : null}
    </>
  );
}
