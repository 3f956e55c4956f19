// The sequence view of a running server, and of files that are opened beside it.
import type { TraceDocument } from 'assent/contract';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { Api } from '../desk/api.ts';
import { ConnectionBanner, ConnectionWord, useLive } from '../desk/connection-state.tsx';
import type { LiveTrace } from '../desk/live-trace.ts';
import { TokenPrompt, useTokenWanted } from '../desk/token-prompt.tsx';
import { JsonMemory } from '../json/json-memory.tsx';
import { sequenceTexts } from '../texts/sequence.ts';
import { Empty } from './empty.tsx';
import { FaultStrip } from './fault-strip.tsx';
import { useStoryOpener } from './open-story.tsx';
import { createLiveSource, createRecordedSource, PanelSourceProvider } from './panel/panel-source.tsx';
import { RecordedBar } from './recorded-bar.tsx';
import { fetchReplayPage } from './replay-page.ts';
import { SequenceView } from './sequence-view.tsx';
import { useSteps } from './stepping/use-steps.ts';
import { recordedStory, type Story } from './story.ts';
import { useAddress } from './use-address.ts';

const { empty, connection } = sequenceTexts;

export function LiveApp({ api, trace }: { api: Api; trace: LiveTrace }) {
  const [file, setFile] = useState<TraceDocument>();
  const opener = useStoryOpener(setFile);
  const wanted = useTokenWanted(api);
  const recorded = useMemo(() => (file === undefined ? undefined : recordedStory(file)), [file]);
  const source = useMemo(
    () => (file === undefined ? createLiveSource(api, trace.clock) : createRecordedSource(file.issuer)),
    [api, trace, file],
  );
  if (recorded === undefined && wanted) return <TokenPrompt api={api} />;
  return (
    <PanelSourceProvider value={source}>
      <JsonMemory>
        {recorded === undefined || file === undefined ? (
          <LiveView api={api} trace={trace} banners={opener.parts} onOpen={opener.pick} />
        ) : (
          <SequenceView
            // Another file is another story, with nothing selected yet.
            key={`${file.title} ${file.events.length}`}
            story={recorded}
            isInAddress={false}
            connection={<span className="live live--file">{connection.file}</span>}
            banners={
              <>
                {opener.parts}
                <RecordedBar title={file.title} onClose={() => setFile(undefined)} />
              </>
            }
            empty={<p>{empty.file}</p>}
            replayPage={fetchReplayPage}
            onOpen={opener.pick}
          />
        )}
      </JsonMemory>
    </PanelSourceProvider>
  );
}

interface LiveViewProps {
  api: Api;
  trace: LiveTrace;
  banners: ReactNode;
  onOpen(): void;
}

function LiveView({ api, trace, banners, onOpen }: LiveViewProps) {
  const { events, health, hasEarlier } = useLive(trace);
  useWholeRun(trace, hasEarlier, events[0]?.number);
  const mode = useSteps(api, trace);
  const story: Story = useMemo(
    () => ({
      events,
      isLive: true,
      origin:
        health === undefined
          ? undefined
          : {
              title: `${health.tenant}, ${health.issuer}`,
              issuer: health.issuer,
              tenant: health.tenant,
              assent: health.version,
            },
    }),
    [events, health],
  );
  return (
    <SequenceView
      story={story}
      isInAddress
      mode={mode}
      connection={<ConnectionWord trace={trace} />}
      banners={
        <>
          {banners}
          <ConnectionBanner trace={trace} />
          <FaultStrip api={api} trace={trace} />
        </>
      }
      empty={<Empty api={api} issuer={health?.issuer} onOpen={onOpen} />}
      replayPage={fetchReplayPage}
      onOpen={onOpen}
    />
  );
}

/** What the address names may have begun before what was read first: then it is read to the beginning. */
function useWholeRun(trace: LiveTrace, hasEarlier: boolean, oldest: number | undefined): void {
  const [address] = useAddress(true);
  const isWanted = address.run !== undefined && hasEarlier;
  useEffect(() => {
    // The connection says if nothing answers.
    if (isWanted && oldest !== undefined) trace.loadEarlier().catch(() => undefined);
  }, [trace, isWanted, oldest]);
}
