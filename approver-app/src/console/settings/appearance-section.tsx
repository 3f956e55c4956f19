// How this browser shows the console.
import { useId } from 'react';
import { consoleTexts } from '../../texts/console.ts';
import { THEMES, useLetterShortcuts, useTheme } from '../../ui/preferences.ts';
import { Prose } from '../../ui/prose.tsx';
import { SettingSection } from './setting-section.tsx';

const { settings: texts } = consoleTexts;

export function AppearanceSection() {
  const [theme, setTheme] = useTheme();
  const [lettersAreOn, setLetters] = useLetterShortcuts();
  const id = useId();
  return (
    <SettingSection title={texts.appearance}>
      <div className="r">
        <label htmlFor={`${id}-theme`}>{texts.theme}</label>
        <select
          id={`${id}-theme`}
          className="inp"
          value={theme}
          onChange={(event) => setTheme(THEMES.find((one) => one === event.target.value) ?? 'system')}
        >
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {texts.themes[one]}
            </option>
          ))}
        </select>
      </div>
      <div className="r">
        <span>
          <b id={`${id}-letters`}>{texts.letters}</b>
          <small>
            <Prose text={texts.lettersHint} />
          </small>
        </span>
        <button
          type="button"
          role="switch"
          className="switch"
          aria-checked={lettersAreOn}
          aria-labelledby={`${id}-letters`}
          onClick={() => setLetters(!lettersAreOn)}
        />
      </div>
    </SettingSection>
  );
}
