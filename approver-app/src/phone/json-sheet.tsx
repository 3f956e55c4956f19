// The content of a request as the client sent it, before it was put into words.
import type { ApprovalView } from 'assent/contract';
import { furtherTexts as texts } from '../texts/phone-further.ts';
import { sharedTexts } from '../texts/shared.ts';
import { JsonView } from '../ui/json-view.tsx';
import { fill } from '../ui/prose.tsx';
import { Sheet } from '../ui/sheet.tsx';

export interface JsonSheetProps {
  approval: ApprovalView;
  onClose(): void;
}

export function JsonSheet({ approval, onClose }: JsonSheetProps) {
  return (
    <Sheet title={texts.json.title} isOpen onClose={onClose}>
      <p className="sub">{fill(texts.json.sub, { name: approval.name })}</p>
      <JsonView value={contentOf(approval)} />
      <button type="button" className="btn btn--wide" onClick={onClose}>
        {sharedTexts.app.close}
      </button>
    </Sheet>
  );
}

function contentOf({ binding_message, audience, scope, authorization_details }: ApprovalView) {
  return { binding_message, audience, scope: scope.join(' '), authorization_details };
}
