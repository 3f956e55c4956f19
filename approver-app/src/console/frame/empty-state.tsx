// What a page says while it has nothing: what belongs here, how to make one, and the command that does the same.
import type { ReactNode } from 'react';
import { consoleTexts } from '../../texts/console.ts';
import { Command } from '../../ui/copy-button.tsx';
import { Prose } from '../../ui/prose.tsx';

interface EmptyStateProps {
  title: string;
  lead: string;
  command?: string | undefined;
  children?: ReactNode;
}

export function EmptyState({ title, lead, command, children }: EmptyStateProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>
        <Prose text={lead} />
      </p>
      {children}
      {command === undefined ? null : (
        <>
          <p className="empty-terminal">{consoleTexts.frame.terminal}</p>
          <Command text={command} />
        </>
      )}
    </div>
  );
}
