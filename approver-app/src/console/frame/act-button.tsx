// A button that changes the tenant: it says that it is at work, takes no second press meanwhile, and none while the server is away.
import { type ReactNode, useId, useRef, useState } from 'react';
import type { DeskIconName } from '../../desk/desk-icons.tsx';
import { DeskIcon } from '../../desk/desk-icons.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { useIsConnected } from '../session/session-context.tsx';

interface ActButtonProps {
  label: string;
  act(): Promise<unknown>;
  tone?: 'main' | 'danger' | undefined;
  icon?: ReactNode;
  isDisabled?: boolean;
}

export function ActButton({ label, act, tone, icon, isDisabled = false }: ActButtonProps) {
  const isConnected = useIsConnected();
  const [isBusy, setIsBusy] = useState(false);
  const isAtWork = useRef(false);
  const reasonId = useId();
  const isOff = !isConnected || isDisabled;
  const onClick = (): void => {
    if (isOff || isAtWork.current) return;
    isAtWork.current = true;
    setIsBusy(true);
    void act().finally(() => {
      isAtWork.current = false;
      setIsBusy(false);
    });
  };
  return (
    <>
      <button
        type="button"
        className={`btn btn--s${tone === undefined ? '' : ` btn--${tone}`}`}
        aria-disabled={isOff || undefined}
        aria-busy={isBusy || undefined}
        aria-describedby={isConnected ? undefined : reasonId}
        onClick={onClick}
      >
        {icon}
        {label}
      </button>
      {isConnected ? null : (
        <span className="vh" id={reasonId}>
          {consoleTexts.frame.offline}
        </span>
      )}
    </>
  );
}

/** For `icon`. */
export function glyph(name: IconName): ReactNode {
  return <Icon name={name} />;
}

export function deskGlyph(name: DeskIconName): ReactNode {
  return <DeskIcon name={name} />;
}
