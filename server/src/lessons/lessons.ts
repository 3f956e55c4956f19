// Lessons against the running tenant: what each step wants, whether it is so, and trying it as the agent. Called by the control
// API. Remembers nothing: whoever asks gets the tenant as it is.
import type { Lesson, Lessons as LessonList, LessonStep, LessonTrial } from '../contract/index.ts';
import type { OwnServer } from '../own-call.ts';
import { Problem } from '../problem.ts';
import type { Tenant } from '../tenant/index.ts';
import { Aiya } from './aiya.ts';
import { READ_STEP } from './lab-6.ts';
import { LAB_6, LAB_6_STEPS, STEP_IDS } from './lab-6-texts.ts';
import { TRY_STEP, type Wrapping } from './lab-6-trials.ts';
import { readSubject, type Subject } from './subject.ts';

export class Lessons {
  readonly #tenant: Tenant;
  readonly #server: OwnServer;

  constructor(tenant: Tenant, server: OwnServer) {
    this.#tenant = tenant;
    this.#server = server;
  }

  async list(): Promise<LessonList> {
    const { id, title, aim } = LAB_6;
    const steps = await this.#readSteps(readSubject(this.#tenant));
    const current = steps.find(({ done }) => !done)?.title;
    return {
      lessons: [
        {
          id,
          title,
          aim,
          steps: steps.length,
          done: steps.filter(({ done }) => done).length,
          ...(current === undefined ? {} : { current }),
        },
      ],
    };
  }

  /** @throws Problem `not_found`; 409 for a tenant that has nobody to play a part */
  async read(id: string): Promise<Lesson> {
    requireLesson(id);
    const subject = readSubject(this.#tenant);
    const { client, person } = subject;
    const steps = await this.#readSteps(subject);
    const current = steps.find(({ done }) => !done)?.id;
    return {
      ...LAB_6,
      client: { client_id: client.client_id, name: client.name },
      person: { user_id: person.user_id, name: person.name },
      steps,
      ...(current === undefined ? {} : { current }),
    };
  }

  /** @throws Problem `not_found` for a lesson or a step that there is none */
  async try(id: string, step: string, wrapping: Wrapping): Promise<LessonTrial> {
    requireLesson(id);
    const stepId = STEP_IDS.find((one) => one === step);
    if (stepId === undefined)
      throw new Problem('not_found', `There is no step "${step.slice(0, 100)}".`, {
        status: 404,
        hint: `One of: ${STEP_IDS.join(', ')}`,
      });
    const subject = readSubject(this.#tenant);
    const aiya = new Aiya(subject, this.#server);
    const outcome = await TRY_STEP[stepId](aiya, subject, wrapping);
    return { step: stepId, ...outcome, exchanges: aiya.exchanges };
  }

  #readSteps(subject: Subject): Promise<LessonStep[]> {
    return Promise.all(
      STEP_IDS.map(async (id, index) => {
        const state = await READ_STEP[id](subject);
        const step: LessonStep = {
          id,
          number: index + 1,
          ...LAB_6_STEPS[id],
          ...state,
          ...(id === 'wrap-tool' ? { asks: ['binding_message', 'authorization_details'] } : {}),
          done: state.findings.every(({ done }) => done),
        };
        return step;
      }),
    );
  }
}

function requireLesson(id: string): void {
  if (id === LAB_6.id) return;
  throw new Problem('not_found', `There is no lesson "${id.slice(0, 100)}".`, {
    status: 404,
    hint: 'GET /control/lessons lists all of them.',
  });
}
