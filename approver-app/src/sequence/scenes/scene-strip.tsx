// The row of buttons that plays scenes, what is being played, and why one could not be.
import { ATTACKS, WHAT_IF_CHANGES } from 'assent/contract';
import { sceneTexts } from '../../texts/scenes.ts';
import { Notice } from '../../ui/notice.tsx';
import { fill } from '../../ui/prose.tsx';
import type { Scenes } from './use-scenes.ts';

interface SceneStripProps {
  scenes: Scenes;
  /** Short name of the run that would be repeated. */
  request: string | undefined;
}

export function SceneStrip({ scenes, request }: SceneStripProps) {
  const { kind, result, isPlaying, failure } = scenes;
  if (kind === undefined) return null;
  const { changes, attacks } = sceneTexts;
  const repeated = result?.repeats ?? request;
  return (
    <section className="scene-strip" aria-label={kind === 'what_if' ? sceneTexts.whatIf : sceneTexts.attack}>
      <div className="scene-choice">
        <b id="scene-choice">{kind === 'what_if' ? changes.label : attacks.label}</b>
        <fieldset className="grp" aria-labelledby="scene-choice">
          {kind === 'what_if'
            ? WHAT_IF_CHANGES.map((change) => (
                <button
                  key={change}
                  type="button"
                  className="btn btn--s"
                  aria-pressed={result?.change === change}
                  aria-disabled={repeated === undefined}
                  onClick={() => {
                    if (repeated !== undefined) scenes.whatIf({ request: repeated, change });
                  }}
                >
                  {changes.names[change]}
                </button>
              ))
            : ATTACKS.map((attack) => (
                <button
                  key={attack}
                  type="button"
                  className="btn btn--s"
                  aria-pressed={result?.attack === attack}
                  onClick={() => scenes.attack({ attack })}
                >
                  {attacks.names[attack]}
                </button>
              ))}
        </fieldset>
      </div>
      <div className="scene-foot">
        <p className="scene-note" role="status">
          {isPlaying
            ? sceneTexts.playing
            : kind === 'what_if' && repeated === undefined
              ? changes.none
              : kind === 'what_if'
                ? sceneTexts.isolated
                : `${attacks.plays} ${sceneTexts.isolated}`}
        </p>
        <button type="button" className="btn btn--s" onClick={scenes.close}>
          {sceneTexts.close}
        </button>
      </div>
      {failure === undefined ? null : (
        <Notice tone="danger" icon="warning">
          {fill(sceneTexts.failed, { why: failure })}
        </Notice>
      )}
    </section>
  );
}
