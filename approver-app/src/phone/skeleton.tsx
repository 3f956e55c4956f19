// The layout before its content. It never contains an answer: nothing can be approved before it can be read.
import { texts } from '../texts/phone.ts';
import { sharedTexts } from '../texts/shared.ts';
import { ConnectionNotice } from './connection-notice.tsx';

export function LoadingScreen() {
  return (
    <>
      <header className="top" />
      <main className="scroll" aria-busy="true">
        <ConnectionNotice text={texts.connection.waiting} showCommand />
        <p className="vh" role="status">
          {sharedTexts.app.loading}
        </p>
        <div className="skeleton" aria-hidden="true">
          <span className="skel skel--who" />
          <span className="skel skel--what" />
          <span className="skel skel--box" />
          <span className="skel skel--rows" />
        </div>
      </main>
    </>
  );
}
