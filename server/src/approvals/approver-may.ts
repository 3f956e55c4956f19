// What the tenant lets an approver make of one detail, as it stands with what was asked: nothing is offered that would change
// nothing. It is a part of the consent view, so that the hash of what was shown binds it.
import type {
  ApproverMay,
  AuthorizationDetail,
  AuthorizationDetailTypeConfig,
  ConsentChoice,
} from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { namesInPointer, valueAt } from '../json-pointer.ts';
import { showInvisible, wordsOf } from './consent-text.ts';

/** Undefined where the detail can be approved as it is, or not at all. */
export function approverMay(
  detail: AuthorizationDetail,
  type: AuthorizationDetailTypeConfig | undefined,
  isOneOfSeveral: boolean,
): ApproverMay | undefined {
  const { remove = false, shorten = [], choose = [] } = type?.approver_may ?? {};
  const may: ApproverMay = {
    remove: remove && isOneOfSeveral,
    shorten: shorten.filter((pointer) => {
      const list = valueAt(detail, pointer);
      return Array.isArray(list) && list.length > 1;
    }),
    choose: choose
      .filter(({ at }) => isLeftOpen(detail, at))
      .map(
        ({ at, name, many, options }): ConsentChoice => ({
          path: at,
          label: showInvisible(name ?? type?.display?.labels[at] ?? wordsOf(namesInPointer(at).at(-1) ?? '')),
          many,
          options: options.map((option) => ({ label: showInvisible(option.name), value: option.value })),
        }),
      ),
  };
  return may.remove || may.shorten.length > 0 || may.choose.length > 0 ? may : undefined;
}

/** RFC 9396 §7.1: an empty member, or none, for the approver to fill. What the client has named stays. */
function isLeftOpen(detail: AuthorizationDetail, pointer: string): boolean {
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  return isJsonObject(valueAt(detail, parent)) && isOpen(valueAt(detail, pointer));
}

export function isOpen(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
