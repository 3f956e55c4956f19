// Stands around a whole page: what nobody thought of becomes a word and a way on, in place of an empty page.
import { Component, type ReactNode } from 'react';
import { sharedTexts } from '../texts/shared.ts';

export class CrashGuard extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <main className="scroll">
        <p role="alert">{sharedTexts.app.broken}</p>
        <button type="button" className="btn" onClick={() => window.location.reload()}>
          {sharedTexts.app.reload}
        </button>
      </main>
    );
  }
}
