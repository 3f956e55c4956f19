// Everything that changes as a file: taken from this server, and put in place of what it has.
import { CONTROL_API, type Snapshot, snapshotSchema } from 'assent/contract';
import { useId, useState } from 'react';
import { saveFile } from '../../desk/save-file.ts';
import { consoleTexts } from '../../texts/console.ts';
import { fill, Prose } from '../../ui/prose.tsx';
import { exactTime } from '../../ui/time-text.ts';
import { ActButton } from '../frame/act-button.tsx';
import { ConfirmDialog } from '../frame/confirm-dialog.tsx';
import { useLiveState, useSession } from '../session/session-context.tsx';
import { SettingSection } from './setting-section.tsx';

const { settings: texts } = consoleTexts;
const PATH = `${CONTROL_API}/snapshot`;

export function SnapshotSection() {
  const session = useSession();
  const tenant = useLiveState(({ health }) => health?.tenant ?? 'tenant');
  const [chosen, setChosen] = useState<{ name: string; snapshot: Snapshot }>();
  const id = useId();
  const download = async (): Promise<void> => {
    try {
      const snapshot = await session.api.call({ path: PATH }, snapshotSchema);
      saveFile(`${tenant}-snapshot.json`, 'application/json', JSON.stringify(snapshot));
    } catch (reason) {
      session.fail(reason);
    }
  };
  const choose = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const read = snapshotSchema.safeParse(parseJson(await file.text()));
    if (read.success) setChosen({ name: file.name, snapshot: read.data });
    else session.fail(new Error(fill(texts.noSnapshot, { name: file.name })));
  };
  return (
    <SettingSection title={texts.snapshot}>
      <div className="r">
        <span>
          <b>{texts.take}</b>
          <small>
            <Prose text={texts.takeLead} />
          </small>
        </span>
        <ActButton label={texts.takeDownload} act={download} />
      </div>
      <div className="r">
        <span>
          <label htmlFor={id}>{texts.restore}</label>
          <small>{texts.restoreLead}</small>
        </span>
        <input
          id={id}
          type="file"
          accept="application/json,.json"
          onChange={(event) => {
            void choose(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      {chosen === undefined ? null : (
        <ConfirmDialog
          title={fill(texts.restoreTitle, { tenant })}
          label={fill(texts.restoreFile, { name: chosen.name })}
          keep={texts.keep}
          act={() =>
            session.tryChange({
              done: fill(texts.restored, { name: chosen.name }),
              call: { method: 'PUT', path: PATH, body: chosen.snapshot },
            })
          }
          onClose={() => setChosen(undefined)}
        >
          <p>{fill(texts.restoreQuestion, { time: exactTime(chosen.snapshot.taken_at) })}</p>
        </ConfirmDialog>
      )}
    </SettingSection>
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
