// What the rest of the server may use of scenes.
export type { Question } from './question.ts';
export { Scenes } from './scenes.ts';
export type { OpenSceneServer } from './stage.ts';
