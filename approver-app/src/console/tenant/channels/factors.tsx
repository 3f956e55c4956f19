// Factors: ways to reach a person, and what verifies who approves. Under the names of the dashboard.
import { MANAGEMENT_PATH } from 'assent/contract';
import { tenantTexts } from '../../../texts/tenant.ts';
import { fill } from '../../../ui/prose.tsx';
import { Card, SelectRow, SwitchRow } from '../fields.tsx';
import { useChange, useIsChanged, useTenant } from '../tenant-context.tsx';

const texts = tenantTexts.factors;

/** Those that something here acts on. */
const FACTORS = ['push-notification', 'email', 'webauthn-platform', 'webauthn-roaming'] as const;

export function Factors() {
  const { now, pushProvider } = useTenant();
  const change = useChange();
  const isChanged = useIsChanged();
  const { factors } = now.guardian;
  return (
    <Card title={texts.title} anchor="factors">
      {FACTORS.map((factor) => (
        <SwitchRow
          key={factor}
          label={texts[factor].name}
          hint={fill(texts[factor].hint, { seconds: now.ciba.push_expiry_limit })}
          isOn={factors[factor]}
          isChanged={isChanged(({ guardian }) => guardian.factors[factor])}
          onChange={(enabled) =>
            change({
              call: {
                method: 'PUT',
                path: `${MANAGEMENT_PATH}/guardian/factors/${factor}`,
                body: { enabled },
              },
              done: fill(enabled ? texts.turnedOn : texts.turnedOff, { factor: texts[factor].name }),
              undo: { guardian: { factors: { [factor]: factors[factor] } } },
            })
          }
        />
      ))}
      <SelectRow
        label={texts.provider}
        hint={texts.providerHint}
        value={pushProvider}
        choices={texts.providers}
        isChanged={isChanged(
          ({ unimitated }) => unimitated?.['guardian/factors/push-notification/selected-provider'],
        )}
        onChange={(provider) =>
          change({
            call: {
              method: 'PUT',
              path: `${MANAGEMENT_PATH}/guardian/factors/push-notification/selected-provider`,
              body: { provider },
            },
            done: fill(texts.providerChanged, { provider }),
          })
        }
      />
    </Card>
  );
}
