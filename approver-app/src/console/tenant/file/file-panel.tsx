// The same settings as they would stand in the tenant file: of one thing, of the whole tenant, or only what the file has not yet.
// Lines that are not in the file are marked. Secrets come on demand alone.
import { CONTROL_API, tenantFileSchema } from 'assent/contract';
import { type ReactNode, useId, useState } from 'react';
import { DeskIcon } from '../../../desk/desk-icons.tsx';
import { saveFile } from '../../../desk/save-file.ts';
import { tenantTexts } from '../../../texts/tenant.ts';
import { Command } from '../../../ui/copy-button.tsx';
import { useCopy } from '../../../ui/copy-text.ts';
import { Icon } from '../../../ui/icons.tsx';
import { useAnnounce } from '../../../ui/live-region.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { fill, plural } from '../../../ui/prose.tsx';
import { Link, useAddress } from '../../address.tsx';
import { useResource } from '../../session/session-context.tsx';
import { useTenant } from '../tenant-context.tsx';
import { changedPaths, changesBetween, isMarked, partWith, type TenantFile } from './file-changes.ts';
import { type Path, toYamlLines, toYamlText, type YamlLine } from './yaml-lines.ts';

const texts = tenantTexts.file;
const EXTENTS = ['this', 'all', 'changes'] as const;
type Extent = (typeof EXTENTS)[number];

const FILE_NAME = 'assent.yaml';

/**
 * The panel, while the address asks for it.
 *
 * @param list a list of the tenant file, or members of it that are shown as they are
 * @param isThis which thing of the list
 */
export function useFilePanel(
  list: string | readonly string[],
  isThis: (thing: Record<string, unknown>) => boolean,
  thisName: string,
): ReactNode {
  const { query = {} } = useAddress();
  const extent = EXTENTS.find((one) => one === query['file']);
  if (extent === undefined) return undefined;
  const pick = (file: TenantFile): TenantFile =>
    typeof list === 'string'
      ? partWith(file, list, isThis)
      : Object.fromEntries(list.flatMap((name) => (file[name] === undefined ? [] : [[name, file[name]]])));
  return <FilePanel extent={extent} pick={pick} thisName={thisName} />;
}

interface FilePanelProps {
  extent: Extent;
  pick(file: TenantFile): TenantFile;
  thisName: string;
}

function FilePanel({ extent, pick, thisName }: FilePanelProps) {
  const { page, item } = useAddress();
  const [hasSecrets, setHasSecrets] = useState(false);
  const { now, file, isThere } = useFiles(hasSecrets);
  const { locks, now: wholeNow, file: whole } = useTenant();
  const { part, gone } = changesBetween(now, file, wholeNow);
  const shown = { this: pick(now), all: now, changes: part }[extent];
  const then = { this: pick(file), all: file, changes: file }[extent];
  const lines = Object.keys(shown).length === 0 ? [] : toYamlLines(shown);
  const changed = changedPaths(shown, then, whole);
  const secretsId = useId();
  const lockedLines = lines.filter(({ path }) => lockOf(path, locks) !== undefined);
  return (
    <aside className="pane pane--side" aria-label={texts.title} data-extent={extent}>
      <div className="dh">
        <p className="id">
          <span>{FILE_NAME}</span>
          <Link className="btn btn--s" to={{ page, item }}>
            {tenantTexts.close}
          </Link>
        </p>
        <h2>{texts.title}</h2>
        <nav className="acts" aria-label={texts.extent}>
          {EXTENTS.map((one) => (
            <Link
              key={one}
              className="btn btn--s"
              to={{ page, item, query: { file: one } }}
              aria-current={one === extent ? 'true' : undefined}
            >
              {one === 'this' ? thisName : texts.extents[one]}
            </Link>
          ))}
        </nav>
      </div>
      <div className="db" aria-busy={!isThere}>
        {lines.length === 0 ? (
          <p>{extent === 'changes' ? texts.noChanges : texts.nothing}</p>
        ) : (
          <Lines lines={lines} changed={changed} />
        )}
        {extent === 'changes' && gone.length > 0 ? (
          <Notice tone="pending" icon="warning">
            {plural(texts.gone, gone.length)}
            <ul className="gone">
              {gone.map((path) => (
                <li key={path.join(' ')}>
                  <code>{path.join(' · ')}</code>
                </li>
              ))}
            </ul>
          </Notice>
        ) : null}
        {lockedLines.length === 0 ? null : (
          <Notice tone="plain" icon="lock">
            {lockedLines.map(({ path }) => (
              <p key={path.join('.')}>
                <code>{path.join('.')}</code> {lockOf(path, locks)}
              </p>
            ))}
          </Notice>
        )}
        <label className="box" htmlFor={secretsId}>
          <input
            id={secretsId}
            type="checkbox"
            checked={hasSecrets}
            onChange={({ target }) => setHasSecrets(target.checked)}
          />
          {texts.withSecrets}
        </label>
        <p className="quiet">{hasSecrets ? texts.secretsShown : texts.secretsLeftOut}</p>
        <p className="quiet">{changed.length > 0 ? texts.marked : texts.notMarked}</p>
        <div>
          <p className="quiet">{extent === 'all' ? texts.exportLead : texts.mergeLead}</p>
          <Command
            text={
              extent === 'all' ? `assent export --output ${FILE_NAME}` : 'assent import --merge part.yaml'
            }
          />
        </div>
      </div>
      <Takeaway
        text={toYamlText(lines)}
        name={extent === 'all' ? FILE_NAME : 'part.yaml'}
        isEmpty={lines.length === 0}
      />
    </aside>
  );
}

