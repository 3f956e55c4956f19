// What just happened, with the way back where there is one. A notice stays for ten seconds, and for as long as somebody is at it.
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { deskTexts } from '../texts/desk.ts';
import { Icon } from '../ui/icons.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { DeskIcon } from './desk-icons.tsx';

export interface Toast {
  key: number;
  text: string;
  tone: 'done' | 'failed';
  undo?: (() => Promise<void>) | undefined;
  /** Shows how the same is done from a terminal. */
  showCurl?: (() => void) | undefined;
}

const SHOWN_FOR_MS = 10_000;
const MOST_SHOWN = 4;

export class Toasts {
  readonly #watchers = new Set<() => void>();
  #shown: readonly Toast[] = [];
  #count = 0;

  readonly shown = (): readonly Toast[] => this.#shown;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  show(toast: Omit<Toast, 'key'>): void {
    this.#count += 1;
    this.#set([...this.#shown.slice(1 - MOST_SHOWN), { ...toast, key: this.#count }]);
  }

  dismiss(key: number): void {
    this.#set(this.#shown.filter((toast) => toast.key !== key));
  }

  #set(shown: readonly Toast[]): void {
    this.#shown = shown;
    for (const watcher of [...this.#watchers]) watcher();
  }
}

export function ToastRegion({ toasts }: { toasts: Toasts }) {
  const shown = useSyncExternalStore(toasts.watch, toasts.shown);
  const region = useRef<HTMLElement>(null);
  /** Where the reader was before the notices. */
  const before = useRef<EventTarget>(null);
  const end = (key: number): void => {
    const own = region.current?.querySelector(`[data-toast="${key}"]`);
    const hadFocus = own?.contains(document.activeElement) ?? false;
    const [next] = [...(region.current?.querySelectorAll<HTMLElement>('[data-dismiss]') ?? [])].filter(
      (button) => !own?.contains(button),
    );
    toasts.dismiss(key);
    if (hadFocus) giveFocus(next ?? before.current);
  };
  return (
    <section
      className="toasts"
      aria-label={deskTexts.toast.region}
      ref={region}
      onFocus={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) before.current = relatedTarget;
      }}
    >
      {shown.map((toast) => (
        <OneToast key={toast.key} toast={toast} onEnd={() => end(toast.key)} />
      ))}
    </section>
  );
}

/** What a notice takes with it would leave the keyboard at the top of the page. */
function giveFocus(target: EventTarget | null): void {
  const element =
    target instanceof HTMLElement && target.isConnected ? target : document.querySelector('main');
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}

function OneToast({ toast, onEnd }: { toast: Toast; onEnd(): void }) {
  const announce = useAnnounce();
  const [isHeld, setIsHeld] = useState(false);
  const end = useRef(onEnd);
  useEffect(() => {
    end.current = onEnd;
  });
  useEffect(() => {
    announce(toast.undo === undefined ? toast.text : `${toast.text} ${deskTexts.toast.undoLead}`);
  }, [announce, toast]);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => end.current(), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [isHeld]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a pointer that rests here holds the notice; keys reach its buttons
    <div
      className={`toast toast--${toast.tone}`}
      data-toast={toast.key}
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      <Icon name={toast.tone === 'done' ? 'approve' : 'warning'} />
      <span className="toast-text">{toast.text}</span>
      {toast.undo === undefined ? null : (
        <button
          type="button"
          className="btn btn--s"
          onClick={() => {
            void toast.undo?.();
            onEnd();
          }}
        >
          <DeskIcon name="undo" />
          {deskTexts.toast.undo}
        </button>
      )}
      {toast.showCurl === undefined ? null : (
        <button type="button" className="btn btn--s" onClick={toast.showCurl}>
          {deskTexts.toast.curl}
        </button>
      )}
      <button
        type="button"
        className="btn btn--s btn--icon"
        data-dismiss
        aria-label={deskTexts.toast.dismiss}
        onClick={onEnd}
      >
        <Icon name="deny" />
      </button>
    </div>
  );
}
