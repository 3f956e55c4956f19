// Published as `assent/sequence`: the story of a request as a drawing of arrows, without drawing it. Pure: events in, values out;
// the view, the exports and the comparison of two runs all read the same. The shape:
//
//   readRuns(events)  → RunHeading[]  every request of a trace, oldest first: id, name, what it is about, how it ended
//   readRun(events, ref) → Run        one of them: participants, values to follow, `steps`, and `rows` (steps and marks in order)
//   readSteps(events) → Step[]        the steps of the only, or newest, run of a story
//
//   compareRuns(a, b) → RunComparison two runs side by side: same, changed, never happens, added
//   writeMermaid(run), writeSvg(run), writeTraceDocument(events, …), writeReplayPage(page, document): exports, as text
//
// A step is one arrow, or a fold of repeated ones (`step.arrows`); `step.kind` is what explanations hang on.
export {
  type ComparedRow,
  type ComparedSide,
  compareRuns,
  type RunComparison,
  type Word,
} from './compare-runs.ts';
export { writeMermaid } from './mermaid.ts';
export { readRun, readRuns, readSteps } from './read-run.ts';
export { findRedacted } from './redacted-names.ts';
export { writeReplayPage } from './replay-page.ts';
export { sentenceTexts } from './sentences.ts';
export {
  type Arrow,
  LETTERS,
  type Letter,
  type Mark,
  type MarkKind,
  PARTICIPANTS,
  type Participant,
  type Row,
  type Run,
  type RunHeading,
  type RunOutcome,
  STEP_KINDS,
  type Step,
  type StepKind,
} from './step.ts';
export { writeSvg } from './svg.ts';
export { type StoryOrigin, writeTraceDocument } from './trace-file.ts';
