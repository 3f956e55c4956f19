// What the approver would grant as the screen stands; what was asked, until something is changed.
import type { AuthorizationDetail, ConsentView } from 'assent/contract';

export interface Granting {
  /** Undefined where it is all that was asked. */
  granted: AuthorizationDetail[] | undefined;
  /** How many things differ from what was asked. */
  changeCount: number;
  /** Whether something is left to choose before it can be granted. */
  isOpen: boolean;
}

export function asAsked({ sections }: ConsentView): Granting {
  const isOpen = sections.some(({ may }) => may !== undefined && may.choose.length > 0);
  return { granted: undefined, changeCount: 0, isOpen };
}
