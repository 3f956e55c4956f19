// Has the server play a scene, and keeps what came of it. One at a time; the last one that was asked for counts.
import {
  type AttackInput,
  CONTROL_API,
  type SceneResult,
  sceneResultSchema,
  type WhatIfInput,
} from 'assent/contract';
import { useRef, useState } from 'react';
import type { Api } from '../../desk/api.ts';
import { explainFailure } from '../../desk/api-failure.ts';

export type SceneKind = 'what_if' | 'attack';

export interface Scenes {
  /** Which strip is open. */
  kind: SceneKind | undefined;
  result: SceneResult | undefined;
  isPlaying: boolean;
  failure: string | undefined;
  open(kind: SceneKind): void;
  close(): void;
  whatIf(input: WhatIfInput): void;
  attack(input: AttackInput): void;
}

export function useScenes(api: Api): Scenes {
  const [kind, setKind] = useState<SceneKind>();
  const [result, setResult] = useState<SceneResult>();
  const [isPlaying, setIsPlaying] = useState(false);
  const [failure, setFailure] = useState<string>();
  const turn = useRef(0);
  const play = (name: 'what-if' | 'attack', body: unknown): void => {
    turn.current += 1;
    const mine = turn.current;
    setIsPlaying(true);
    setFailure(undefined);
    api
      .call({ method: 'POST', path: `${CONTROL_API}/scenes/${name}`, body }, sceneResultSchema)
      .then(
        (played) => {
          if (turn.current === mine) setResult(played);
        },
        (reason: unknown) => {
          if (turn.current === mine) setFailure(explainFailure(reason));
        },
      )
      .finally(() => {
        if (turn.current === mine) setIsPlaying(false);
      });
  };
  const forget = (): void => {
    turn.current += 1;
    setResult(undefined);
    setIsPlaying(false);
    setFailure(undefined);
  };
  return {
    kind,
    result,
    isPlaying,
    failure,
    open(next) {
      forget();
      setKind(next);
    },
    close() {
      forget();
      setKind(undefined);
    },
    whatIf: (input) => play('what-if', input),
    attack: (input) => play('attack', input),
  };
}
