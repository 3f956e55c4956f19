// How to do from a terminal what was done here: without secrets, to be shown, or with them, to be run.
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ApiCall } from '../../desk/api.ts';
import { readControlToken } from '../../desk/control-token.ts';
import { toCurl, tokenLine } from '../../desk/curl.ts';
import { DeskDialog } from '../../desk/desk-dialog.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { deskTexts } from '../../texts/desk.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Prose } from '../../ui/prose.tsx';
import { exactTime } from '../../ui/time-text.ts';
import { useRecordedCalls, useSession } from '../session/session-context.tsx';

/** Shown while the session names a call. */
export function CurlDialog() {
  const session = useSession();
  const call = useSyncExternalStore(session.watch, session.shownCall);
  if (call === undefined) return null;
  return (
    <DeskDialog title={deskTexts.copy.title} onClose={() => session.showCall(undefined)} isWide>
      <CurlOf call={call} />
      <Recorded shown={call} />
    </DeskDialog>
  );
}

function CurlOf({ call }: { call: ApiCall }) {
  const { api } = useSession();
  const { origin } = window.location;
  const needsControlToken = readControlToken() !== undefined;
  const redacted = toCurl(call, { origin, needsControlToken });
  const first = tokenLine(call, origin, needsControlToken);
  const [runnable, setRunnable] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another call hides what was shown of the last one
  useEffect(() => setRunnable(undefined), [call]);
  const showRunnable = async (): Promise<void> => {
    const authorization = await api.authorization(call);
    setRunnable(toCurl(call, { origin, needsControlToken, authorization: authorization ?? '' }));
  };
  return (
    <>
      <h3>
        <Prose text={deskTexts.copy.redacted} />
      </h3>
      {first === undefined ? null : (
        <>
          <p className="quiet">{deskTexts.copy.managementFirst}</p>
          <Code text={first} />
        </>
      )}
      <Code text={redacted} />
      <h3>
        <Prose text={deskTexts.copy.runnable} />
      </h3>
      {runnable === undefined ? (
        <button type="button" className="btn btn--s" onClick={() => void showRunnable()}>
          {consoleTexts.curl.showSecrets}
        </button>
      ) : (
        <Code text={runnable} />
      )}
    </>
  );
}

function Code({ text }: { text: string }) {
  return (
    <div className="json">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="codeblock" tabIndex={0} dir="ltr">
        {text}
      </pre>
      <CopyButton text={text} label={consoleTexts.curl.copy} />
    </div>
  );
}

function Recorded({ shown }: { shown: ApiCall }) {
  const session = useSession();
  const calls = useRecordedCalls();
  if (calls.length === 0) return null;
  return (
    <>
      <h3>{consoleTexts.curl.recorded}</h3>
      <ul className="recorded">
        {calls.map(({ key, what, call, atMs }) => (
          <li key={key}>
            <button
              type="button"
              className="btn btn--s btn--plain"
              aria-pressed={call === shown}
              onClick={() => session.showCall(call)}
            >
              {what}
            </button>
            <span className="quiet num">{exactTime(atMs)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
