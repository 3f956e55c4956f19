// Over the drawing of an attack: what the agent was told, which check stopped it, and the way to see what that check is for.
import type { SceneResult } from 'assent/contract';
import { nameOfSceneCheck, sceneTexts } from '../../texts/scenes.ts';
import { fill, Prose } from '../../ui/prose.tsx';
import type { Scenes } from './use-scenes.ts';

const { attacks: texts } = sceneTexts;

export function AttackBar({ result, scenes }: { result: SceneResult; scenes: Scenes }) {
  const attempted = result.trace.events.find((event) => event.type === 'attack.attempted');
  if (attempted?.type !== 'attack.attempted' || result.attack === undefined) return null;
  const { attack, without } = result;
  const stop = attempted.stopped_by;
  const off = OFF_SWITCHES.find((check) => check === stop?.check);
  return (
    <section className="attack-bar" aria-label={result.title}>
      <div>
        <h2>{result.title}</h2>
        <p>{fill(texts.told, { told: attempted.told })}</p>
        <p className="attack-did">{attempted.did}</p>
      </div>
      <div className="attack-end" role="status">
        <p className={stop === undefined ? 'attack-passed' : 'attack-stopped'}>
          {stop === undefined ? (
            <Prose text={without === undefined ? texts.passedPlainly : texts.passed} />
          ) : (
            <Prose
              text={texts.stopped}
              values={{ check: nameOfSceneCheck(stop.check), place: texts.places[stop.at] }}
            />
          )}
        </p>
        {off !== undefined && without === undefined ? (
          <button
            type="button"
            className="btn btn--s"
            onClick={() => scenes.attack({ attack, without: off })}
          >
            {fill(texts.turnOff, { check: nameOfSceneCheck(off) })}
          </button>
        ) : null}
        {without === undefined ? null : (
          <button type="button" className="btn btn--s" onClick={() => scenes.attack({ attack })}>
            {texts.withAll}
          </button>
        )}
      </div>
    </section>
  );
}

const OFF_SWITCHES = ['token_present', 'scope', 'details', 'single_use'] as const;
