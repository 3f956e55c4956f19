// A link, also as a code for a camera, with which another device joins one person. It works once, for five minutes.
import { CONTROL_API, type ControlTicket, controlTicketAnswerSchema } from 'assent/contract';
import { useEffect, useState } from 'react';
import { explainFailure } from '../../desk/api-failure.ts';
import { DeskDialog } from '../../desk/desk-dialog.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { fill } from '../../ui/prose.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { exactTime } from '../../ui/time-text.ts';
import { useSession } from '../session/session-context.tsx';
import type { Person } from './people-page.tsx';

const { people: texts } = consoleTexts;

export function InviteDialog({ person, onClose }: { person: Person; onClose(): void }) {
  const { api } = useSession();
  const [ticket, setTicket] = useState<ControlTicket>();
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    const leaving = new AbortController();
    const call = {
      method: 'POST' as const,
      path: `${CONTROL_API}/tickets`,
      body: { user_id: person.user_id },
    };
    api.call(call, controlTicketAnswerSchema, { signal: leaving.signal }).then(setTicket, (reason) => {
      if (!leaving.signal.aborted) setFailure(explainFailure(reason));
    });
    return () => leaving.abort();
  }, [api, person.user_id]);
  return (
    <DeskDialog title={fill(texts.inviteTitle, { name: person.name })} onClose={onClose}>
      {failure === undefined ? null : <p role="alert">{failure}</p>}
      {ticket === undefined ? null : (
        <>
          <QrCode text={ticket.url} label={fill(texts.inviteCode, { name: person.name })} />
          <p>{fill(texts.inviteLead, { name: person.name, time: exactTime(ticket.expires_at) })}</p>
          <div className="cmd" dir="ltr">
            <code>{ticket.url}</code>
            <CopyButton text={ticket.url} label={texts.copyInvite} />
          </div>
          <p>
            <a href={ticket.url} target="_blank" rel="noopener noreferrer">
              {texts.inviteHere}
            </a>
          </p>
        </>
      )}
    </DeskDialog>
  );
}
