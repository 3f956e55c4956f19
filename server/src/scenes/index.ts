// What the rest of the server may use of scenes.
export { Scenes } from './scenes.ts';
export type { OpenSceneServer, SceneServer } from './stage.ts';
