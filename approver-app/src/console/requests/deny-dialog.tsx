// Denies for the approver, with a reason for the log or without.
import type { ApprovalView } from 'assent/contract';
import { useId, useState } from 'react';
import { DeskDialog } from '../../desk/desk-dialog.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { fill } from '../../ui/prose.tsx';
import { ActButton } from '../frame/act-button.tsx';
import { useSession } from '../session/session-context.tsx';
import { denyChange } from './request-changes.ts';

const { requests: texts } = consoleTexts;

export function DenyDialog({ approval, onClose }: { approval: ApprovalView; onClose(): void }) {
  const session = useSession();
  const [reason, setReason] = useState('');
  const id = useId();
  const deny = async (): Promise<void> => {
    await session.tryChange(denyChange(approval, reason.trim()));
    onClose();
  };
  return (
    <DeskDialog title={fill(texts.denyTitle, { summary: approval.consent.summary })} onClose={onClose}>
      <form
        className="text-input"
        onSubmit={(event) => {
          event.preventDefault();
          void deny();
        }}
      >
        <label htmlFor={id}>{texts.reason}</label>
        <input
          id={id}
          className="inp"
          maxLength={255}
          value={reason}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="field-hint" id={`${id}-hint`}>
          {texts.reasonHint}
        </span>
      </form>
      <div className="acts">
        <button type="button" className="btn btn--s" onClick={onClose}>
          {texts.keep}
        </button>
        <ActButton tone="danger" label={fill(texts.denyName, { name: approval.name })} act={deny} />
      </div>
    </DeskDialog>
  );
}
