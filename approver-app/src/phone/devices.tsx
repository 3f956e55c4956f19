// Every device that was enrolled for this person, so that one that is lost or not theirs can be taken away.
import type { Device } from 'assent/contract';
import { useCallback, useEffect, useState } from 'react';
import { texts } from '../texts.ts';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill } from '../ui/prose.tsx';
import { dayTime } from '../ui/time-text.ts';
import { useSession } from './session-context.tsx';

export function Devices() {
  const session = useSession();
  const announce = useAnnounce();
  const [devices, setDevices] = useState<readonly Device[]>([]);
  const [failure, setFailure] = useState<string>();

  const load = useCallback(() => {
    session.devices().then(setDevices, () => setFailure(texts.settings.devicesFailed));
  }, [session]);
  useEffect(load, [load]);

  function unpair({ id, name }: Device): void {
    setFailure(undefined);
    session.unpair(id).then(
      () => {
        announce(fill(texts.settings.deviceUnpaired, { name }));
        load();
      },
      () => setFailure(fill(texts.settings.unpairFailed, { name })),
    );
  }

  const { deviceId, userName } = session.pairing;
  return (
    <section>
      <h2 className="h-sec">{fill(texts.settings.devices, { name: userName })}</h2>
      {failure === undefined ? null : (
        <Notice tone="danger" icon="warning" role="alert">
          {failure}
        </Notice>
      )}
      <ul className="hist">
        {devices.map((device) => (
          <li key={device.id} className="device">
            <div>
              <bdi>{device.name}</bdi>
              <small>
                {device.can_answer
                  ? fill(texts.settings.deviceSince, {
                      time: dayTime(device.enrolled_at, session.clock.nowMs()),
                    })
                  : texts.settings.deviceWithoutKey}
              </small>
            </div>
            {device.id === deviceId ? (
              <span className="tag">{texts.settings.deviceHere}</span>
            ) : (
              <button
                type="button"
                className="btn"
                aria-label={`${texts.settings.unpairDevice} ${device.name}`}
                onClick={() => unpair(device)}
              >
                {texts.settings.unpairDevice}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
