// A statement that matters, with a sign: good, bad, or open. Announced when it changes.
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../ui/icons.tsx';

const SIGNS: Readonly<Record<'good' | 'bad' | 'open', IconName>> = {
  good: 'approve',
  bad: 'deny',
  open: 'info',
};

export function Verdict({ tone, children }: { tone: keyof typeof SIGNS; children: ReactNode }) {
  return (
    <div className={`verdict verdict--${tone}`} role="status">
      <Icon name={SIGNS[tone]} />
      <div>{children}</div>
    </div>
  );
}
