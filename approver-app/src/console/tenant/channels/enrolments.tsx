// Enrolments: whose devices may be asked, and a link for another one, to be followed in another window.
import { type Device, MANAGEMENT_PATH, type TenantConfig } from 'assent/contract';
import { useState } from 'react';
import { z } from 'zod';
import { tenantTexts } from '../../../texts/tenant.ts';
import { Command } from '../../../ui/copy-button.tsx';
import { Icon } from '../../../ui/icons.tsx';
import { fill } from '../../../ui/prose.tsx';
import { Link } from '../../address.tsx';
import { Card, Failure } from '../fields.tsx';
import { useAttempt, useChange, useTenant } from '../tenant-context.tsx';

const texts = tenantTexts.enrolments;
const ticketSchema = z.looseObject({ ticket_url: z.string() });

type Person = TenantConfig['users'][number];

export function Enrolments() {
  const { now, devices } = useTenant();
  return (
    <Card title={texts.title} action={<Link to={{ page: 'people' }}>{texts.toPeople}</Link>}>
      {now.users.length === 0 ? <p className="sec-note">{texts.none}</p> : null}
      {now.users.map((person) => (
        <PersonRow
          key={person.user_id}
          person={person}
          devices={devices.filter(({ user_id: id }) => id === person.user_id)}
        />
      ))}
    </Card>
  );
}

/** One person: devices, and the button for another one. */
function PersonRow({ person, devices }: { person: Person; devices: readonly Device[] }) {
  const change = useChange();
  const attempt = useAttempt();
  const [link, setLink] = useState<string>();
  const isEnrolled = devices.some(({ status }) => status === 'confirmed');
  const isPending = devices.some(({ status }) => status === 'pending');
  const { name, user_id: userId } = person;
  return (
    <>
      <div className="r" data-person={userId}>
        <span className="r-words">
          <b>{name}</b>{' '}
          <span className={`tag tag--${isEnrolled ? 'approve' : isPending ? 'pending' : 'info'}`}>
            <Icon name={isEnrolled ? 'approve' : isPending ? 'clock' : 'info'} />
            {isEnrolled ? texts.confirmed : isPending ? texts.pending : texts.notEnrolled}
          </span>
          {devices.map((device) => (
            <DeviceLine key={device.id} device={device} />
          ))}
          <Failure failure={attempt.failure} />
        </span>
        <button
          type="button"
          className="btn btn--s"
          aria-busy={attempt.isBusy}
          aria-label={fill(texts.inviteName, { name })}
          onClick={() =>
            void attempt.run(async () => {
              const answer = await change({
                call: {
                  method: 'POST',
                  path: `${MANAGEMENT_PATH}/guardian/enrollments/ticket`,
                  body: {
                    user_id: userId,
                    factor: 'push-notification',
                    allow_multiple_enrollments: true,
                    send_mail: false,
                  },
                },
                done: fill(texts.invited, { name }),
              });
              setLink(ticketSchema.parse(answer).ticket_url);
            })
          }
        >
          {texts.invite}
        </button>
      </div>
      {link === undefined ? null : <TicketLink link={link} name={name} />}
    </>
  );
}

function TicketLink({ link, name }: { link: string; name: string }) {
  return (
    <div className="ticket">
      <p>{fill(texts.linkLead, { name })}</p>
      <Command text={link} />
      <p>
        <a className="btn btn--s" href={link} target="_blank" rel="noreferrer">
          {texts.openLink}
        </a>
      </p>
    </div>
  );
}

function DeviceLine({ device }: { device: Device }) {
  const change = useChange();
  const attempt = useAttempt();
  const { id, name, status } = device;
  const shown = status === 'pending' ? texts.pendingDevice : name;
  return (
    <small className="device-line">
      <bdi>{shown}</bdi>
      <button
        type="button"
        className="btn btn--s btn--plain"
        aria-label={fill(texts.removeName, { device: shown, name: device.user_name })}
        onClick={() =>
          void attempt.run(() =>
            change({
              call: { method: 'DELETE', path: `${MANAGEMENT_PATH}/guardian/enrollments/${id}` },
              done: fill(texts.removed, { device: shown, name: device.user_name }),
            }),
          )
        }
      >
        {texts.remove}
      </button>
      <Failure failure={attempt.failure} />
    </small>
  );
}
