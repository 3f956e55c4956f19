// A scene in the sequence view: its buttons, and the view of what was played. The story of a scene is recorded: nothing of it is live.
import type { SceneResult } from 'assent/contract';
import { type ReactNode, useMemo } from 'react';
import { sceneTexts } from '../../texts/scenes.ts';
import { fetchReplayPage } from '../replay-page.ts';
import { SequenceView } from '../sequence-view.tsx';
import { recordedStory } from '../story.ts';
import { AttackBar } from './attack-bar.tsx';
import { ComparisonView } from './comparison-view.tsx';
import { SceneStrip } from './scene-strip.tsx';
import type { SceneKind, Scenes } from './use-scenes.ts';

const BUTTONS: ReadonlyArray<{ kind: SceneKind; text: string }> = [
  { kind: 'what_if', text: sceneTexts.whatIf },
  { kind: 'attack', text: sceneTexts.attack },
];

export function SceneButtons({ scenes }: { scenes: Scenes }) {
  return BUTTONS.map(({ kind, text }) => (
    <button
      key={kind}
      type="button"
      className="btn btn--s"
      aria-pressed={scenes.kind === kind}
      onClick={() => (scenes.kind === kind ? scenes.close() : scenes.open(kind))}
    >
      {text}
    </button>
  ));
}

interface SceneViewProps {
  scenes: Scenes;
  result: SceneResult;
  banners: ReactNode;
}

export function SceneView({ scenes, result, banners }: SceneViewProps) {
  const story = useMemo(() => recordedStory(result.trace, 'scene'), [result]);
  const isAttack = result.scene === 'attack';
  return (
    <SequenceView
      story={story}
      isInAddress={false}
      connection={
        <span className="live live--file">
          {isAttack ? sceneTexts.attacks.connection : sceneTexts.comparison.connection}
        </span>
      }
      banners={
        <>
          {banners}
          <SceneStrip scenes={scenes} request={undefined} />
          {isAttack ? <AttackBar result={result} scenes={scenes} /> : null}
        </>
      }
      tools={<SceneButtons scenes={scenes} />}
      {...(isAttack ? {} : { instead: <ComparisonView result={result} /> })}
      empty={null}
      replayPage={fetchReplayPage}
    />
  );
}
