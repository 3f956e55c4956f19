// Rules by which people answer without anybody deciding: listed in their order, added behind the others, taken away.
import { CONTROL_API, type RuleView, ruleSchema, rulesSchema } from 'assent/contract';
import { type FormEvent, useId, useState } from 'react';
import { explainFailure } from '../../desk/api-failure.ts';
import { consoleTexts } from '../../texts/console.ts';
import { fill, plural } from '../../ui/prose.tsx';
import { ActButton } from '../frame/act-button.tsx';
import { useIsConnected, useResource, useSession } from '../session/session-context.tsx';
import { SettingSection } from './setting-section.tsx';

const { settings: texts } = consoleTexts;
const PATH = `${CONTROL_API}/rules`;
const NEWS = ['rule.fired'] as const;
const ANSWERS = ruleSchema.shape.answer.options;
/** Conditions that a line of text can say. The others are written in a tenant file. */
const CONDITIONS = ['client_id', 'up_to', 'after_polls'] as const;

export function RulesSection() {
  const rules = useResource(PATH, rulesSchema, NEWS).value?.rules;
  return (
    <SettingSection title={texts.rules}>
      {rules === undefined ? null : rules.length === 0 ? (
        <p className="r">{texts.noRules}</p>
      ) : (
        rules.map((rule) => <Rule key={rule.id} rule={rule} />)
      )}
      <AddRule />
    </SettingSection>
  );
}

function Rule({ rule }: { rule: RuleView }) {
  const session = useSession();
  const { id, says, fired, ...input } = rule;
  return (
    <div className="r">
      <span>
        <b>
          <bdi>{says}</bdi>
        </b>
        <small>
          <span className="mono">{id}</span> · {plural(texts.fired, fired)}
        </small>
      </span>
      <ActButton
        label={fill(texts.removeRule, { id })}
        act={() =>
          session.tryChange({
            done: fill(texts.ruleRemoved, { id }),
            call: { method: 'DELETE', path: `${PATH}/${encodeURIComponent(id)}` },
            undo: { method: 'POST', path: PATH, body: { id, ...input } },
          })
        }
      />
    </div>
  );
}

function AddRule() {
  const session = useSession();
  const isConnected = useIsConnected();
  const [failure, setFailure] = useState<string>();
  const id = useId();
  const add = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (!isConnected) return;
    const form = event.currentTarget;
    const values = new FormData(form);
    const typed = (name: string): string => String(values.get(name) ?? '').trim();
    const conditions = CONDITIONS.flatMap((name): Array<[string, unknown]> => {
      const text = typed(name);
      if (text === '') return [];
      return [[name, name === 'after_polls' ? Number(text) : text]];
    });
    try {
      await session.change({
        done: texts.ruleAdded,
        call: {
          method: 'POST',
          path: PATH,
          body: { answer: typed('answer'), ...Object.fromEntries(conditions) },
        },
        undo: (rule) => {
          const made = idOf(rule);
          return made === undefined
            ? undefined
            : { method: 'DELETE', path: `${PATH}/${encodeURIComponent(made)}` };
        },
      });
      setFailure(undefined);
      form.reset();
    } catch (reason) {
      setFailure(explainFailure(reason));
    }
  };
  return (
    <form className="r r--wide" onSubmit={(event) => void add(event)} noValidate>
      <span className="rule-form">
        <span>
          <label htmlFor={`${id}-answer`}>{texts.ruleAnswer}</label>
          <select id={`${id}-answer`} name="answer" className="inp">
            {ANSWERS.map((answer) => (
              <option key={answer} value={answer}>
                {texts.ruleAnswers[answer]}
              </option>
            ))}
          </select>
        </span>
        {CONDITIONS.map((name) => (
          <span key={name}>
            <label htmlFor={`${id}-${name}`}>{texts.ruleConditions[name]}</label>
            <input
              id={`${id}-${name}`}
              name={name}
              className="inp"
              autoComplete="off"
              spellCheck={false}
              placeholder={texts.ruleExamples[name]}
            />
          </span>
        ))}
        <button type="submit" className="btn btn--s" aria-disabled={!isConnected || undefined}>
          {texts.addRule}
        </button>
      </span>
      {failure === undefined ? null : (
        <small className="field-error" role="alert">
          {failure}
        </small>
      )}
    </form>
  );
}

function idOf(answer: unknown): string | undefined {
  return typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string'
    ? answer.id
    : undefined;
}
