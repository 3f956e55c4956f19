// Hands the notifications of the paired device to the screens, and registers them anew whenever the server was heard.
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { NotificationState, Notifications } from '../push/notifications.ts';
import { useSnapshot } from './session-context.tsx';

export const NotificationsContext = createContext<Notifications | undefined>(undefined);

export function useNotifications(): [NotificationState, Notifications] {
  const notifications = useContext(NotificationsContext);
  if (notifications === undefined) throw new Error('This screen needs a paired device.');
  return [useSyncExternalStore(notifications.subscribe, notifications.snapshot), notifications];
}

export function useReRegistration(): void {
  const [, notifications] = useNotifications();
  const { device, lostAtMs } = useSnapshot();
  const heard = lostAtMs === undefined ? device : undefined;
  useEffect(() => {
    if (heard !== undefined) void notifications.resume(heard);
  }, [heard, notifications]);
}
