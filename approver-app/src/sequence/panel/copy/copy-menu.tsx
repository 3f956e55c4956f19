// Copies the step that is looked at: as curl, fetch, SDK call or test. The default is redacted; the one that runs as it stands is
// asked for at the server, says that it contains secrets, and is there for live stories alone.
import type { Arrow, Run } from 'assent/sequence';
import { Button, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { panelTexts } from '../../../texts/panel.ts';
import { useCopy } from '../../../ui/copy-text.ts';
import { Icon } from '../../../ui/icons.tsx';
import { useAnnounce } from '../../../ui/live-region.tsx';
import { fill, Prose } from '../../../ui/prose.tsx';
import { usePanelSource } from '../panel-source.tsx';
import { readRemoved } from '../request-body.ts';
import { COPY_KINDS, type CopyKind, readCopies } from './copies.ts';
import { runnableCurl } from './curl.ts';

const texts = panelTexts.copy;

const HINTS: Readonly<Record<CopyKind, string>> = {
  curl: texts.curlHint,
  fetch: texts.fetchHint,
  sdk: texts.sdkHint,
  aiSdk: texts.aiSdkHint,
  test: texts.testHint,
};

interface CopyMenuProps {
  run: Run;
  arrow: Arrow;
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function CopyMenu({ run, arrow, isOpen, onOpenChange }: CopyMenuProps) {
  const { origin, fetchOriginal } = usePanelSource();
  const copy = useCopy();
  const announce = useAnnounce();
  const copies = readCopies(run, arrow, origin);
  const removed = arrow.exchange === undefined ? [] : readRemoved(arrow.exchange.request);
  if (copies.size === 0) return <p className="quiet">{texts.nothing}</p>;

  async function copyRunnable(): Promise<void> {
    try {
      const original = await fetchOriginal?.(arrow.event);
      if (original === undefined) announce(texts.gone);
      else await copy(runnableCurl(original), { done: fill(texts.doneSecret, { what: texts.runnable }) });
    } catch {
      announce(texts.unreachable);
    }
  }

  const items: { id: string; name: string; hint: string; act(): void }[] = COPY_KINDS.filter((kind) =>
    copies.has(kind),
  ).map((kind) => ({
    id: kind,
    name: texts[kind],
    hint: HINTS[kind],
    act: () => void copy(copies.get(kind) ?? '', { done: fill(texts.done, { what: texts[kind] }) }),
  }));
  if (arrow.exchange !== undefined && fetchOriginal !== undefined) {
    items.splice(1, 0, {
      id: 'runnable',
      name: texts.runnable,
      hint: texts.runnableHint,
      act: () => void copyRunnable(),
    });
  }
  return (
    <>
      <span>
        {removed.length === 0 ? '' : fill(panelTexts.exchange.redacted, { names: removed.join(', ') })}
      </span>
      <MenuTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
        <Button className="btn btn--s">
          <Icon name="copy" />
          {texts.button}
          <Icon name="down" />
        </Button>
        <Popover placement="top end" className="copymenu">
          <Menu
            autoFocus="first"
            aria-label={texts.button}
            onAction={(key) => items.find(({ id }) => id === key)?.act()}
          >
            {items.map(({ id, name, hint }) => (
              <MenuItem
                key={id}
                id={id}
                textValue={name}
                className="copymenu-item"
                data-secret={id === 'runnable' || undefined}
              >
                <Text slot="label">{name}</Text>
                <Text slot="description">
                  <Prose text={hint} />
                </Text>
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </>
  );
}
