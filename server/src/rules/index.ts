// What the rest of the server may use of the rules.
export { areApart } from './amounts.ts';
export { RuleBook } from './rule-book.ts';
export { ScriptedPeople } from './scripted-people.ts';
