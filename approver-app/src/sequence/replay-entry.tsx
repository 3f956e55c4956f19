// Entry of the page that replays one story without a server: the story stands in the page itself.
import '../api/zod-without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/sequence.css';
import { JsonMemory } from '../json/json-memory.tsx';
import { sequenceTexts } from '../texts/sequence.ts';
import { CrashGuard } from '../ui/crash-guard.tsx';
import { LiveRegion } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { createRecordedSource, PanelSourceProvider } from './panel/panel-source.tsx';
import { RecordedBar } from './recorded-bar.tsx';
import { SequenceView } from './sequence-view.tsx';
import { recordedStory } from './story.ts';
import { readStoryText } from './story-file.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
const opened = readStoryText(document.title, document.getElementById('story')?.textContent ?? '');

createRoot(root).render(
  <StrictMode>
    <CrashGuard>
      <LiveRegion>
        {'problem' in opened ? (
          <Notice tone="danger" icon="warning" role="alert">
            {opened.problem}
          </Notice>
        ) : (
          <PanelSourceProvider value={createRecordedSource(opened.document.issuer)}>
            <JsonMemory>
              <SequenceView
                story={recordedStory(opened.document)}
                isInAddress={false}
                connection={<span className="live live--file">{sequenceTexts.connection.file}</span>}
                banners={<RecordedBar title={opened.document.title} />}
                empty={<p>{sequenceTexts.empty.file}</p>}
              />
            </JsonMemory>
          </PanelSourceProvider>
        )}
      </LiveRegion>
    </CrashGuard>
  </StrictMode>,
);
