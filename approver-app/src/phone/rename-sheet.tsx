// Gives a device another name.
import type { Device } from 'assent/contract';
import { type FormEvent, useState } from 'react';
import { Refusal } from '../api/approver-client.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { sharedTexts } from '../texts/shared.ts';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { TextInput } from '../ui/text-input.tsx';
import { LONGEST_DEVICE_NAME } from './device-name.ts';
import { useSession } from './session-context.tsx';

interface RenameSheetProps {
  /** Undefined: the sheet is closed. */
  device: Device | undefined;
  onClose(): void;
  onRenamed(device: Device): void;
}

export function RenameSheet({ device, onClose, onRenamed }: RenameSheetProps) {
  return (
    <Sheet
      title={<Prose text={furtherTexts.devices.renameTitle} values={{ name: <bdi>{device?.name}</bdi> }} />}
      isOpen={device !== undefined}
      onClose={onClose}
    >
      {device === undefined ? null : <NameForm device={device} onClose={onClose} onRenamed={onRenamed} />}
    </Sheet>
  );
}

function NameForm({ device, onClose, onRenamed }: RenameSheetProps & { device: Device }) {
  const session = useSession();
  const [name, setName] = useState(device.name);
  const [isSaving, setIsSaving] = useState(false);
  const [failure, setFailure] = useState<string>();
  const isMissing = name.trim() === '';

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSaving || isMissing) return;
    setIsSaving(true);
    setFailure(undefined);
    try {
      onRenamed(await session.rename(device.id, name.trim()));
    } catch (cause) {
      setFailure(cause instanceof Refusal ? cause.message : furtherTexts.devices.renameFailed);
      setIsSaving(false);
    }
  }

  return (
    <form className="sheet-form" onSubmit={(event) => void save(event)}>
      <TextInput
        label={furtherTexts.devices.name}
        hint={furtherTexts.devices.renameHint}
        error={isMissing ? furtherTexts.devices.nameMissing : undefined}
        value={name}
        maxLength={LONGEST_DEVICE_NAME}
        takesFocus
        onChange={setName}
      />
      {failure === undefined ? null : (
        <Notice tone="danger" icon="warning" role="alert">
          {failure}
        </Notice>
      )}
      <div className="stack">
        <button
          type="submit"
          className="btn btn--main btn--wide"
          aria-disabled={isSaving || isMissing || undefined}
        >
          {isSaving ? furtherTexts.devices.saving : furtherTexts.devices.save}
        </button>
        <button type="button" className="btn btn--plain btn--wide" onClick={onClose}>
          {sharedTexts.app.close}
        </button>
      </div>
    </form>
  );
}
