// The report of the plan `fapi-ciba-id1` as a page: docs/reference/fapi-ciba-plan.md. Pure: the same results give the same text.
import { modulesOf, readModules, titleOf, VARIANTS } from '../fapi-ciba/modules.ts';

/** Whether the test of a module passed, by the title of its variant and its name. */
export type PlanResults = ReadonlyMap<string, boolean>;

export function planKey(variantTitle: string, moduleName: string): string {
  return `${variantTitle}: ${moduleName}`;
}

/** @returns undefined for a run that left out some of the plan */
export function writePlanPage(passed: PlanResults): string | undefined {
  const results = VARIANTS.map((variant) => {
    const names = modulesOf(variant).map(({ name }) => name);
    return {
      variant,
      results: new Map(names.map((name) => [name, passed.get(planKey(titleOf(variant), name))])),
    };
  });
  if (results.some((one) => [...one.results.values()].includes(undefined))) return undefined;
  const modules = readModules();
  const applicable = modules.filter(({ modes }) => modes.length > 0);
  return `<!-- Written by \`pnpm test:conformance\` (conformance/report/plan-page.ts). Do not edit. -->

# The plan fapi-ciba-id1, module by module

The OpenID Foundation tests servers of FAPI-CIBA by a plan of modules. \`conformance/fapi-ciba\` imitates those that apply to a
server of no national profile, each in a test that is titled with the module's name, by clients of its own. It is an imitation and no
certification; [how to run the Foundation's own suite](../conformance.md).

| Variant | Modules | Pass | Fail |
|---|---|---|---|
${results
  .map(({ variant, results: own }) => {
    const passes = [...own.values()].filter(Boolean).length;
    return `| ${titleOf(variant)} | ${own.size} | ${passes} | ${own.size - passes} |`;
  })
  .join('\n')}

## What each module does

| Module | Does | Expects | ${VARIANTS.map(titleOf).join(' | ')} |
|---|---|---|${VARIANTS.map(() => '---|').join('')}
${applicable
  .map(({ name, does = '', expects = '' }) => {
    const cells = results.map(({ results: own }) => wordOf(own.get(name)));
    return `| \`${name}\` | ${does} | ${expects} | ${cells.join(' | ')} |`;
  })
  .join('\n')}

## Left out

| Module | Why |
|---|---|
${modules
  .filter(({ modes }) => modes.length === 0)
  .map(({ name, not_applicable: why = '' }) => `| \`${name}\` | ${why} |`)
  .join('\n')}
`;
}

/** Absent where the variant does not have the module. */
function wordOf(hasPassed: boolean | undefined): string {
  return hasPassed === undefined ? '–' : hasPassed ? 'pass' : '**fail**';
}
