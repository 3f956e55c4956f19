// Puts everything back to the start: lists what will vanish before, and can be undone for as long as the notice stands.
import { CONTROL_API, devicesSchema, faultsSchema, mailboxSchema, snapshotSchema } from 'assent/contract';
import { useState } from 'react';
import { consoleTexts } from '../../texts/console.ts';
import { fill, plural } from '../../ui/prose.tsx';
import { duration } from '../../ui/time-text.ts';
import { ConfirmDialog } from '../frame/confirm-dialog.tsx';
import {
  useIsConnected,
  useLiveState,
  useRequests,
  useResource,
  useSession,
} from '../session/session-context.tsx';
import { SettingSection } from './setting-section.tsx';

const { settings: texts } = consoleTexts;

export function ResetSection() {
  const session = useSession();
  const isConnected = useIsConnected();
  const tenant = useLiveState(({ health }) => health?.tenant ?? '');
  const [isAsking, setIsAsking] = useState(false);
  const reset = async (): Promise<void> => {
    try {
      // The way back, kept in this page alone.
      const before = await session.api.call({ path: `${CONTROL_API}/snapshot` }, snapshotSchema);
      await session.change({
        done: fill(texts.resetDone, { tenant }),
        call: { method: 'POST', path: `${CONTROL_API}/reset`, body: {} },
        undo: { method: 'PUT', path: `${CONTROL_API}/snapshot`, body: before },
      });
    } catch (reason) {
      session.fail(reason);
    }
  };
  return (
    <SettingSection title={texts.reset}>
      <div className="r">
        <span>
          <b>{texts.resetName}</b>
          <small>{texts.resetLead}</small>
        </span>
        <button
          type="button"
          className="btn btn--s btn--danger"
          aria-disabled={!isConnected || undefined}
          onClick={() => {
            if (isConnected) setIsAsking(true);
          }}
        >
          {texts.resetButton}
        </button>
      </div>
      {isAsking ? (
        <ConfirmDialog
          title={fill(texts.resetTitle, { tenant })}
          label={fill(texts.resetConfirm, { tenant })}
          keep={texts.keep}
          act={reset}
          onClose={() => setIsAsking(false)}
        >
          <Vanishing />
        </ConfirmDialog>
      ) : null}
    </SettingSection>
  );
}

/** What is there now and will not be then. */
function Vanishing() {
  const { clock } = useSession().trace;
  const { all = [] } = useRequests();
  const events = useLiveState((state) => state.events);
  const devices = useResource(`${CONTROL_API}/devices`, devicesSchema).value?.devices ?? [];
  const messages = useResource(`${CONTROL_API}/mailbox?limit=500`, mailboxSchema).value?.messages ?? [];
  const faults = useResource(`${CONTROL_API}/faults`, faultsSchema).value?.faults ?? [];
  const aheadMs = clock.nowMs() - Date.now();
  // Those of the tenant file have no key, and come back.
  const paired = devices.filter((device) => device.can_answer);
  const parts = [
    [texts.vanish.requests, all.length],
    [texts.vanish.devices, paired.length],
    [texts.vanish.messages, messages.length],
    [texts.vanish.events, events.length],
    [texts.vanish.faults, faults.length],
  ] as const;
  return (
    <>
      <p>{texts.vanishLead}</p>
      <ul className="vanish">
        {parts.flatMap(([forms, count]) =>
          count === 0 ? [] : [<li key={forms.other}>{plural(forms, count)}</li>],
        )}
        <li>{texts.vanish.changes}</li>
        {aheadMs > 2_000 ? <li>{fill(texts.vanish.clock, { by: duration(aheadMs) })}</li> : null}
      </ul>
      <p className="quiet">{texts.vanishUndo}</p>
    </>
  );
}
