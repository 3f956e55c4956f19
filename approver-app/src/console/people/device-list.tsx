// Devices with what they can do, and the way to end an enrolment.
import { type Device, MANAGEMENT_PATH } from 'assent/contract';
import { useState } from 'react';
import { consoleTexts } from '../../texts/console.ts';
import { fill } from '../../ui/prose.tsx';
import { dayTime } from '../../ui/time-text.ts';
import { ConfirmDialog } from '../frame/confirm-dialog.tsx';
import { useSession } from '../session/session-context.tsx';

const { devices: texts } = consoleTexts;

export function DeviceList({ devices }: { devices: readonly Device[] }) {
  return (
    <ul className="outcomes">
      {devices.map((device) => (
        <li key={device.id}>
          <span>
            <b>
              <bdi>{nameOfDevice(device)}</bdi>
            </b>
            <small>{factsOfDevice(device)}</small>
          </span>
          <UnpairButton device={device} />
        </li>
      ))}
    </ul>
  );
}

export function nameOfDevice(device: Device): string {
  return device.status === 'pending' ? texts.pending : device.name;
}

/** Whether and how it is told of requests, and whether it can answer. */
export function factsOfDevice(device: Device): string {
  return [
    device.status === 'pending' ? texts.pendingWhy : texts.push[device.push],
    ...(device.can_answer ? [] : [texts.noKey]),
    ...(device.has_passkey ? [texts.passkey] : []),
  ].join(' · ');
}

export function EnrolledAt({ device }: { device: Device }) {
  const { clock } = useSession().trace;
  return dayTime(device.enrolled_at, clock.nowMs());
}

export function UnpairButton({ device }: { device: Device }) {
  const session = useSession();
  const [isAsking, setIsAsking] = useState(false);
  const name = nameOfDevice(device);
  return (
    <>
      <button
        type="button"
        className="btn btn--s"
        aria-label={fill(texts.unpairName, { name })}
        onClick={() => setIsAsking(true)}
      >
        {texts.unpair}
      </button>
      {isAsking ? (
        <ConfirmDialog
          title={fill(texts.unpairTitle, { name, person: device.user_name })}
          label={fill(texts.unpairName, { name })}
          keep={texts.keep}
          act={() =>
            session.tryChange({
              done: fill(texts.unpaired, { name }),
              call: {
                method: 'DELETE',
                path: `${MANAGEMENT_PATH}/guardian/enrollments/${encodeURIComponent(device.id)}`,
              },
            })
          }
          onClose={() => setIsAsking(false)}
        >
          <p>{texts.unpairLead}</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
