// Every device that can be reached or can answer for this person, and how: renamed here, taken away here, or joined by
// another one.
import type { Device } from 'assent/contract';
import { useState } from 'react';
import { furtherTexts } from '../texts/phone-further.ts';
import { Icon } from '../ui/icons.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose } from '../ui/prose.tsx';
import { dayTime } from '../ui/time-text.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { RenameSheet } from './rename-sheet.tsx';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSession } from './session-context.tsx';
import { useDevices } from './use-devices.ts';

/** @param onRenamed this browser has a new name */
export function DevicesScreen({ onRenamed }: { onRenamed(device: Device): void }) {
  const session = useSession();
  const [state, reload] = useDevices();
  const [renaming, setRenaming] = useState<Device>();
  const [failure, setFailure] = useState<string>();
  const announce = useAnnounce();
  const heading = useArrivalFocus<HTMLHeadingElement>('devices');
  const { deviceId, userName } = session.pairing;
  usePageTitle(furtherTexts.devices.title);

  function remove({ id, name, status }: Device): void {
    setFailure(undefined);
    session.unpair(id).then(
      () => {
        announce(
          status === 'pending'
            ? furtherTexts.devices.cancelled
            : fill(furtherTexts.devices.unpaired, { name }),
        );
        reload();
      },
      () => setFailure(fill(furtherTexts.devices.unpairFailed, { name })),
    );
  }

  return (
    <>
      <header className="top">
        <Link className="btn btn--plain" to={{ screen: 'settings' }}>
          <Icon name="back" />
          {furtherTexts.devices.back}
        </Link>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <main className="scroll" tabIndex={0} aria-busy={state.phase === 'loading'}>
        <ConnectionNotice text="" />
        <div>
          <h1 className="title-l" tabIndex={-1} ref={heading}>
            {furtherTexts.devices.title}
          </h1>
          <p className="intro">
            <Prose text={furtherTexts.devices.lead} values={{ name: <bdi>{userName}</bdi> }} />
          </p>
        </div>
        {failure === undefined && state.phase !== 'failed' ? null : (
          <Notice tone="danger" icon="warning" role="alert">
            {failure ?? furtherTexts.devices.failed}
          </Notice>
        )}
        {state.phase === 'ready' ? (
          <ul className="hist">
            {state.devices.map((device) => (
              <DeviceRow
                key={device.id}
                device={device}
                isHere={device.id === deviceId}
                onRename={() => setRenaming(device)}
                onRemove={() => remove(device)}
              />
            ))}
          </ul>
        ) : null}
      </main>
      <footer className="foot">
        <Link className="btn btn--wide btn--tall" to={{ screen: 'pair-phone' }}>
          {furtherTexts.devices.pairAnother}
        </Link>
      </footer>
      <RenameSheet
        device={renaming}
        onClose={() => setRenaming(undefined)}
        onRenamed={(device) => {
          setRenaming(undefined);
          announce(fill(furtherTexts.devices.renamed, { name: device.name }));
          reload();
          if (device.id === deviceId) onRenamed(device);
        }}
      />
    </>
  );
}

interface DeviceRowProps {
  device: Device;
  isHere: boolean;
  onRename(): void;
  onRemove(): void;
}

function DeviceRow({ device, isHere, onRename, onRemove }: DeviceRowProps) {
  const isPending = device.status === 'pending';
  const name = isPending ? furtherTexts.devices.pendingName : device.name;
  const removal = isPending ? furtherTexts.devices.cancel : furtherTexts.devices.unpair;
  return (
    <li className="device" data-device={device.id}>
      <div>
        <bdi>{name}</bdi> <DeviceTag isPending={isPending} isHere={isHere} />
        {isPending ? <small>{furtherTexts.devices.pendingWhy}</small> : <ConfirmedFacts device={device} />}
      </div>
      <span className="acts">
        {isPending ? null : (
          <button
            type="button"
            className="btn btn--plain"
            aria-label={`${furtherTexts.devices.rename} ${name}`}
            onClick={onRename}
          >
            {furtherTexts.devices.rename}
          </button>
        )}
        {/* This browser leaves through the sheet of the person, which asks first. */}
        {isHere ? null : (
          <button type="button" className="btn" aria-label={`${removal} ${name}`} onClick={onRemove}>
            {removal}
          </button>
        )}
      </span>
    </li>
  );
}

function DeviceTag({ isPending, isHere }: { isPending: boolean; isHere: boolean }) {
  if (isHere) return <span className="tag">{furtherTexts.devices.here}</span>;
  if (!isPending) return null;
  return (
    <span className="tag tag--pending">
      <Icon name="clock" />
      {furtherTexts.devices.pending}
    </span>
  );
}

function ConfirmedFacts({ device }: { device: Device }) {
  const { clock } = useSession();
  return (
    <>
      <small>
        {device.can_answer
          ? fill(furtherTexts.devices.since, { time: dayTime(device.enrolled_at, clock.nowMs()) })
          : furtherTexts.devices.withoutKey}
      </small>
      <small data-push={device.push}>{furtherTexts.devices.push[device.push]}</small>
      {device.has_passkey ? <small>{furtherTexts.devices.passkey}</small> : null}
    </>
  );
}
