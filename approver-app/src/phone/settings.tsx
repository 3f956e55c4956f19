// What this browser remembers: appearance, letter shortcuts, and the name beside its decisions.
import { type FormEvent, useState } from 'react';
import { Label, Radio, RadioGroup, Switch } from 'react-aria-components';
import { type PublicClient, Refusal } from '../api/approver-client.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icons.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { THEMES, type Theme, useLetterShortcuts, useTheme } from '../ui/preferences.ts';
import { fill, Prose } from '../ui/prose.tsx';
import { TextInput } from '../ui/text-input.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { Devices } from './devices.tsx';
import { pairBrowser } from './pairing.tsx';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSession } from './session-context.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';

const THEME_NAMES: Record<Theme, string> = {
  system: texts.settings.themeSystem,
  light: texts.settings.themeLight,
  dark: texts.settings.themeDark,
};

interface SettingsScreenProps {
  client: PublicClient;
  /** The browser was paired again, under its new name. */
  onRenamed(): void;
}

export function SettingsScreen({ client, onRenamed }: SettingsScreenProps) {
  const heading = useArrivalFocus<HTMLHeadingElement>('settings');
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  usePageTitle(texts.settings.title);
  return (
    <>
      <header className="top">
        <Link className="btn btn--plain" to={{ screen: 'inbox' }}>
          <Icon name="back" />
          {texts.app.back}
        </Link>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <main className="scroll" tabIndex={0}>
        <ConnectionNotice text="" />
        <h1 className="title-l" tabIndex={-1} ref={heading}>
          {texts.settings.title}
        </h1>
        <Appearance />
        <Letters onShowAll={() => setIsHelpOpen(true)} />
        <ThisBrowser client={client} onRenamed={onRenamed} />
        <Devices />
      </main>
      <ShortcutSheet isOpen={isHelpOpen} onClose={() => setIsHelpOpen(false)} />
    </>
  );
}

function Appearance() {
  const [theme, setTheme] = useTheme();
  return (
    <RadioGroup
      className="opts opts--row"
      value={theme}
      onChange={(value) => {
        const chosen = THEMES.find((each) => each === value);
        if (chosen !== undefined) setTheme(chosen);
      }}
    >
      <Label className="h-sec">{texts.settings.theme}</Label>
      {THEMES.map((each) => (
        <Radio key={each} value={each} className="opt">
          <span className="radio" aria-hidden="true" />
          <span>{THEME_NAMES[each]}</span>
        </Radio>
      ))}
    </RadioGroup>
  );
}

function Letters({ onShowAll }: { onShowAll(): void }) {
  const [areOn, setAreOn] = useLetterShortcuts();
  return (
    <section className="setting">
      <Switch className="switch-row" isSelected={areOn} onChange={setAreOn} aria-describedby="letters-hint">
        <span>{texts.settings.letters}</span>
        <span className="switch" aria-hidden="true" />
      </Switch>
      <p className="when" id="letters-hint">
        <Prose text={texts.settings.lettersHint} />
      </p>
      <button type="button" className="btn" onClick={onShowAll}>
        {texts.settings.shortcuts}
      </button>
    </section>
  );
}

/** As the contract limits the name of a device. */
const LONGEST_NAME = 80;

function ThisBrowser({ client, onRenamed }: SettingsScreenProps) {
  const { pairing, unpair } = useSession();
  const announce = useAnnounce();
  const [name, setName] = useState(pairing.deviceName);
  const [isSaving, setIsSaving] = useState(false);
  const [failure, setFailure] = useState<string>();
  const isUnchanged = name.trim() === pairing.deviceName;

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSaving || isUnchanged || name.trim() === '') return;
    setIsSaving(true);
    setFailure(undefined);
    try {
      const renamed = await pairBrowser(client, { userId: pairing.userId, name: name.trim() });
      announce(fill(texts.settings.saved, { name: renamed.deviceName }));
      // Should this fail, the old enrolment stays in the server's list; its key is destroyed all the same.
      await unpair().catch(() => undefined);
      onRenamed();
    } catch (cause) {
      setFailure(cause instanceof Refusal ? cause.message : texts.settings.saveFailed);
    } finally {
      setIsSaving(false);
    }
  }

  return (
    <section>
      <h2 className="h-sec">{texts.settings.device}</h2>
      <form className="setting" onSubmit={(event) => void save(event)}>
        <dl className="fields">
          <div className="row">
            <dt>{texts.settings.pairedFor}</dt>
            <dd>
              <bdi>{pairing.userName}</bdi>
            </dd>
          </div>
          <div className="row">
            <dt>{texts.settings.deviceId}</dt>
            <dd>
              <bdi className="raw">{pairing.deviceId}</bdi>
            </dd>
          </div>
        </dl>
        <TextInput
          label={texts.settings.deviceName}
          hint={texts.settings.deviceNameHint}
          error={name.trim() === '' ? texts.pairing.deviceNameMissing : undefined}
          value={name}
          maxLength={LONGEST_NAME}
          onChange={setName}
        />
        {failure === undefined ? null : (
          <Notice tone="danger" icon="warning" role="alert">
            {failure}
          </Notice>
        )}
        <button
          type="submit"
          className="btn"
          aria-disabled={isSaving || isUnchanged || name.trim() === '' || undefined}
        >
          {isSaving ? texts.settings.saving : texts.settings.save}
        </button>
      </form>
    </section>
  );
}
