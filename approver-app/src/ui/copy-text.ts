// Copies a text and says so in the live region.
import { useCallback } from 'react';
import { sharedTexts } from '../texts/shared.ts';
import { useAnnounce } from './live-region.tsx';

export interface CopyWords {
  done?: string;
  failed?: string;
}

/** The function resolves to whether the text was copied. */
export function useCopy(): (text: string, words?: CopyWords) => Promise<boolean> {
  const announce = useAnnounce();
  return useCallback(
    async (text, { done = sharedTexts.app.copied, failed = sharedTexts.app.copyFailed } = {}) => {
      try {
        // Over plain HTTP there is no clipboard at all; that is a failure like any other.
        await navigator.clipboard.writeText(text);
      } catch {
        announce(failed);
        return false;
      }
      announce(done);
      return true;
    },
    [announce],
  );
}
