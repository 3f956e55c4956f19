// A part of an app that most readers never open, loaded when it is shown. The files are there without a connection too, since
// the service worker keeps them; where they are not, the page says so and can be loaded again.
import { type ComponentType, type ReactNode, useLayoutEffect, useState } from 'react';
import { sharedTexts } from '../texts/shared.ts';
import { Notice } from './notice.tsx';

/** @param meanwhile what stands in its place until it is there */
export function onDemand<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: ReactNode = <Meanwhile />,
): ComponentType<Props> {
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each part, when its module is read
  return function OnDemand(props: Props) {
    const [part, setPart] = useState<{ Part: ComponentType<Props> } | 'missing'>();
    // Before it is painted: what was loaded already is there at once.
    useLayoutEffect(() => {
      let isLeft = false;
      const show = (found: { Part: ComponentType<Props> } | 'missing'): void => {
        if (!isLeft) setPart(found);
      };
      load().then(
        (Part) => show({ Part }),
        () => show('missing'),
      );
      return () => {
        isLeft = true;
      };
    }, []);
    if (part === undefined) return meanwhile;
    if (part === 'missing') return <Missing />;
    return <part.Part {...props} />;
  };
}

function Meanwhile() {
  return (
    <main className="scroll" aria-busy="true">
      <p className="vh" role="status">
        {sharedTexts.app.loading}
      </p>
    </main>
  );
}

/** As after an update of the server, whose pages know only their own files. */
function Missing() {
  return (
    <main className="scroll">
      <Notice tone="danger" icon="offline" role="alert">
        {sharedTexts.app.partMissing}{' '}
        <button type="button" className="link" onClick={() => window.location.reload()}>
          {sharedTexts.app.reload}
        </button>
      </Notice>
    </main>
  );
}
