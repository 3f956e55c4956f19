// A framed remark. One that arrives while the page is open is announced politely; one that was there is just read.
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';

type Tone = 'info' | 'pending' | 'danger' | 'plain';

interface NoticeProps {
  tone: Tone;
  icon: IconName;
  /** `status` for what arrives, `alert` for what the reader just caused and must know. */
  role?: 'status' | 'alert';
  children: ReactNode;
}

export function Notice({ tone, icon, role, children }: NoticeProps) {
  return (
    <div className={tone === 'info' ? 'note' : `note note--${tone}`} role={role}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}
