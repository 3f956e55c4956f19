// Asks why, in one tap; skipping is fine. No reason is preselected: a reason that nobody chose would stand in the log.
import { useId, useState } from 'react';
import { texts } from '../texts/phone.ts';
import { useGuard } from '../ui/guard.ts';
import { Icon } from '../ui/icons.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { Options } from '../ui/options.tsx';
import { Prose } from '../ui/prose.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { TextInput } from '../ui/text-input.tsx';

const READY_REASONS: readonly string[] = [texts.deny.notMe, texts.deny.wrongDetails, texts.deny.changedMind];
/** Asks for the reader's own words. */
const OTHER: string = texts.deny.other;

/** As the contract limits `auth0_guardian_reason`. */
const LONGEST_REASON = 255;

export interface DenySheetProps {
  summary: string;
  isOpen: boolean;
  onClose(): void;
  onDeny(reason: string | undefined): void;
}

export function DenySheet({ summary, isOpen, onClose, onDeny }: DenySheetProps) {
  return (
    <Sheet
      title={<Prose text={texts.deny.title} values={{ summary: <bdi>{summary}</bdi> }} />}
      isOpen={isOpen}
      onClose={onClose}
    >
      <Reasons onClose={onClose} onDeny={onDeny} />
    </Sheet>
  );
}

function Reasons({ onClose, onDeny }: Pick<DenySheetProps, 'onClose' | 'onDeny'>) {
  const [chosen, setChosen] = useState<string>();
  const [ownWords, setOwnWords] = useState('');
  const guard = useGuard('reasons');
  const announce = useAnnounce();
  const guardHintId = useId();
  const reason = chosen === OTHER ? ownWords.trim() : chosen;
  const missing = chosen === OTHER ? texts.deny.otherMissing : texts.deny.chooseReason;
  const deny = (why: string | undefined): void => {
    if (guard.ignoresInput()) announce(texts.deny.notReady);
    else onDeny(why);
  };
  // Neither answer counts yet: they look like it, and say why.
  const guardHint = guard.isUp ? guardHintId : undefined;
  return (
    <>
      <p className="sub">
        <Prose text={texts.deny.sub} />
      </p>
      <Options
        label={texts.deny.reasons}
        labelClass="vh"
        options={[...READY_REASONS, OTHER].map((each) => ({ value: each, text: each }))}
        chosen={chosen}
        onChoose={setChosen}
      />
      {chosen === OTHER ? (
        <TextInput
          label={texts.deny.otherLabel}
          value={ownWords}
          maxLength={LONGEST_REASON}
          takesFocus
          onChange={setOwnWords}
        />
      ) : null}
      {reason ? null : (
        <p className="hint" id="deny-hint">
          {missing}
        </p>
      )}
      <button
        type="button"
        className="choice choice--deny choice--wide"
        data-state={guard.isUp ? 'guard' : 'rest'}
        aria-disabled={guard.isUp || !reason || undefined}
        aria-describedby={reason ? guardHint : 'deny-hint'}
        onClick={() => {
          if (reason) deny(reason);
        }}
      >
        <Icon name="deny" />
        {texts.deny.submit}
      </button>
      <div className="two">
        <button type="button" className="btn btn--plain" onClick={onClose}>
          {texts.deny.back}
        </button>
        <button
          type="button"
          className="btn btn--plain"
          aria-disabled={guard.isUp || undefined}
          aria-describedby={guardHint}
          onClick={() => deny(undefined)}
        >
          {texts.deny.skip}
        </button>
      </div>
      <p id={guardHintId} hidden>
        {texts.deny.notReady}
      </p>
    </>
  );
}
