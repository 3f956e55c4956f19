// Where a pairing link leads: for whom it is, by which code, on which server; then the same confirmation as any pairing.
import type { TicketHolder } from 'assent/contract';
import { useCallback, useEffect, useState } from 'react';
import { type PublicClient, Refusal } from '../api/approver-client.ts';
import { canSign, type Pairing } from '../api/device-key.ts';
import type { ServerClock } from '../api/server-clock.ts';
import { texts } from '../texts.ts';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { Steps } from '../ui/steps.tsx';
import { ConfirmPairing } from './confirm-pairing.tsx';
import { useArrivalFocus, usePageTitle } from './session-context.tsx';

interface EnrolScreenProps {
  ticket: string;
  client: PublicClient;
  clock: ServerClock;
  /** This browser's devices, for a person it answers for already. */
  pairings: readonly Pairing[];
  onPaired(): void;
  /** Nothing was paired. */
  onLeave(): void;
}

type Enrolment =
  | { phase: 'checking' | 'notGood' | 'unreachable' | 'refused' }
  | { phase: 'confirming'; holder: TicketHolder };

export function EnrolScreen({ ticket, client, clock, pairings, onPaired, onLeave }: EnrolScreenProps) {
  const [enrolment, setEnrolment] = useState<Enrolment>({ phase: 'checking' });
  const lookUp = useCallback(() => {
    setEnrolment({ phase: 'checking' });
    client.lookUpTicket(ticket).then(
      (holder) => setEnrolment({ phase: 'confirming', holder }),
      (reason: unknown) => setEnrolment({ phase: reason instanceof Refusal ? 'notGood' : 'unreachable' }),
    );
  }, [client, ticket]);
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
        onPaired={onPaired}
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
            <Prose text={texts.people.insecure} />
          </Notice>
        ) : (
          <Explanation key={enrolment.phase} phase={enrolment.phase} />
        )}
      </main>
      <footer className="foot">
        {enrolment.phase === 'unreachable' ? (
          <button type="button" className="btn btn--main btn--wide btn--tall" onClick={lookUp}>
            {texts.enrol.retry}
          </button>
        ) : null}
        {enrolment.phase === 'checking' ? null : (
          <button type="button" className="btn btn--wide" onClick={onLeave}>
            {texts.enrol.goOn}
          </button>
        )}
      </footer>
    </>
  );
}

function Explanation({ phase }: { phase: Exclude<Enrolment['phase'], 'confirming'> }) {
  const heading = useArrivalFocus<HTMLHeadingElement>(phase);
  usePageTitle(texts.enrol[phase]);
  return (
    <>
      <div>
        <h1 className="title-l" tabIndex={-1} ref={heading}>
          {texts.enrol[phase]}
        </h1>
        {phase === 'checking' ? null : <p className="intro">{texts.enrol[`${phase}Lead`]}</p>}
      </div>
      {phase === 'notGood' ? <Steps texts={texts.enrol.notGoodSteps} /> : null}
    </>
  );
}