/** Now, and what the file has. */
function useFiles(hasSecrets: boolean): { now: TenantFile; file: TenantFile; isThere: boolean } {
  const { nowAsFile, fileAsFile } = useTenant();
  const now = useResource(hasSecrets ? `${CONTROL_API}/tenant?secrets=true` : undefined, tenantFileSchema);
  const file = useResource(
    hasSecrets ? `${CONTROL_API}/tenant?secrets=true&of=file` : undefined,
    tenantFileSchema,
  );
  if (hasSecrets && now.value !== undefined && file.value !== undefined)
    return { now: now.value, file: file.value, isThere: true };
  return { now: nowAsFile, file: fileAsFile, isThere: !hasSecrets };
}

function Lines({ lines, changed }: { lines: readonly YamlLine[]; changed: readonly Path[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre className="filebox" tabIndex={0} dir="ltr">
      {lines.map(({ text, path }) => {
        const key = `${path.join('\u0000')} ${text}`;
        return isMarked(path, changed) ? (
          <mark className="ch" key={key} style={hangingIndent(text)}>
            {text}
            {'\n'}
          </mark>
        ) : (
          <span key={key} style={hangingIndent(text)}>
            {text}
            {'\n'}
          </span>
        );
      })}
    </pre>
  );
}

/** In characters: two more than the line is indented by, and behind the dash of a list. */
function hangingIndent(text: string): { paddingInlineStart: string; textIndent: string } {
  const [indent = ''] = /^ *(?:- )*/.exec(text) ?? [];
  const characters = indent.length + 2;
  return { paddingInlineStart: `calc(var(--s4) + ${characters}ch)`, textIndent: `-${characters}ch` };
}

function lockOf(path: Path, locks: ReadonlyArray<{ path: string; why: string }>): string | undefined {
  return locks.find((lock) => lock.path === path.join('.'))?.why;
}

function Takeaway({ text, name, isEmpty }: { text: string; name: string; isEmpty: boolean }) {
  const announce = useAnnounce();
  const copy = useCopy();
  const download = (): void => {
    saveFile(name, 'application/yaml', text);
    announce(fill(texts.downloaded, { name }));
  };
  return (
    <div className="df-foot acts">
      <button
        type="button"
        className="btn btn--s"
        aria-disabled={isEmpty}
        onClick={isEmpty ? undefined : () => void copy(text)}
      >
        <Icon name="copy" />
        {texts.copy}
      </button>
      <button
        type="button"
        className="btn btn--s btn--main"
        aria-disabled={isEmpty}
        onClick={isEmpty ? undefined : download}
      >
        <DeskIcon name="download" />
        {fill(texts.download, { name })}
      </button>
    </div>
  );
}
