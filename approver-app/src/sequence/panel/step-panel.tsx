// What there is to know of one step: its heading and its tabs. A tab that the step has no content for stays in its place, struck
// through, so that the tabs do not move from step to step.

import type { Arrow, Run, Step } from 'assent/sequence';
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { timeWithMilliseconds } from '../../desk/trace-time.ts';
import { sequenceTexts } from '../../texts/sequence.ts';
import { fill } from '../../ui/prose.tsx';
import { type StepTabId, stepTabs } from './panel-tabs.ts';

interface StepPanelProps {
  step: Step;
  arrow: Arrow;
  index: number | undefined;
  run: Run;
  /** Under the content: what can be done with this step. */
  footer?: ReactNode;
}

const { panel, list } = sequenceTexts;

export function StepPanel({ step, arrow, index, run, footer }: StepPanelProps) {
  const [wanted, setWanted] = useState<StepTabId>('why');
  const tabList = useRef<HTMLDivElement>(null);
  const id = useId();
  const props = { step, arrow, run };
  const shown = stepTabs.find((tab) => tab.id === wanted && tab.isPartOf(props)) ?? stepTabs[0];
  if (shown === undefined) return null;
  const open = stepTabs.filter((tab) => tab.isPartOf(props));
  const go = (tab: { id: StepTabId } | undefined): void => {
    if (tab === undefined) return;
    setWanted(tab.id);
    tabList.current?.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = open.indexOf(shown);
    const target = {
      ArrowRight: open[(at + 1) % open.length],
      ArrowLeft: open.at(at - 1),
      Home: open[0],
      End: open.at(-1),
    }[event.key];
    if (target === undefined) return;
    // The same keys move between the steps everywhere else.
    event.preventDefault();
    event.stopPropagation();
    go(target);
  };
  return (
    <aside className="panel" aria-label={panel.label}>
      <div className="hd">
        <p className="n">
          <span>{fill(panel.number, { number: step.number, count: run.steps.length })}</span>
          <span>
            {index === undefined
              ? timeWithMilliseconds(arrow.at)
              : fill(list.ofMany, { index: index + 1, count: step.arrows.length })}
          </span>
        </p>
        <h2>{arrow.title}</h2>
      </div>
      <div className="tabs" role="tablist" aria-label={panel.tabs} ref={tabList} onKeyDown={onKeyDown}>
        {stepTabs.map((tab) => {
          const isPart = tab.isPartOf(props);
          const isShown = tab === shown;
          return (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${id}-${tab.id}`}
              data-tab={tab.id}
              aria-selected={isShown}
              aria-controls={isShown ? `${id}-panel` : undefined}
              aria-disabled={!isPart}
              aria-label={isPart ? undefined : fill(panel.unavailable, { tab: panel[tab.id] })}
              tabIndex={isShown ? 0 : -1}
              onClick={() => {
                if (isPart) setWanted(tab.id);
              }}
            >
              {panel[tab.id]}
            </button>
          );
        })}
      </div>
      <div
        className="tp"
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={`${id}-${shown.id}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <shown.Content {...props} />
      </div>
      {footer === undefined ? null : <div className="ft">{footer}</div>}
    </aside>
  );
}
