// Guided steps against the running tenant: `control.lessons`.
import {
  CONTROL_API,
  type Lesson,
  type Lessons,
  type LessonTrial,
  type LessonTry,
  lessonSchema,
  lessonsSchema,
  lessonTrialSchema,
} from '../contract/index.ts';
import type { ControlTransport } from './transport.ts';

const PATH = `${CONTROL_API}/lessons`;

export interface LessonsClient {
  /** All of them, and how far each is. */
  list(): Promise<Lessons['lessons']>;
  /** The steps of one, such as `lab-6`. */
  read(id: string): Promise<Lesson>;
  /** Plays the agent in one step. One that fails resolves, too. */
  try(id: string, attempt: LessonTry): Promise<LessonTrial>;
}

export function createLessonsClient(transport: ControlTransport): LessonsClient {
  const pathOf = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;
  return {
    list: async () => (await transport.call({ path: PATH }, lessonsSchema)).lessons,
    read: (id) => transport.call({ path: pathOf(id) }, lessonSchema),
    try: (id, attempt) =>
      transport.call({ method: 'POST', path: `${pathOf(id)}/try`, body: attempt }, lessonTrialSchema),
  };
}
