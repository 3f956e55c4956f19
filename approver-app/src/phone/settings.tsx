// What this browser remembers: appearance and letter shortcuts; and where notifications and devices are looked after.
import { useState } from 'react';
import { texts } from '../texts/phone.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { Icon } from '../ui/icons.tsx';
import { Options } from '../ui/options.tsx';
import { THEMES, type Theme, useLetterShortcuts, useTheme } from '../ui/preferences.ts';
import { fill, Prose } from '../ui/prose.tsx';
import { Switch } from '../ui/switch.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { NotificationNotice } from './notification-notice.tsx';
import { PasskeySetting } from './passkey-setup.tsx';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSession, useSnapshot } from './session-context.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';

const THEME_NAMES: Record<Theme, string> = {
  system: furtherTexts.settings.themeSystem,
  light: furtherTexts.settings.themeLight,
  dark: furtherTexts.settings.themeDark,
};

export function SettingsScreen() {
  const heading = useArrivalFocus<HTMLHeadingElement>('settings');
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  usePageTitle(furtherTexts.settings.title);
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
          {furtherTexts.settings.title}
        </h1>
        <Appearance />
        <Letters onShowAll={() => setIsHelpOpen(true)} />
        <section>
          <h2 className="h-sec">{furtherTexts.settings.notifications}</h2>
          <NotificationNotice hasTitle={false} />
        </section>
        <PasskeySetting />
        <ThisBrowser />
      </main>
      {isHelpOpen ? <ShortcutSheet onClose={() => setIsHelpOpen(false)} /> : null}
    </>
  );
}

function Appearance() {
  const [theme, setTheme] = useTheme();
  return (
    <Options
      label={furtherTexts.settings.theme}
      labelClass="h-sec"
      className="opts--row"
      options={THEMES.map((each) => ({ value: each, text: THEME_NAMES[each] }))}
      chosen={theme}
      onChoose={setTheme}
    />
  );
}

function Letters({ onShowAll }: { onShowAll(): void }) {
  const [areOn, setAreOn] = useLetterShortcuts();
  return (
    <section className="setting">
      <Switch
        label={furtherTexts.settings.letters}
        isOn={areOn}
        describedBy="letters-hint"
        onChange={setAreOn}
      />
      <p className="when" id="letters-hint">
        <Prose text={furtherTexts.settings.lettersHint} />
      </p>
      <button type="button" className="btn" onClick={onShowAll}>
        {furtherTexts.settings.shortcuts}
      </button>
    </section>
  );
}

function ThisBrowser() {
  const { pairing } = useSession();
  const { device } = useSnapshot();
  const facts = [
    [furtherTexts.settings.pairedFor, <bdi key="person">{pairing.userName}</bdi>],
    [furtherTexts.settings.deviceName, <bdi key="name">{device?.name ?? pairing.deviceName}</bdi>],
    [
      furtherTexts.settings.deviceId,
      <bdi key="id" className="raw">
        {pairing.deviceId}
      </bdi>,
    ],
  ] as const;
  return (
    <section>
      <h2 className="h-sec">{furtherTexts.settings.device}</h2>
      <div className="setting">
        <dl className="fields">
          {facts.map(([label, value]) => (
            <div key={label} className="row">
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <Link className="btn" to={{ screen: 'devices' }}>
          {fill(furtherTexts.settings.devices, { name: pairing.userName })}
        </Link>
      </div>
    </section>
  );
}
